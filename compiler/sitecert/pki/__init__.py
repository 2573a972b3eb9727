"""Keys, requests, certificates, chains and OpenSSL configuration text: bytes and values in, values out.

This room knows nothing of YAML, of problems or of `out/`. What is wrong with its input it says in a
`PkiError`; only callers know places.
"""
