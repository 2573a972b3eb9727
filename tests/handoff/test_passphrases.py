"""The passphrase of a pack: given in a file, or made and shown once."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from support.packs import SERVER, Bench, opened
from support.terminal import on_terminal

SECRET = "Zq7-hush9"  # noqa: S105 - of a file that nobody reads

pytestmark = pytest.mark.system("openssl")


@pytest.mark.parametrize(
    "content",
    [
        b"a passphrase of twenty!",
        b"a passphrase of twenty!\n",
        b"a passphrase of twenty!\nand notes below it\n",
    ],
)
def test_the_first_line_is_the_passphrase(bench: Bench, content: bytes) -> None:
    """As `openssl -passin stdin` reads the same file on the server."""
    path = bench.folder / "file"
    path.write_bytes(content)
    assert bench.handoff("-i", bench.identity, "--passphrase-file", path).code == 0
    opened(bench.pack / "server.key", content.decode().splitlines()[0], "pkey")


def test_the_passphrase_may_be_piped_in(bench: Bench) -> None:
    """From a password store, say, so that it lies in no file."""
    ran = bench.handoff("-i", bench.identity, "--passphrase-file", "-", piped=b"out of a password store\n")
    assert ran.code == 0, ran.err
    opened(bench.pack / "server.key", "out of a password store", "pkey")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("", "is empty"),
        (f"\n{SECRET}{SECRET}\n", "is empty"),
        (f"{SECRET}{'a' * 10}", "has 19 characters; 20 to 64 are allowed"),
        (f"{SECRET}{'a' * 56}", "has 65 characters; 20 to 64 are allowed"),
        (f"{SECRET} from Windows\r\n", "ends as in Windows"),
        (f"{SECRET} größer als alles", "holds a character that is not printable ASCII"),
        (f"{SECRET}\tafter a tab", "holds a character that is not printable ASCII"),
        (f"{SECRET} before a space \n", "begins or ends with a space"),
    ],
)
def test_an_unfit_passphrase_is_refused(bench: Bench, content: str, says: str) -> None:
    """With what is wrong, and without any of it."""
    path = bench.folder / "file"
    path.write_bytes(content.encode())
    ran = bench.handoff("-i", bench.identity, "--passphrase-file", path)
    assert ran.code == 1
    assert f"{path}:1:1: error[SC706]: its first line {says}" in ran.err
    assert SECRET not in ran.err
    assert not bench.pack.exists()


def hand_over_at_a_terminal(bench: Bench, output: Path, *arguments: object) -> str:
    """Hand over at a terminal and return what it shows; the passphrase is in its own line."""
    root, identity = bench.repository.root, bench.identity
    command = ("-C", root, "handoff", "park-nicollet", "-o", output, "-i", identity, *arguments)
    code, shown = on_terminal(*command)
    assert code == 0, shown
    return shown.decode().replace("\r\n", "\n")


@pytest.mark.parametrize("quiet", [(), ("-qq",)])
def test_a_new_passphrase_is_shown_once(bench: Bench, quiet: tuple[str, ...]) -> None:
    """In six groups to be read aloud, however quiet the command is to be; it opens the key."""
    shown = hand_over_at_a_terminal(bench, bench.pack, "--server", SERVER, *quiet)
    found = re.findall(r"^    ((?:[a-z0-9]{5}-){5}[a-z0-9]{5})$", shown, re.MULTILINE)
    assert len(found) == 1
    key = opened(bench.pack / "server.key", found[0], "pkey")
    assert key.private_numbers() == bench.key.private_numbers()
    assert ("sh install.sh check" in shown) == (not quiet)
    assert shown.count(found[0]) == 1


def test_no_two_packs_have_the_same_passphrase(bench: Bench) -> None:
    """It is made anew each time."""
    shown = [
        hand_over_at_a_terminal(bench, bench.folder / name, "--server", SERVER) for name in ("one", "two")
    ]
    first, second = (re.findall(r"^    ([a-z0-9-]{35})$", each, re.MULTILINE) for each in shown)
    assert first != second


def test_a_given_passphrase_is_not_shown(bench: Bench) -> None:
    """Who gave it knows it."""
    shown = hand_over_at_a_terminal(bench, bench.pack, "--server", SERVER, *bench.protected)
    assert "shown this once" not in shown
    assert bench.passphrase.read_text().strip() not in shown
