"""Rules for the names of a certificate."""

from __future__ import annotations

from collections.abc import Iterator
from ipaddress import ip_address

from sitecert.model.names import AlternativeName, NameKind, WrittenName
from sitecert.policy.case import Case, Check
from sitecert.policy.scripts import decode_label, is_confusable
from sitecert.problems import Problem
from sitecert.problems.codes.names import (
    CONFUSABLE,
    INTERNAL_NAME,
    LONG_COMMON_NAME,
    OMITTED,
    OTHER_SCRIPT,
    PUBLIC_SUFFIX,
    RESERVED_ADDRESS,
    REVERSE_ZONE,
    SERVER_AS_COMMON_NAME,
    SHORT_NAME,
    WILDCARD,
    WRITTEN_TWICE,
)
from sitecert.problems.wording import quoted

LONGEST_COMMON_NAME = 64
REVERSE_ZONES = (".in-addr.arpa", ".ip6.arpa")


def _dns_names(case: Case) -> Iterator[WrittenName]:
    """Yield the written DNS names where a public CA is to sign."""
    if case.is_public:
        yield from (each for each in case.site.written_names if each.name.kind is NameKind.DNS)


def _base(name: AlternativeName) -> str:
    """Return a name without the wildcard in front of it."""
    return name.value.removeprefix("*.")


def check_short(case: Case) -> Iterator[Problem]:
    """Refuse names of a single label: a public CA issues for none."""
    for each in _dns_names(case):
        if each.name.is_short:
            clause = f"{quoted(each.text)} is a short name; public CAs issue only for fully qualified names"
            yield case.at(SHORT_NAME, each.pointer, clause)


def check_internal(case: Case) -> Iterator[Problem]:
    """Refuse names outside the public DNS: a public CA issues for none."""
    for each in _dns_names(case):
        if not each.name.is_short and case.suffixes.suffix_of(_base(each.name)) is None:
            clause = (
                f"{quoted(each.text)} is an internal name; public CAs issue only for names in the public DNS"
            )
            yield case.at(INTERNAL_NAME, each.pointer, clause)


def check_reverse_zone(case: Case) -> Iterator[Problem]:
    """Refuse names that stand for an address: a public CA issues for none."""
    for each in _dns_names(case):
        if f".{_base(each.name)}".endswith(REVERSE_ZONES):
            clause = f"{quoted(each.text)} is in a reverse zone; public CAs issue for none of its names"
            yield case.at(REVERSE_ZONE, each.pointer, clause)


def check_suffix(case: Case) -> Iterator[Problem]:
    """Refuse public suffixes, with a wildcard or without: they belong to everybody under them."""
    for each in _dns_names(case):
        base = _base(each.name)
        if "." not in base and not each.name.is_wildcard:
            continue
        if f".{base}".endswith(REVERSE_ZONES) or case.suffixes.suffix_of(base) != base:
            continue
        if each.name.is_wildcard:
            clause = f"{quoted(each.text)} is a wildcard over the public suffix {base}"
            yield case.at(WILDCARD, each.pointer, clause)
        else:
            clause = f"{quoted(each.text)} is a public suffix; a name has a label of its own in front of it"
            yield case.at(PUBLIC_SUFFIX, each.pointer, clause)


def check_address(case: Case) -> Iterator[Problem]:
    """Refuse addresses that are not one machine's on the Internet: a public CA issues for none."""
    if not case.is_public:
        return
    for each in case.site.written_names:
        if each.name.kind is NameKind.IP and not _is_global(each.name.value):
            clause = f"{quoted(each.text)} is a private or reserved IP address; public CAs issue for none"
            yield case.at(RESERVED_ADDRESS, each.pointer, clause)


def _is_global(text: str) -> bool:
    address = ip_address(text)
    return address.is_global and not address.is_multicast and not getattr(address, "is_site_local", False)


def check_scripts(case: Case) -> Iterator[Problem]:
    """Show the `xn--` form of names in another script; warn of those that look like another name."""
    for each in case.site.written_names:
        if "xn--" not in each.name.value:
            continue
        labels = [decode_label(label) for label in each.name.value.split(".")]
        readable = ".".join(labels)
        if not each.text.isascii():
            yield case.at(
                OTHER_SCRIPT, each.pointer, f"{quoted(each.text)} is requested as {each.name.value}"
            )
        for label in labels:
            if is_confusable(label):
                clause = (
                    f"{quoted(readable)} ({each.name.value}) may be taken for another name: {quoted(label)}"
                )
                yield case.at(CONFUSABLE, each.pointer, clause)


def check_twice(case: Case) -> Iterator[Problem]:
    """Warn of a name that is written twice: probably another one was meant."""
    first: dict[AlternativeName, WrittenName] = {}
    for each in case.site.written_names:
        if each.name in first:
            clause = f"{quoted(each.text)} is there already, as {quoted(first[each.name].text)}"
            yield case.at(WRITTEN_TWICE, each.pointer, clause)
        first.setdefault(each.name, each)


def check_common_name_length(case: Case) -> Iterator[Problem]:
    """Refuse a common name that the subject's CN cannot hold."""
    length = len(case.site.common_name.value)
    if length > LONGEST_COMMON_NAME:
        clause = f"has {length} characters; a common name has at most {LONGEST_COMMON_NAME}"
        yield case.at(LONG_COMMON_NAME, "/common_name", clause)


def check_server_as_common_name(case: Case) -> Iterator[Problem]:
    """Say where the common name is a server's own name: ideally it is not (kb39324 step 4)."""
    site = case.site
    if "/servers" in site.places and site.common_name.value in {server.name for server in site.servers}:
        clause = f"{quoted(site.common_name.value)} is a server's own name; ideally it is the service's"
        yield case.at(SERVER_AS_COMMON_NAME, "/common_name", clause)


def check_omitted(case: Case) -> Iterator[Problem]:
    """Say which of the servers' names were left out of the request."""
    if case.site.omitted_names:
        names = ", ".join(omitted.name for omitted in case.site.omitted_names)
        clause = f"a public CA refuses short and internal names; left out of the request: {names}"
        yield case.at(OMITTED, "/servers", clause)


NAME_CHECKS: tuple[Check, ...] = (
    check_short,
    check_internal,
    check_reverse_zone,
    check_suffix,
    check_address,
    check_scripts,
    check_twice,
    check_common_name_length,
    check_server_as_common_name,
    check_omitted,
)
