"""From text to names: what is accepted, how it is written, and why the rest is refused."""

from __future__ import annotations

from ipaddress import ip_address

import idna
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.model.names import AlternativeName, NameKind
from sitecert.resolve.names import NameFault, parse_name

LETTERS = "abcdefghijklmnopqrstuvwxyz"
LABEL = st.from_regex(r"[A-Za-z0-9]([A-Za-z0-9]{0,20}|[A-Za-z0-9-]{0,20}[A-Za-z0-9])", fullmatch=True).filter(
    lambda label: label[2:4] != "--"
)
HOST_NAME = st.builds(
    lambda labels, last: ".".join([*labels, last]),
    st.lists(LABEL, max_size=6),
    st.text(LETTERS, min_size=1, max_size=20),
)


@pytest.mark.parametrize(
    ("text", "canonical"),
    [
        ("smartweb.parknicollet.com", "DNS:smartweb.parknicollet.com"),
        ("SmartWeb.ParkNicollet.COM", "DNS:smartweb.parknicollet.com"),
        ("spokwb1", "DNS:spokwb1"),
        ("3com.example.org", "DNS:3com.example.org"),
        ("a--b.example.org", "DNS:a--b.example.org"),
        ("*.hospital.example.org", "DNS:*.hospital.example.org"),
        ("m\u00fcnchen.example", "DNS:xn--mnchen-3ya.example"),
        ("XN--MNCHEN-3YA.example", "DNS:xn--mnchen-3ya.example"),
        ("stra\u00dfe.example", "DNS:xn--strae-oqa.example"),
        ("*.m\u00fcnchen.example", "DNS:*.xn--mnchen-3ya.example"),
        ("192.0.2.10", "IP:192.0.2.10"),
        ("2001:DB8:0:0::1", "IP:2001:db8::1"),
        ("a" * 63 + ".example.org", "DNS:" + "a" * 63 + ".example.org"),
        (".".join(["a" * 49] * 5) + ".org", "DNS:" + ".".join(["a" * 49] * 5) + ".org"),
    ],
)
def test_names_have_one_form(text: str, canonical: str) -> None:
    """A name in any case and script becomes its canonical form."""
    assert str(parse_name(text)) == canonical


