"""Labels that may be taken for others."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.policy.scripts import decode_label, is_confusable


@pytest.mark.parametrize(
    ("label", "confusable"),
    [
        ("smartweb", False),
        ("m\u00fcnchen", False),
        ("stra\u00dfe-1", False),
        ("\u0440\u0430\u0443\u0440\u0430\u04cf", True),  # Cyrillic that reads as a Latin word
        ("\u0440\u0430\u0443-1", True),
        ("\u0431\u043e\u043b\u044c\u043d\u0438\u0446\u0430", False),  # a Russian word with letters of its own
        ("p\u0430rk", True),  # a Cyrillic a among Latin letters
        ("park\u03bf", True),  # a Greek o
        ("\u0561\u0440", True),  # Armenian and Cyrillic
        ("\u75c5\u9662", False),  # Chinese
        ("\u75c5\u9662\u306e\u30a6\u30a7\u30d6web", False),  # Japanese with Latin letters
        ("\ubcd1\uc6d0web", False),  # Korean with Latin letters
        ("\u75c5\u0430", True),  # Chinese and Cyrillic
    ],
)
def test_scripts(label: str, confusable: object) -> None:
    """One script, or scripts that one language writes together, and not only look-alikes."""
    assert is_confusable(label) is confusable


@given(st.text(max_size=20))
def test_any_label_can_be_judged(label: str) -> None:
    """No character is too strange to be looked at."""
    assert is_confusable(label) in (True, False)


@given(st.text("abc\u00fc\u0430\u75c5", min_size=1, max_size=10).filter(lambda label: not label.isascii()))
def test_an_a_label_reads_as_it_was_written(label: str) -> None:
    """Decoding turns back what IDNA made."""
    assert decode_label("xn--" + label.encode("punycode").decode()) == label
