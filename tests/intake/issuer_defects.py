"""Defective returns: who issued the certificate, and the chain to a root that is known."""

from __future__ import annotations

from dataclasses import replace

from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from intake.questions import (
    DAY,
    Defect,
    a_request,
    anchors,
    came,
    chain,
    filed,
    internal,
    leaf,
    older,
    own_signed,
    public,
    public_leaf,
    sha1_issuer,
    with_certificate,
)
from sitecert.model.site import IssuerKind
from sitecert.model.verdict import Field
from sitecert.pki.anchors import Anchors
from support.authority import AUTHORITY_USAGE
from support.returned import (
    ISSUED,
    LEAF,
    NAMES,
    ORGANIZATION,
    PUBLIC,
    PUBLIC_EXTENSIONS,
    another_usage,
    ca,
    issuing,
    mint,
    name,
    root,
    unknown,
)

UNCONSTRAINED = ca("sub", "issuing")
"""A CA below one that allows none."""

CHAIN = (
    Defect("no issuer", chain, "SC506", Field.CHAIN, "issuing example CA"),
    Defect("a stranger", lambda: chain(issuing(), ca("stranger")), "SC507", Field.CHAIN, "stranger"),
    Defect("the root too", lambda: chain(issuing(), root()), "SC508", Field.CHAIN, "root example CA"),
    Defect(
        "another key under the issuer's name",
        lambda: chain(ca("issuing", key="renewed")),
        "SC567",
        Field.CHAIN,
        "bears the name of its issuer",
    ),
    Defect(
        "an issuer that has expired",
        lambda: chain(ca("issuing", length=400 * DAY)),
        "SC583",
        Field.CHAIN,
        "expired on 2026-02-05",
    ),
    Defect(
        "an issuer that is not valid yet",
        lambda: chain(ca("issuing", first=ISSUED + 30 * DAY)),
        "SC584",
        Field.CHAIN,
        "is valid from 2026-07-01 on",
    ),
    Defect(
        "an issuer that ends first",
        lambda: chain(ca("issuing", length=600 * DAY)),
        "SC585",
        Field.CHAIN,
        "before the certificate",
    ),
    Defect(
        "an issuer that is no CA",
        lambda: chain(ca("issuing", constraints=x509.BasicConstraints(ca=False, path_length=None))),
        "SC586",
        Field.CHAIN,
        "is no CA",
    ),
    Defect(
        "an issuer that may not sign",
        lambda: chain(ca("issuing", usage=another_usage(AUTHORITY_USAGE, key_cert_sign=False))),
        "SC587",
        Field.CHAIN,
        "without keyCertSign",
    ),
    Defect(
        "a CA below one that allows none",
        lambda: chain(
            UNCONSTRAINED,
            ca("issuing", constraints=x509.BasicConstraints(ca=True, path_length=0)),
            issuer="sub",
        ),
        "SC588",
        Field.CHAIN,
        "allows fewer CAs below it",
    ),
    Defect(
        "an issuer for another domain",
        lambda: chain(
            ca(
                "issuing",
                further=((x509.NameConstraints([x509.DNSName("example.org")], None), True),),
            )
        ),
        "SC589",
        Field.CHAIN,
        "forbid its names",
    ),
    Defect(
        "an issuer for mail",
        lambda: chain(ca("issuing", purposes=(ExtendedKeyUsageOID.EMAIL_PROTECTION,))),
        "SC590",
        Field.CHAIN,
        "is for emailProtection, not for serverAuth",
    ),
    Defect(
        "a cross-signed root",
        lambda: chain(issuing(), ca("root", "old root")),
        "SC591",
        Field.CHAIN,
        "root example CA",
    ),
    Defect(
        "an expired cross certificate, as AddTrust's",
        lambda: chain(issuing(), ca("root", "old root", length=400 * DAY), root("old root")),
        "SC592",
        Field.CHAIN,
        "the expired certificate",
    ),
    Defect(
        "an issuer signed with SHA-1",
        lambda: chain(sha1_issuer()),
        "SC582",
        Field.CHAIN,
        "is signed with sha1WithRSAEncryption",
    ),
    Defect(
        "two servers",
        lambda: chain(issuing(), mint(LEAF.but(key="b", subject=name(CN="b.example.org")))),
        "SC502",
        Field.CERTIFICATE,
        "CN=b.example.org",
    ),
    Defect(
        "nothing but CAs", lambda: came(issuing(), root()), "SC502", Field.CERTIFICATE, "only those of CAs"
    ),
    Defect(
        "a second certificate",
        leaf,
        "SC509",
        Field.CERTIFICATE,
        "another certificate",
        with_certificate,
    ),
    Defect(
        "before there is a request",
        leaf,
        "SC511",
        Field.CERTIFICATE,
        "has no request yet",
        lambda: internal(generations=()),
    ),
)
ISSUER = (
    Defect(
        "a root of `trust` for a public site",
        public_leaf,
        "SC560",
        Field.ANCHOR,
        "of `trust`, which is no public root",
        lambda: public(public=anchors("other"), internal=anchors("root")),
    ),
    Defect(
        "somebody's root for a public site",
        lambda: came(mint(PUBLIC), issuing(), root()),
        "SC560",
        Field.ANCHOR,
        "is not a public root",
        lambda: public(public=anchors("other")),
    ),
    Defect(
        "a public CA for an internal site",
        leaf,
        "SC561",
        Field.ISSUER,
        "is a public CA",
        lambda: internal(internal=anchors("other"), public=anchors("root")),
    ),
    Defect(
        "self-signed",
        lambda: came(own_signed()),
        "SC562",
        Field.ISSUER,
        "signed with its own key",
    ),
    Defect(
        "the interim certificate",
        lambda: came(own_signed()),
        "SC559",
        Field.ISSUER,
        "the interim certificate that `self-sign` made",
        lambda: internal(generations=(replace(a_request(), interim_pem=filed(own_signed()).leaf_pem),)),
    ),
    Defect(
        "a CA's where a self-signed one was asked for",
        leaf,
        "SC563",
        Field.ISSUER,
        "it is not self-signed",
        lambda: internal(site={"issuer": IssuerKind.SELF_SIGNED}),
    ),
    Defect(
        "a root that is not listed",
        lambda: chain(issuing(), root()),
        "SC564",
        Field.ANCHOR,
        "root example CA",
        lambda: internal(internal=anchors("other")),
    ),
    Defect(
        "no root is listed",
        leaf,
        "SC565",
        Field.ANCHOR,
        "`trust` names none",
        lambda: internal(internal=Anchors()),
    ),
    Defect(
        "another CA than before",
        lambda: chain(ca("new issuing"), issuer="new issuing", key="second"),
        "SC566",
        Field.ISSUER,
        "generation 1 is from",
        older,
    ),
    Defect(
        "no timestamps",
        lambda: came(mint(PUBLIC.but(further=PUBLIC_EXTENSIONS[:3])), issuing()),
        "SC593",
        Field.TRANSPARENCY,
        "no signed certificate timestamps",
        public,
    ),
    Defect(
        "an organizational unit in a public certificate",
        lambda: public_leaf(subject=name(C="US", ST="Minnesota", O=ORGANIZATION, OU="Telecom", CN=NAMES[0])),
        "SC594",
        Field.VALIDATION,
        "organizational_unit_name",
        public,
    ),
    Defect(
        "an unrecognised extension in a public certificate",
        lambda: public_leaf(further=(*PUBLIC_EXTENSIONS, unknown("1.3.6.1.4.1.99999.1", critical=False))),
        "SC595",
        Field.VALIDATION,
        "pkilint finds",
        public,
    ),
)
