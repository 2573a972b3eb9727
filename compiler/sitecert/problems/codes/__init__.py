"""The rules, one module for each family of codes.

SC0xx files and YAML, SC1xx schema, SC2xx names, SC3xx subject, versions and settings, SC4xx keys,
requests and what stands in `out/`, SC5xx certificates, SC6xx what is served, SC7xx handing over and
converting, SC8xx the repository as a whole: renewal, spreadsheets, what changes in it, leaks, SC9xx the
machine that sitecert runs on.
"""
