"""A site and a target become an ordered tuple of steps: the one source of script, document and page.

Steps are the same text for every site. What differs stands in the runbook's constants, which the script
assigns once, quoted, at its top.
"""
