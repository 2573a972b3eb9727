"""From a name as it was written to a name in its canonical form."""

from __future__ import annotations

import re
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address

from sitecert.model.names import AlternativeName, NameKind
from sitecert.problems import Rule
from sitecert.problems.codes.names import NOT_A_NAME, WILDCARD
from sitecert.problems.wording import quoted

LONGEST_NAME = 253
LONGEST_LABEL = 63
LDH = re.compile(r"[a-z0-9-]+")
HYPHENS_OF_A_LABELS = slice(2, 4)


@dataclass(frozen=True, slots=True)
class NameFault:
    """Why a text is no name: the rule, a clause that follows the quoted text, and what to do."""

    rule: Rule
    clause: str
    hint: str = ""


MISREADINGS = tuple(
    (re.compile(form), NameFault(rule, clause))
    for form, rule, clause in (
        (r"\A\Z", NOT_A_NAME, "is empty"),
        (r"\A[a-z][a-z0-9+.-]*://", NOT_A_NAME, "is a URL; write the host name alone"),
        (r"\A[0-9a-f.:]*/[0-9]+\Z", NOT_A_NAME, "is a network; write one address, without a prefix length"),
        (r"/", NOT_A_NAME, "has a path; write the host name alone"),
        (r"[][]", NOT_A_NAME, "has brackets; write the address without them"),
        (r"\A[^:]*:[0-9]+\Z", NOT_A_NAME, "has a port; a certificate is for a name, whatever the port"),
        (r"\A[0-9a-f.]*:[0-9a-f:.]*\Z", NOT_A_NAME, "looks like an IPv6 address but is none"),
        (r"@", NOT_A_NAME, "is an e-mail address; write the host name alone"),
        (r"\A\*\.[0-9.]+\Z", WILDCARD, "is a wildcard over an IP address"),
        (r"(?!\A)\*|\A\*(?!\..)", WILDCARD, "has a `*` that is not the whole left-most label of a name"),
        (r"\.\Z", NOT_A_NAME, "ends in a dot; names in certificates do not"),
        (r"\A\.|\.\.", NOT_A_NAME, "has nothing in front of one of its dots"),
        (r"(?:\A|\.)[0-9]+\Z", NOT_A_NAME, "looks like an IPv4 address but is none"),
    )
)
"""What people write in the place of a name; the first that is found in a text is its fault."""


ORDINARY = re.compile(r"(?:[a-z0-9-]+\.)*[a-z][a-z0-9-]*")
"""None of the above has this form, so most names need not be searched for them one by one."""


def parse_name(text: str) -> AlternativeName | NameFault:
    """Return a host name, a wildcard name or an IP address in its canonical form, or why it is none.

    ASCII letters become lower case. Labels in another script become A-labels by IDNA2008 alone,
    without the mapping of UTS 46: that maps one text to another (a full-width letter to an ordinary
    one), and what a reviewer approved would not be what is requested.
    """
    if len(text) > LONGEST_NAME:
        return NameFault(NOT_A_NAME, f"has {len(text)} characters; a name has at most {LONGEST_NAME}")
    name = _lower(text)
    address = _address(name)
    if address is not None:
        return address
    if not ORDINARY.fullmatch(name):
        fault = next((fault for form, fault in MISREADINGS if form.search(name)), None)
        if fault is not None:
            return fault
    return _host_name(name)


def _lower(text: str) -> str:
    """Lower ASCII letters only: `str.lower` turns the Kelvin sign into a `k`."""
    return text.lower() if text.isascii() else "".join(c.lower() if c.isascii() else c for c in text)


def _address(name: str) -> AlternativeName | NameFault | None:
    """Return the IP address that a text is, or None where it is not one."""
    # Only a text that begins or ends like an address is worth the attempt: it costs as much as all the rest.
    if not (":" in name or name[-1:].isdigit()):
        return None
    try:
        address = ip_address(name)
    except ValueError:
        return None
    if isinstance(address, IPv6Address) and address.scope_id is not None:
        return NameFault(NOT_A_NAME, "has a zone, which means something on one machine only")
    if isinstance(address, IPv6Address) and address.ipv4_mapped is not None:
        return NameFault(NOT_A_NAME, "is an IPv4 address in IPv6 form", f"write {address.ipv4_mapped}")
    return AlternativeName(NameKind.IP, str(address))


def _host_name(name: str) -> AlternativeName | NameFault:
    """Return a host name, or a wildcard over one."""
    labels: list[str] = []
    for written in name.removeprefix("*.").split("."):
        label = _label(written)
        if isinstance(label, NameFault):
            return label
        labels.append(label)
    canonical = ("*." if name.startswith("*.") else "") + ".".join(labels)
    if len(canonical) > LONGEST_NAME:
        clause = f"has {len(canonical)} characters in `xn--` form; a name has at most {LONGEST_NAME}"
        return NameFault(NOT_A_NAME, clause)
    return AlternativeName(NameKind.DNS, canonical)


def _label(label: str) -> str | NameFault:
    """Return one label in ASCII (RFC 5890 2.3.1, 2.3.2.1)."""
    if not label.isascii() or label.startswith("xn--"):
        return _a_label(label)
    clause = _label_fault(label)
    return NameFault(NOT_A_NAME, clause) if clause else label


def _label_fault(label: str) -> str | None:
    """Return what is wrong with an ASCII label, as a clause."""
    if len(label) > LONGEST_LABEL:
        return f"has a label of {len(label)} characters; a label has at most {LONGEST_LABEL}"
    if not LDH.fullmatch(label):
        strange = next(character for character in label if not LDH.fullmatch(character))
        return f"has the character {quoted(strange)}; host names are made of letters, digits and hyphens"
    if label.startswith("-") or label.endswith("-"):
        return f"has the label {quoted(label)}, which begins or ends with a hyphen"
    if label[HYPHENS_OF_A_LABELS] == "--":
        return f"has the label {quoted(label)}; two hyphens in third place are kept for `xn--`"
    return None


def _a_label(label: str) -> str | NameFault:
    """Return a label of another script, or one that is an A-label already, as IDNA2008 writes it."""
    import idna  # noqa: PLC0415 - 10 ms of tables that few sites need

    try:
        return idna.alabel(label).decode("ascii")
    except (idna.IDNAError, UnicodeError):
        return NameFault(
            NOT_A_NAME,
            f"has the label {quoted(label)}, which IDNA2008 does not allow",
            "write it in lower case as it is registered, or in its `xn--` form",
        )
