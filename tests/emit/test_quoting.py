"""Values become one word of shell, or are refused."""

from __future__ import annotations

import subprocess

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.emit.quoting import shell

printable = st.text(st.characters(min_codepoint=0x20, max_codepoint=0x7E), max_size=40)


@given(st.lists(printable, min_size=1, max_size=40))
def test_a_real_shell_reads_back_every_value(values: list[str]) -> None:
    """Whatever is printable ASCII comes back from `sh` as it was, and nothing is run."""
    assignments = "\n".join(f"V={shell(value)}\nprintf '%s\\n' \"$V\"" for value in values)
    found = subprocess.run(["sh", "-c", assignments], capture_output=True, text=True, check=True)
    assert found.stdout.split("\n")[:-1] == values


@given(st.text(min_size=1).filter(lambda text: not (text.isascii() and text.isprintable())))
def test_anything_else_is_refused(value: str) -> None:
    """Line ends, control characters and letters beyond ASCII do not enter a script."""
    with pytest.raises(ValueError, match="not printable ASCII"):
        shell(value)
