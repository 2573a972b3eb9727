"""The public suffix list."""

from __future__ import annotations

import subprocess
import sys

import pytest

from support.yaml_sites import suffixes


@pytest.mark.parametrize(
    ("name", "suffix"),
    [
        ("smartweb.parknicollet.com", "com"),
        ("a.b.co.uk", "co.uk"),
        ("co.uk", "co.uk"),
        ("pages.github.io", "io"),
        ("a.xn--p1ai", "xn--p1ai"),
        ("spokwb1", None),
        ("spokwb1.local", None),
        ("spokwb1.internal", None),
        ("spokwb1.example", None),
        ("nas.home.arpa", None),
        ("home.arpa", None),
        ("10.in-addr.arpa", "in-addr.arpa"),
    ],
)
def test_suffixes(name: str, suffix: str | None) -> None:
    """Only what registries run counts, not what companies offer; what is in no public DNS has none."""
    assert suffixes().suffix_of(name) == suffix


def test_the_list_is_read_on_first_use() -> None:
    """A repository of internal sites does not pay for it."""
    program = """
import sys
from sitecert.policy.public_suffixes import bundled_suffixes
suffixes = bundled_suffixes()
assert "publicsuffixlist" not in sys.modules
suffixes.suffix_of("a.example.org")
assert "publicsuffixlist" in sys.modules
"""
    subprocess.run([sys.executable, "-c", program], check=True)
