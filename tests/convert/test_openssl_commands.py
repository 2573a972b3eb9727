"""`--show-openssl`: the commands are run, and make the same."""

from __future__ import annotations

import re
import subprocess
from pathlib import Path

import pytest

from convert.forms import Forms, age_encrypted, ec_key, held, plain_key, read_by_openssl
from convert.test_conversions import WITH_KEY
from support.commands import sitecert
from support.repository import identity

pytestmark = pytest.mark.system("openssl", "keytool")

OLD_OPTIONS = {
    "pkcs12": "export in inkey name keypbe certpbe macalg passin passout out"
    " nodes nokeys nocerts clcerts cacerts",
    "pkcs8": "topk8 inform outform in out passin passout nocrypt v2",
    "pkcs7": "inform in out print_certs",
    "x509": "inform outform in out",
    "crl2pkcs7": "nocrl certfile outform out",
    "pkey": "inform in out",
}
"""What openssl 1.0.2's manual has for each command, as far as it is used."""

TARGETS = {
    "pem": ("--to", "pem"),
    "der": ("--to", "der", "--leaf-only"),
    "p7b": ("--to", "p7b"),
    "pfx": ("--to", "pfx"),
}
FURTHER = {
    "crt": ("--to", "crt"),
    "p7b:der": ("--to", "p7b", "--encoding", "der"),
    "pfx for old": ("--to", "pfx", "--compat", "windows2016"),
    "pem of the leaf": ("--to", "pem", "--leaf-only"),
    "p7b of the leaf": ("--to", "p7b", "--leaf-only"),
    "pfx of the leaf": ("--to", "pfx", "--leaf-only"),
}
ORDERED = [inputs for inputs in WITH_KEY.values() if inputs[0] not in {"mixed.pem", "issuers.pem"}]
CASES = [(inputs, target) for inputs in ORDERED for target in TARGETS]
CASES += [(inputs, target) for inputs in (("whole.pem",), ("rc2.pfx",)) for target in FURTHER]


def shown(*arguments: object) -> tuple[list[str], list[str]]:
    """Return the commands for the openssl before 3 and for 3; nothing is written."""
    ran = sitecert("convert", "--show-openssl", *arguments)
    assert ran.code == 0, ran.err
    assert "made" not in ran.err
    parts = re.split(r"^# openssl (.*)$", ran.out, flags=re.MULTILINE)
    found = {title: text.strip().splitlines() for title, text in zip(parts[1::2], parts[2::2], strict=True)}
    if "1.0.2 and later" in found:
        return found["1.0.2 and later"], found["1.0.2 and later"]
    return found["1.0.2 and 1.1.1"], found["3"]


