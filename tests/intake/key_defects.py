"""Defective returns: the certificate's key, private keys that came along, requests."""

from __future__ import annotations

from dataclasses import replace

from cryptography.hazmat.primitives.asymmetric import ec

from intake.questions import (
    DAY,
    Defect,
    a_request,
    a_request_of,
    came,
    custody,
    customers,
    in_history,
    internal,
    key_found,
    leaf,
    older,
    other_site,
    servers,
    weak_key,
)
from sitecert.model.site import Custody
from sitecert.model.verdict import Field
from support.returned import (
    LEAF,
    NAMES,
    issuing,
    mint,
)

KEYS = (
    Defect("no key of ours", lambda: leaf(key="stranger"), "SC503", Field.KEY, "not that of generation 1's"),
    Defect("an older generation's key", leaf, "SC540", Field.KEY, "of generation 1", older),
    Defect(
        "a key that git alone has",
        lambda: leaf(key="stranger"),
        "SC540",
        Field.KEY,
        "generation 1 (in git's commit 0123456789ab)",
        in_history,
    ),
    Defect(
        "another site's key",
        lambda: leaf(key="stranger"),
        "SC541",
        Field.KEY,
        "spok-test-71, generation 3",
        other_site,
    ),
    Defect(
        "the old certificate",
        lambda: leaf(length=100 * DAY),
        "SC542",
        Field.KEY,
        "the certificate of generation 1 again",
        older,
    ),
    Defect(
        "an elliptic key",
        lambda: leaf(public_key=ec.derive_private_key(2**200 + 1, ec.SECP256R1()).public_key()),
        "SC543",
        Field.KEY,
        "its key is EC secp256r1; RSA is needed",
        customers,
    ),
    Defect("a short key", lambda: leaf(bits=1024), "SC544", Field.KEY, "has 1024 bits", customers),
    Defect("a key of 2047 bits", lambda: leaf(bits=2047), "SC544", Field.KEY, "a multiple of 8", customers),
    Defect(
        "a key whose primes are neighbours",
        lambda: leaf(public_key=weak_key()),
        "SC544",
        Field.KEY,
        "Fermat",
        customers,
    ),
    Defect(
        "the customer's old key",
        leaf,
        "SC545",
        Field.KEY,
        "generation 1",
        lambda: internal(site=custody(Custody.CUSTOMER, 2), generations=(a_request(),)),
    ),
)
KEYS_AND_REQUESTS = (
    Defect(
        "a private key beside it",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf"),)),
        "SC510",
        Field.PRIVATE_KEY,
        "holds a private key, which is not kept",
    ),
    Defect(
        "a private key under a password beside it",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf", protected=True),)),
        "SC510",
        Field.PRIVATE_KEY,
        "holds a private key under a password",
    ),
    Defect(
        "the customer's key is missing",
        leaf,
        "SC514",
        Field.PRIVATE_KEY,
        "no private key",
        customers,
    ),
    Defect(
        "the customer's key in the clear",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf"),)),
        "SC515",
        Field.PRIVATE_KEY,
        "in the clear",
        customers,
    ),
    Defect(
        "another private key",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("stranger", protected=True),)),
        "SC558",
        Field.PRIVATE_KEY,
        "is not the certificate's",
        customers,
    ),
    Defect(
        "a private key that stays locked",
        lambda: came(mint(LEAF), issuing(), keys=(key_found("leaf", protected=True, is_opened=False),)),
        "SC527",
        Field.PRIVATE_KEY,
        "a password that was not given",
        customers,
    ),
    Defect(
        "a private key alone",
        lambda: came(keys=(key_found("leaf"),)),
        "SC501",
        Field.CERTIFICATE,
        "a private key alone",
        customers,
    ),
    Defect("a request from outside", a_request_of, "SC518", Field.REQUEST, "none comes from outside"),
    Defect("two requests", lambda: a_request_of(count=2), "SC518", Field.REQUEST, "2 requests", servers),
    Defect(
        "a request for other names",
        lambda: a_request_of(NAMES[:1]),
        "SC512",
        Field.REQUEST,
        "alt_names: the request says smartweb.parknicollet.com, not",
        servers,
    ),
    Defect(
        "a late request",
        lambda: a_request_of(label="second"),
        "SC518",
        Field.REQUEST,
        "is sealed with another request",
        lambda: internal(site=custody(Custody.SERVER), generations=(replace(a_request(), sealed=True),)),
    ),
)
