"""The defective returns: how each was made, and what is said of it."""

from __future__ import annotations

from intake.issuer_defects import CHAIN, ISSUER
from intake.key_defects import KEYS, KEYS_AND_REQUESTS
from intake.leaf_defects import NAMES_AND_SUBJECT, USAGE, VALIDITY

DEFECTS = (*KEYS, *NAMES_AND_SUBJECT, *VALIDITY, *USAGE, *CHAIN, *ISSUER, *KEYS_AND_REQUESTS)