def run(lines: list[str], folder: Path) -> None:
    """Run commands as a person pastes them."""
    done = subprocess.run(
        ["sh", "-eu"], input="\n".join(lines), cwd=folder, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, (lines, done.stderr)


@pytest.mark.parametrize(("inputs", "target"), CASES)
def test_the_commands_make_the_same(
    forms: Forms, tmp_path: Path, inputs: tuple[str, ...], target: str
) -> None:
    """The real openssl gives the same certificates in the same order, and the same key."""
    has_key = target.startswith(("pem", "pfx"))
    protecting = forms.protecting if has_key else ()
    output = tmp_path / "output"
    arguments = (
        *map(forms.path, inputs),
        "-o",
        output,
        *{**TARGETS, **FURTHER}[target],
        *protecting,
        *forms.opening,
    )
    old, new = shown(*arguments)
    assert list(tmp_path.iterdir()) == []
    run(new, tmp_path)
    by_openssl = _held(output, target, forms)
    assert list(tmp_path.iterdir()) == [output], "what is made on the way is removed"
    output.unlink()
    assert sitecert("convert", *arguments).code == 0
    assert _held(output, target, forms) == by_openssl
    assert [line.replace(" -legacy", "") for line in new] == old
    assert_old(old)


def _held(output: Path, target: str, forms: Forms) -> object:
    return held(read_by_openssl(output, target.partition(" ")[0], forms.path("passphrase")))


def assert_old(lines: list[str]) -> None:
    """No option is younger than openssl 1.0.2."""
    for line in lines:
        for command in re.findall(r"openssl (.*?)(?: \||$)", line):
            name, *words = command.split()
            options = {word.removeprefix("-") for word in words if re.fullmatch(r"-[a-z0-9_]+", word)}
            assert options <= set(OLD_OPTIONS[name].split()), line


def test_the_key_that_goes_out_is_the_one_that_is_named(forms: Forms, tmp_path: Path) -> None:
    """Where another lies beside it."""
    other = tmp_path / "other.key"
    other.write_bytes(plain_key(ec_key()))
    inputs = (forms.path("chain.pem"), other, forms.path("server.key"))
    lines = shown(*inputs, "-o", tmp_path / "o", "--to", "pfx")[1]
    assert f"-inkey {forms.path('server.key')} " in lines[-1]


def test_only_rc2_needs_legacy(forms: Forms, tmp_path: Path) -> None:
    """And only openssl 3 is told so."""
    for name, needs in (("rc2.pfx", True), ("3des.pfx", False), ("modern.pfx", False)):
        old, new = shown(forms.path(name), "-o", tmp_path / "o", "--to", "crt", *forms.opening)
        assert ("-legacy" in " ".join(new)) == needs
        assert "-legacy" not in " ".join(old)


def test_the_rows_of_the_article_are_recognised(forms: Forms, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the article is right its own command is shown, and where it loses the chain another."""
    monkeypatch.chdir(forms.folder)
    rows = {
        ("leaf.pem", "c.der", "der"): "openssl x509 -outform der -in leaf.pem -out c.der",
        ("leaf.der", "c.pem", "pem"): "openssl x509 -inform der -in leaf.der -out c.pem",
        ("chain.p7b", "c.cer", "pem"): "openssl pkcs7 -print_certs -in chain.p7b -out c.cer",
        (
            "chain.der.p7b",
            "c.cer",
            "pem",
        ): "openssl pkcs7 -inform der -print_certs -in chain.der.p7b -out c.cer",
        ("chain.pem", "c.p7b", "p7b"): "openssl crl2pkcs7 -nocrl -certfile chain.pem -out c.p7b",
        ("chain.pem", "s.crt", "crt"): (
            "openssl crl2pkcs7 -nocrl -certfile chain.pem | openssl pkcs7 -print_certs -out s.crt"
        ),
    }
    for (source, output, target), command in rows.items():
        assert shown(source, "-o", output, "--to", target)[1] == [command]
    assert shown("server.key", "-o", "server.der", "--to", "der", "--insecure")[0] == [
        "umask 077",
        "openssl pkcs8 -topk8 -outform der -in server.key -nocrypt -out server.der",
    ]
    assert shown("modern.pfx", "-o", "c.cer", "--to", "pem", "--insecure", "--password-file", "password")[
        0
    ] == [
        "umask 077",
        "openssl pkcs12 -in modern.pfx -passin file:password -nodes -out c.cer",
    ]


def test_another_order_is_told(forms: Forms, tmp_path: Path) -> None:
    """For openssl keeps the order of the file, and the root."""
    ran = sitecert("convert", forms.path("mixed.pem"), "-o", tmp_path / "o", "--to", "crt", "--show-openssl")
    assert ran.out.startswith(
        "# openssl keeps what it finds, as it stands; sitecert writes, in this order:\n"
        "#   1. CN=smartweb.parknicollet.com (until 2035-12-29)\n"
        "#   2. CN=Park Nicollet issuing example CA (until 2045-12-27)\n"
    )


def test_a_split_is_three_commands(forms: Forms, tmp_path: Path) -> None:
    """What an editor did in the article."""
    by_openssl, own = tmp_path / "by-openssl", tmp_path / "own"
    options = ("--to", "pem", *forms.opening, *forms.protecting)
    run(shown(forms.path("rc2.pfx"), "--split", by_openssl, *options)[1], tmp_path)
    assert sitecert("convert", forms.path("rc2.pfx"), "--split", own, *options).code == 0
    for name in ("certificate.cer", "CACert.cer", "privateKey.key"):
        found = [
            _held(folder / name, "key" if "key" in name else "pem", forms) for folder in (by_openssl, own)
        ]
        assert found[0] == found[1]


def test_paths_are_quoted(forms: Forms, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No name is taken for an option or for more than one word."""
    monkeypatch.chdir(tmp_path)
    given = tmp_path / "-a b'c.pem"
    given.write_bytes(forms.path("chain.pem").read_bytes())
    lines = shown("-o", "o $x.p7b", "--to", "p7b", "--", given.name)[1]
    run(lines, tmp_path)
    assert (tmp_path / "o $x.p7b").exists()


@pytest.mark.system("age")
def test_a_repositorys_key_is_opened_by_age(forms: Forms, tmp_path: Path) -> None:
    """As `-i` names the identity."""
    encrypted, opener = tmp_path / "server.key.age", tmp_path / "identity.txt"
    encrypted.write_bytes(age_encrypted(forms.path("server.key").read_bytes()))
    opener.write_text(f"{identity()}\n")
    output = tmp_path / "server.der"
    options = ("-o", output, "--to", "der", "--insecure", "-i", opener)
    run(shown(encrypted, *options)[1], tmp_path)
    by_openssl = output.read_bytes()
    output.unlink()
    assert sitecert("convert", encrypted, *options).code == 0
    assert output.read_bytes() == by_openssl


def test_what_openssl_cannot_read_gets_no_commands(forms: Forms, tmp_path: Path) -> None:
    """Rather than commands that fail."""
    given = tmp_path / "utf-16.pem"
    given.write_bytes(forms.path("chain.pem").read_text().encode("utf-16"))
    ran = sitecert("convert", given, "-o", tmp_path / "o", "--to", "crt", "--show-openssl")
    assert ran.code == 1
    assert ran.out == ""
    assert "error[SC759]: is read by sitecert, but no command of openssl reads it" in ran.err
    chain = forms.path("chain.pem").read_bytes()
    ran = sitecert("convert", "-", "-o", tmp_path / "o", "--to", "crt", "--show-openssl", piped=chain)
    assert "standard input:1:1: error[SC759]: is standard input; commands name files" in ran.err
    ran = sitecert(
        "convert", forms.path("whole.pem"), "--split", tmp_path / "o", "--to", "pem", "--show-openssl"
    )
    assert "error[SC759]: openssl parts one PFX, and nothing else, into files" in ran.err
