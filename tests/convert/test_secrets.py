"""Passwords, passphrases and the files of keys: asked for, never shown, whole or not there."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.serialization import PrivateFormat

from convert.forms import (
    PASSPHRASE,
    PASSWORD,
    Forms,
    age_encrypted,
    convert,
    held,
    openssl,
    plain_key,
    read_by_openssl,
)
from support.authority import rsa_key
from support.commands import sitecert
from support.repository import environment, identity
from support.terminal import on_terminal

pytestmark = pytest.mark.system("openssl", "keytool")


def typed(text: str) -> bytes:
    """Return a line as a person types it."""
    return f"{text}\n".encode()


def test_a_terminal_is_asked_for_both(forms: Forms, tmp_path: Path) -> None:
    """For the password of what is given, again where it is wrong, and twice for the new passphrase."""
    output = tmp_path / "server.pfx"
    code, said = on_terminal(
        *("convert", forms.path("3des.pfx"), "-o", output, "--to", "pfx"),
        talk=(
            (b"Password of ", typed("not this one")),
            (b"Password of ", typed(PASSWORD)),
            (b"Passphrase of the new file: ", typed(PASSPHRASE)),
            (b"Repeat for confirmation: ", typed(PASSPHRASE)),
        ),
    )
    assert code == 0, said
    assert PASSWORD.encode() not in said
    assert PASSPHRASE.encode() not in said
    assert held(read_by_openssl(output, "pfx", forms.path("passphrase")))[1] == [rsa_key().private_numbers()]


def test_an_unfit_passphrase_is_refused_at_the_terminal(forms: Forms, tmp_path: Path) -> None:
    """As in a file."""
    code, said = on_terminal(
        *("convert", forms.path("server.key"), "-o", tmp_path / "k", "--to", "pem"),
        talk=(
            (b"Passphrase of the new file: ", typed("short")),
            (b"Repeat for confirmation: ", typed("short")),
        ),
    )
    assert code == 1
    assert b"has 5 characters; 20 to 64 are allowed" in said
    assert list(tmp_path.iterdir()) == []


def test_an_interrupt_leaves_nothing(forms: Forms, tmp_path: Path) -> None:
    """Ctrl-C where the passphrase is asked for."""
    code, said = on_terminal(
        *("convert", forms.path("server.key"), "-o", tmp_path / "k", "--to", "pem"),
        talk=((b"Passphrase of the new file: ", b"\x03"),),
    )
    assert code == 1
    assert b"interrupted" in said
    assert list(tmp_path.iterdir()) == []


def test_nobody_is_asked_for_what_is_not_needed(forms: Forms, tmp_path: Path) -> None:
    """A key under a password stays behind unopened where the form holds none."""
    inputs = (forms.path("chain.pem"), forms.path("locked.key"))
    code, said = on_terminal("convert", *inputs, "-o", tmp_path / "server.crt", "--to", "crt")
    assert code == 0, said
    assert b"Password of" not in said


def test_a_repositorys_key_goes_to_ords(tmp_path: Path) -> None:
    """From `server.key.age` to `server.der` by its identity; the file is its owner's alone."""
    encrypted, opener, output = (tmp_path / name for name in ("server.key.age", "id", "server.der"))
    encrypted.write_bytes(age_encrypted(plain_key(rsa_key(), PrivateFormat.PKCS8)))
    opener.write_text(f"# of the operators\n{identity()}\n")
    convert(encrypted, "-o", output, "--to", "der", "--insecure", "-i", opener)
    assert held(openssl("pkey", "-inform", "der", "-in", output))[1] == [rsa_key().private_numbers()]
    assert stat.S_IMODE(output.stat().st_mode) == 0o600


@pytest.mark.system("strace")
@pytest.mark.parametrize(
    ("option", "fault"),
    [
        *(("-o", fault) for fault in ("fsync:when=1", "rename:when=1", "fsync:when=2")),
        *(("--split", fault) for fault in ("mkdir:when=1", "fsync:when=3", "rename:when=1", "fsync:when=5")),
    ],
)
def test_a_full_disk_leaves_nothing(forms: Forms, tmp_path: Path, option: str, fault: str) -> None:
    """At each call that may find no room the key is gone from the disk, and the problem is told in a line."""
    target = tmp_path / "target"
    call, _, when = fault.partition(":")
    strace = ["strace", "-f", "-qq", "-o", os.devnull, "-e", f"trace={call}"]
    strace += ["-e", f"inject={call}:error=ENOSPC:{when}"]
    command = ["convert", forms.path("whole.pem"), option, target, "--to", "pem", "--insecure"]
    done = subprocess.run(
        [*strace, sys.executable, "-B", "-m", "sitecert", *map(str, command)],
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode, done.stdout) == (1, "")
    assert done.stderr == f"error: {target}: no space left on device\n"
    assert list(tmp_path.iterdir()) == []


def test_a_folder_that_is_not_there_is_named(forms: Forms, tmp_path: Path) -> None:
    """It is not made: a mistyped path would hold a key."""
    output = tmp_path / "typo" / "server.pfx"
    ran = sitecert("convert", forms.path("whole.pem"), "-o", output, "--to", "pfx", *forms.protecting)
    assert ran.code == 1
    assert ran.err == f"error: {output}: no such file or directory\n"
    assert list(tmp_path.iterdir()) == []
