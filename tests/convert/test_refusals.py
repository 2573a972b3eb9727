"""What is not converted, and what is said: word for word."""

from __future__ import annotations

from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import dsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat

from convert.forms import Forms, age_encrypted, authority, ec_key, ec_leaf, leaf, openssl, plain_key
from support.authority import Authority, pem, rsa_key
from support.commands import sitecert

pytestmark = pytest.mark.system("openssl", "keytool")

CONTRADICTIONS = {
    "-o o --split d --to pem": "-o and --split: the result is one file or a folder, not both",
    "--to pem": "-o OUT is missing: the file to make",
    "-o - --to pem": "-o: name a file; a result is not written to standard output",
    "--split d --to pfx": "--split and --to pfx: the parts are PEM",
    "--split d --to pem --leaf-only": "--split and --leaf-only: the parts hold the chain too",
    "-o o --to crt --leaf-only --with-root": (
        "--leaf-only and --with-root: one leaves out what the other keeps"
    ),
    "-o o --to crt --alias web": "--alias and --to crt: only a PFX has one",
    "-o o --to p7b --compat modern": "--compat and --to p7b: it says how a PFX is encrypted",
    "-o o --to pem --encoding der": "--encoding and --to pem: only a P7B is one or the other",
    "-o o --to pem --insecure --passphrase-file passphrase": (
        "--insecure and --passphrase-file: a key is in the clear or under a passphrase"
    ),
    "-o o --to pfx --insecure": "--insecure and --to pfx: a PFX is always under a passphrase",
    "-o o --to crt --insecure": "--insecure and --to crt: it holds no private key",
    "-o o --to p7b --passphrase-file passphrase": "--passphrase-file and --to p7b: it holds no private key",
    "- -o o --to crt --password-file -": "`-` is named more than once: standard input is read once",
    "-o o --to pem -i password": "-i: no file that is named is encrypted with age",
}


@pytest.mark.parametrize(("options", "says"), CONTRADICTIONS.items())
def test_options_that_contradict_one_another_are_named(
    forms: Forms, monkeypatch: pytest.MonkeyPatch, options: str, says: str
) -> None:
    """Both of them, and nothing is written."""
    monkeypatch.chdir(forms.folder)
    before = sorted(forms.folder.iterdir())
    ran = sitecert("convert", "whole.pem", *options.split())
    assert (ran.code, ran.out) == (3, "")
    assert ran.err == f"error: {says}\n  help: see `sitecert convert --help`\n"
    assert sorted(forms.folder.iterdir()) == before


def refused(folder: Path, arguments: str, **contents: bytes) -> str:
    """Convert files to `output`; return what the refusal says, less the paths' folder."""
    for name, content in contents.items():
        (folder / name.replace("_", ".")).write_bytes(content)
    before = sorted(folder.rglob("*"))
    words = [str(folder / word) if (folder / word).is_file() else word for word in arguments.split()]
    ran = sitecert("convert", *words, *(() if "--split" in words else ("-o", folder / "output")))
    assert (ran.code, ran.out) == (1, ""), ran.err
    assert sorted(folder.rglob("*")) == before
    return ran.err.replace(f"{folder}/", "")


def test_der_never_drops_the_chain(tmp_path: Path) -> None:
    """As `openssl x509 -outform der` does, in silence."""
    said = refused(tmp_path, "chain.pem --to der", chain_pem=pem(leaf(), authority().intermediate))
    assert said == (
        "chain.pem:1:1: error[SC753]: there are 2 certificates that belong together; a DER file holds one\n"
        "  help: use `--to p7b --encoding der` to keep all of them, or `--leaf-only` for the server's alone\n"
        "1 error\n"
    )


@pytest.mark.parametrize("target", ["pem", "der"])
def test_a_key_in_the_clear_is_refused(tmp_path: Path, target: str) -> None:
    """The option that allows it is named, and the one that protects it first."""
    said = refused(tmp_path, f"server.key --to {target}", server_key=plain_key(rsa_key()))
    assert said == (
        "output:1:1: error[SC754]: its private key would be in the clear\n"
        "  help: name a passphrase with `--passphrase-file FILE`, "
        "or use `--insecure` to write it in the clear\n"
        "1 error\n"
    )


def test_a_key_that_came_along_is_refused_in_the_clear(tmp_path: Path) -> None:
    """And the form that leaves it behind is named."""
    said = refused(tmp_path, "all.pem --to pem", all_pem=pem(leaf()) + plain_key(rsa_key()))
    assert said == (
        "output:1:1: error[SC754]: its private key would be in the clear\n"
        "  help: name a passphrase with `--passphrase-file FILE`, use `--to crt` for certificates alone, "
        "or `--insecure` to write the key in the clear\n"
        "1 error\n"
    )


