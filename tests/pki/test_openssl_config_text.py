"""The text of openssl.cnf: quoting, folding, numbering."""

from __future__ import annotations

import pytest
from hypothesis import given

from pki.contents import CONTENTS, a_content, free_text, names
from pki.openssl import render_config, request_by_openssl
from sitecert.model.request import RequestContent, SubjectAttribute, SubjectField
from sitecert.pki.errors import ConfigurationTextError
from sitecert.pki.openssl_config import config_fields, fold_value, quote_value
from sitecert.pki.requests import read_request

pytestmark = pytest.mark.system("openssl")


@pytest.mark.parametrize(
    ("text", "quoted"),
    [
        ("Minnesota", '"Minnesota"'),
        ("St. Mary's", '"St. Mary\'s"'),
        ('6" wide', r'"6\" wide"'),
        ("C:\\", r'"C:\\"'),
        ("$ENV::HOME # ; , = @", '"$ENV::HOME # ; , = @"'),
    ],
)
def test_only_quotes_and_backslashes_are_escaped(text: str, quoted: str) -> None:
    """Between double quotes nothing else is special."""
    assert quote_value(text) == quoted


@pytest.mark.parametrize("character", ["\0", "\r", "\n"])
def test_what_no_value_can_hold_is_refused(character: str) -> None:
    """A line end would begin another line of the configuration."""
    with pytest.raises(ConfigurationTextError, match="NUL, CR or LF"):
        quote_value(f"a{character}b")


@given(free_text(1000))
def test_folded_lines_are_short_and_never_break_after_a_backslash(text: str) -> None:
    """No line reaches the 510 octets at which old versions stumble; joined again they are the value."""
    quoted = quote_value(text)
    lines = fold_value(quoted).split("\\\n")
    assert "".join(lines) == quoted
    assert all(len(line.encode()) < 480 for line in lines)
    assert not any(line.endswith("\\") for line in lines[:-1])


@pytest.mark.parametrize("pad", range(0, 40, 3))
def test_folded_values_are_read_as_they_are_meant(pad: int) -> None:
    """A value longer than a line comes through openssl whole, wherever the fold falls."""
    text = "a" * pad + "\U0001f3e5" * (128 - 2 * pad) + '\\"' * (pad // 2)
    content = a_content(subject={SubjectField.LOCALITY: text})
    config = render_config(content)
    assert max(len(line.encode()) for line in config.splitlines()) < 500
    assert read_request(request_by_openssl(config)).content == content


@given(CONTENTS)
def test_no_name_stands_twice_in_a_section(content: RequestContent) -> None:
    """Of two openssl would keep the last and say nothing."""
    config = config_fields(content)
    for section in (config.distinguished_name, config.alt_names):
        written = [field.name for field in section]
        assert len(set(written)) == len(written)


def test_names_are_numbered_by_kind_and_repeated_fields_too() -> None:
    """`DNS.1`, `IP.1`; a field that stands once keeps its plain name."""
    units = tuple(SubjectAttribute(SubjectField.ORGANIZATIONAL_UNIT, each) for each in ("Web", "Paging"))
    country = SubjectAttribute(SubjectField.COUNTRY, "US")
    content = RequestContent((country, *units), names("a.example.org", "10.0.0.1", "b.example.org"), 2048)
    config = config_fields(content)
    assert [field.name for field in config.distinguished_name] == ["C", "0.OU", "1.OU"]
    assert [field.name for field in config.alt_names] == ["DNS.1", "IP.1", "DNS.2"]


@given(CONTENTS, CONTENTS)
def test_outside_the_values_every_file_is_the_same(first: RequestContent, second: RequestContent) -> None:
    """No date, no path and no variable stand above the sections that hold values."""
    above = {render_config(each).split("[distinguished_name]")[0] for each in (first, second)}
    assert len(above) == 1
    assert "$" not in above.pop()
