"""What a conversion made is read again before it is written (design, the command line)."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from sitecert.convert.choice import Choice
from sitecert.convert.wish import Target, Wish
from sitecert.pipeline import convert
from sitecert.pki.errors import PkiError
from sitecert.pki.formats import bounds
from support.authority import Authority, pem, rsa_key


def a_choice() -> Choice:
    """Return a leaf, its chain and its key."""
    authority = Authority()
    leaf = authority.issue(rsa_key().public_key(), ["smartweb.example.org"])
    return Choice((leaf, authority.intermediate), rsa_key())


FAULTS: dict[str, Callable[[Choice], Choice]] = {
    "does not hold the certificates": lambda choice: replace(choice, certificates=choice.certificates[:1]),
    "does not hold the key": lambda choice: replace(choice, key=None),
    "does not open to the key": lambda choice: replace(choice, key=rsa_key("other")),
}


@pytest.mark.parametrize(("says", "fault"), FAULTS.items())
def test_what_is_not_what_was_read_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, says: str, fault: Callable[[Choice], Choice]
) -> None:
    """A fault of a writer is found, whatever it is, and leaves nothing."""
    write = convert.write_target
    monkeypatch.setattr(convert, "write_target", lambda choice, *others: write(fault(choice), *others))
    with pytest.raises(PkiError, match=says):
        convert.write_conversion(a_choice(), Wish(Target.PEM), None, tmp_path / "output")
    assert list(tmp_path.iterdir()) == []


def test_a_key_that_the_reader_would_not_open_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its bounds are for files of strangers."""
    monkeypatch.setattr(bounds, "WORK_WITHOUT_PASSWORD", 0)
    choice = a_choice()
    convert.write_conversion(choice, Wish(Target.PEM), None, tmp_path / "output")
    assert (tmp_path / "output").read_bytes().startswith(pem(*choice.certificates))