def test_a_pfx_without_a_passphrase_is_refused(tmp_path: Path) -> None:
    """`--insecure` is no way out of that."""
    said = refused(tmp_path, "all.pem --to pfx", all_pem=pem(leaf()) + plain_key(rsa_key()))
    assert said == (
        "output:1:1: error[SC754]: a PFX is always under a passphrase\n"
        "  help: name a passphrase with `--passphrase-file FILE`\n"
        "1 error\n"
    )


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"short\n", "its first line has 5 characters; 20 to 64 are allowed"),
        (b"\n", "its first line is empty"),
        ("Zwölf Boxkämpfer jagen".encode(), "its first line holds a character that is not printable ASCII"),
        (b"typed-by-a-person-at-night\r\n", "its first line ends as in Windows"),
    ],
)
def test_an_unfit_passphrase_is_refused(tmp_path: Path, content: bytes, says: str) -> None:
    """Without any character of it."""
    command = "server.key --to pem --passphrase-file passphrase"
    said = refused(tmp_path, command, server_key=plain_key(rsa_key()), passphrase=content)
    assert f"passphrase:1:1: error[SC706]: {says}" in said
    assert "help: use another one; 30 random letters and digits are plenty" in said
    assert "Boxk" not in said


@pytest.mark.parametrize("target", ["pem", "pfx"])
def test_another_certificates_key_is_refused(tmp_path: Path, target: str) -> None:
    """A server with the two would not start."""
    files = {"leaf_pem": pem(leaf()), "other_key": plain_key(rsa_key("other"))}
    said = refused(tmp_path, f"leaf.pem other.key --to {target}", **files)
    assert "other.key:1:1: error[SC752]: " in said
    assert "does not belong to CN=smartweb.parknicollet.com (until 2035-12-29)" in said


@pytest.mark.parametrize("name", ["modern.pfx", "rc2.pfx", "store.jks", "locked.key"])
@pytest.mark.parametrize(("password", "code"), [(None, "SC527"), (b"not this one\n", "SC528")])
def test_a_missing_password_is_asked_for(
    forms: Forms, tmp_path: Path, name: str, password: bytes | None, code: str
) -> None:
    """By the name of the option, where there is no terminal."""
    content = {name.replace(".", "_"): forms.path(name).read_bytes()}
    given = "" if password is None else " --password-file word"
    files = content | ({} if password is None else {"word": password})
    said = refused(tmp_path, f"{name} --to pem --insecure{given}", **files)
    assert f"{name}:1:1: error[{code}]: " in said
    assert "`--password-file" in said
    assert "not this one" not in said


def test_what_is_missing_for_a_form_is_named(tmp_path: Path) -> None:
    """A PFX has a key and a certificate, a CRT and a P7B have certificates."""
    files = {"leaf_pem": pem(leaf()), "server_key": plain_key(rsa_key())}
    said = refused(tmp_path, "leaf.pem --to pfx", **files)
    assert (
        "leaf.pem:1:1: error[SC750]: there is no private key for a PFX; `--to p7b` holds certificates alone"
        in said
    )
    for target, article in (("pfx", "a PFX"), ("crt", "a CRT"), ("p7b", "a P7B")):
        said = refused(tmp_path, f"server.key --to {target}", **files)
        assert f"server.key:1:1: error[SC750]: there is no certificate for {article}\n" in said


def test_two_servers_are_not_mixed(tmp_path: Path) -> None:
    """Without a key nobody can tell which of them goes first."""
    said = refused(tmp_path, "both.pem --to crt", both_pem=pem(leaf(), ec_leaf()))
    assert "both.pem:1:1: error[SC751]: there are 2 server certificates where one belongs: " in said


def test_a_crt_has_a_servers_certificate(tmp_path: Path) -> None:
    """CAs alone are no server.crt."""
    said = refused(tmp_path, "ca.pem --to crt", ca_pem=pem(authority().intermediate, authority().root))
    assert "ca.pem:1:1: error[SC751]: there is no server certificate, only those of CAs: " in said