@pytest.mark.parametrize(
    ("text", "code", "clause"),
    [
        ("", "SC201", "is empty"),
        ("a" * 254, "SC201", "has 254 characters; a name has at most 253"),
        ("a" * 64 + ".example.org", "SC201", "has a label of 64 characters; a label has at most 63"),
        (".".join(["\u00fc" * 20] * 12), "SC201", "characters in `xn--` form"),
        ("https://smartweb.example.org/", "SC201", "is a URL; write the host name alone"),
        ("smartweb.example.org/login", "SC201", "has a path; write the host name alone"),
        ("smartweb.example.org:443", "SC201", "has a port"),
        ("root@example.org", "SC201", "is an e-mail address"),
        ("smart_web.example.org", "SC201", 'has the character "_"'),
        ("smart web.example.org", "SC201", 'has the character " "'),
        ("example.org,DNS:evil.example", "SC201", 'has the character ","'),
        ("example.org,evil.example", "SC201", 'has the character ","'),
        ("$(id).example.org", "SC201", 'has the character "$"'),
        ("..", "SC201", "ends in a dot"),
        ("smartweb.example.org.", "SC201", "ends in a dot"),
        ("smartweb..example.org", "SC201", "has nothing in front of one of its dots"),
        (".example.org", "SC201", "has nothing in front of one of its dots"),
        ("../example.org", "SC201", "has a path"),
        ("-web.example.org", "SC201", "begins or ends with a hyphen"),
        ("web-.example.org", "SC201", "begins or ends with a hyphen"),
        ("ab--c.example.org", "SC201", "two hyphens in third place"),
        ("xn--a.example.org", "SC201", "which IDNA2008 does not allow"),
        ("xn--.example.org", "SC201", "which IDNA2008 does not allow"),
        ("M\u00dcNCHEN.example", "SC201", "which IDNA2008 does not allow"),
        ("\uff45xample.org", "SC201", "which IDNA2008 does not allow"),
        ("\u212aaiser.example", "SC201", "which IDNA2008 does not allow"),
        ("a\u3002example.org", "SC201", "which IDNA2008 does not allow"),
        ("a\nb.example.org", "SC201", 'has the character "\\n"'),
        ("example.org\n", "SC201", 'has the character "\\n"'),
        ("10.1.2", "SC201", "looks like an IPv4 address but is none"),
        ("10.1.2.300", "SC201", "looks like an IPv4 address but is none"),
        ("010.1.2.3", "SC201", "looks like an IPv4 address but is none"),
        ("2001:db8:1:", "SC201", "looks like an IPv6 address but is none"),
        ("10.1.2.0/24", "SC201", "is a network"),
        ("[2001:db8::1]", "SC201", "has brackets"),
        ("2001:db8::1::", "SC201", "looks like an IPv6 address but is none"),
        ("fe80::1%eth0", "SC201", "has a zone"),
        ("::ffff:192.0.2.1", "SC201", "is an IPv4 address in IPv6 form"),
        ("*", "SC202", "has a `*` that is not the whole left-most label"),
        ("*.", "SC202", "has a `*` that is not the whole left-most label"),
        ("*web.example.org", "SC202", "has a `*` that is not the whole left-most label"),
        ("web.*.example.org", "SC202", "has a `*` that is not the whole left-most label"),
        ("*.*.example.org", "SC202", "has a `*` that is not the whole left-most label"),
        ("*.192.0.2.1", "SC202", "is a wildcard over an IP address"),
    ],
)
def test_what_is_no_name_says_why(text: str, code: str, clause: str) -> None:
    """Each thing that people write in the place of a name has its own clause."""
    fault = parse_name(text)
    assert isinstance(fault, NameFault)
    assert fault.rule.code == code
    assert clause in fault.clause


@given(HOST_NAME)
def test_every_host_name_is_accepted(text: str) -> None:
    """Any name of ordinary labels is one, in lower case, and stays what it is."""
    name = parse_name(text)
    assert name == AlternativeName(NameKind.DNS, text.lower())
    assert parse_name(name.value) == name


@given(st.ip_addresses())
def test_every_address_is_accepted(address: object) -> None:
    """Any address is one, in the form that `ipaddress` writes, unless it hides an IPv4 address."""
    name = parse_name(str(address))
    if isinstance(name, AlternativeName):
        assert name == AlternativeName(NameKind.IP, str(ip_address(str(address))))
    else:
        assert "IPv4 address in IPv6 form" in name.clause


@given(st.text(max_size=300) | st.text("ab1-.*:/[]@%_ \u00fc\u0430", max_size=40))
def test_junk_is_refused_or_canonical(text: str) -> None:
    """Nothing raises, and what is accepted is accepted again and means the same."""
    name = parse_name(text)
    if isinstance(name, NameFault):
        assert name.clause.isprintable()
        return
    assert parse_name(name.value) == name
    assert name.value.isascii()
    assert len(name.value) <= 253


@given(st.text("abc\u00e4\u00f6\u00fc\u00df\u0430\u0431\u03b1\u03b2\u4e2d", min_size=1, max_size=12))
def test_labels_agree_with_idna(label: str) -> None:
    """A label in another script is what the idna package makes of it, and reads back as it was."""
    try:
        expected = idna.encode(label, strict=True, uts46=False).decode()
    except idna.IDNAError:
        assert isinstance(parse_name(label), NameFault)
        return
    name = parse_name(label)
    assert isinstance(name, AlternativeName)
    assert name.value == expected
    assert idna.decode(name.value) == label