def test_two_keys_are_not_mixed(tmp_path: Path) -> None:
    """One key is converted at a time; the same one twice is one."""
    keys = plain_key(rsa_key()) + plain_key(ec_key())
    said = refused(tmp_path, "keys.pem --to pem --insecure", keys_pem=keys)
    assert "keys.pem:1:1: error[SC751]: there are 2 private keys where one belongs" in said
    output = tmp_path / "once"
    (tmp_path / "twice.pem").write_bytes(plain_key(rsa_key()) * 2)
    assert sitecert("convert", tmp_path / "twice.pem", "-o", output, "--to", "pem", "--insecure").code == 0
    assert output.read_bytes() == plain_key(rsa_key(), PrivateFormat.PKCS8)


def test_a_kind_of_key_that_no_server_has_is_named(tmp_path: Path) -> None:
    """RSA and EC are what CAs certify."""
    key = dsa.generate_private_key(2048).private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    said = refused(tmp_path, "dsa.key --to pem --insecure", dsa_key=key)
    assert "dsa.key:1:1: error[SC757]: " in said
    assert "is a DSA key; RSA and EC are converted" in said


@pytest.mark.parametrize(
    ("content", "code"),
    [(b"", "SC520"), (b"Dear customer, attached is your certificate.\n", "SC521"), (b"%PDF-1.7\n", "SC523")],
)
def test_a_file_without_certificates_is_named(tmp_path: Path, content: bytes, code: str) -> None:
    """Beside good ones too: what is named has to be read."""
    said = refused(tmp_path, "leaf.pem mail --to pem", leaf_pem=pem(leaf()), mail=content)
    assert f"mail:1:1: error[{code}]: " in said


def test_a_damaged_certificate_is_no_part_to_pass_over(tmp_path: Path) -> None:
    """A chain that lacks it would be written else."""
    damaged = pem(authority().intermediate).replace(b"M", b"N", 1)
    said = refused(tmp_path, "chain.pem --to crt", chain_pem=pem(leaf()) + damaged)
    assert "chain.pem:1:1: error[SC526]: block 2 " in said


def test_an_age_file_needs_an_identity_that_opens_it(tmp_path: Path) -> None:
    """None, and one of somebody else."""
    key = {"server_key.age": age_encrypted(plain_key(rsa_key()))}
    said = refused(tmp_path, "server.key.age --to der --insecure", **key)
    assert "server.key.age:1:1: error[SC758]: is encrypted with age, and no identity was given" in said
    assert "help: name the identity with `-i FILE`" in said
    stranger = b"AGE-SECRET-KEY-1" + b"Q" * 58
    said = refused(tmp_path, "server.key.age --to der --insecure -i id", **key, id=stranger)
    assert "error[SC758]: " in said
    assert "QQQ" not in said


@pytest.mark.parametrize("kind", ["file", "folder", "link"])
def test_nothing_is_overwritten(forms: Forms, tmp_path: Path, kind: str) -> None:
    """Neither what is there nor what a link leads to, nor an input."""
    output = tmp_path / "server.crt"
    if kind == "file":
        output.write_bytes(b"mine")
    elif kind == "folder":
        output.mkdir()
    else:
        output.symlink_to(tmp_path / "nowhere")
    for options in (("-o", output, "--to", "crt"), ("--split", output, "--to", "pem")):
        ran = sitecert("convert", forms.path("chain.pem"), *options)
        assert ran.code == 1
        assert ran.err == (
            f"{output}:1:1: error[SC755]: is there already; a conversion overwrites nothing\n"
            "  help: name another file, or remove this one\n"
            "1 error\n"
        )
    assert kind != "file" or output.read_bytes() == b"mine"
    assert list(tmp_path.iterdir()) == [output]


def test_what_is_left_out_is_told(forms: Forms, tmp_path: Path) -> None:
    """A stranger among the certificates, a key that the form does not hold, a request."""
    stranger, request = Authority("Another").intermediate, tmp_path / "server.csr"
    (tmp_path / "stranger.pem").write_bytes(pem(stranger))
    openssl("req", "-new", "-subj", "/CN=x", "-key", forms.path("server.key"), "-out", request)
    inputs = (forms.path("whole.pem"), tmp_path / "stranger.pem", request)
    ran = sitecert("convert", *inputs, "-o", tmp_path / "server.crt", "--to", "crt")
    assert ran.code == 0
    said = ran.err.replace(f"{tmp_path}/", "").replace(f"{forms.folder}/", "")
    assert "stranger.pem:1:1: warning[SC756]: " in said
    assert "is left out: CN=Another issuing example CA (until 2045-12-27)" in said
    assert "whole.pem:1:1: warning[SC756]: " in said
    assert "is left out: a CRT holds certificates alone" in said
    assert "server.csr:1:1: warning[SC756]: " in said
    assert (tmp_path / "server.crt").read_bytes() == pem(leaf(), authority().intermediate)
