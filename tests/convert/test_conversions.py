"""Every row of kb39324's list and its inverse: from each form to each, judged by those who read them."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest
from asn1crypto import cms
from asn1crypto import pem as armour
from cryptography.hazmat.primitives.serialization import Encoding, load_der_private_key, pkcs12

from convert.forms import (
    NAME,
    PASSPHRASE,
    PASSWORD,
    Forms,
    authority,
    convert,
    ec_key,
    ec_leaf,
    held,
    keytool,
    leaf,
    openssl,
    read_by_openssl,
    said_by_openssl,
)
from support.authority import pem, rsa_key

pytestmark = pytest.mark.system("openssl", "keytool")

WITH_KEY = {
    "PEM": ("whole.pem",),
    "PEM and its key": ("chain.pem", "server.key"),
    "PEM in any order": ("mixed.pem", "server.key"),
    "PEM in files": ("issuers.pem", "leaf.pem", "server.key"),
    "PEM and a key under a password": ("chain.pem", "locked.key"),
    "DER": ("leaf.der", "issuers.pem", "server.pk8"),
    "P7B": ("chain.p7b", "server.key"),
    "P7B as DER": ("chain.der.p7b", "server.key"),
    "PFX": ("modern.pfx",),
    "PFX with 3DES": ("3des.pfx",),
    "PFX with RC2": ("rc2.pfx",),
    "JKS": ("store.jks",),
}
TARGETS = {
    "pem": (True, ("--to", "pem")),
    "crt": (False, ("--to", "crt")),
    "der": (False, ("--to", "der", "--leaf-only")),
    "p7b": (False, ("--to", "p7b")),
    "p7b:der": (False, ("--to", "p7b", "--encoding", "der")),
    "pfx": (True, ("--to", "pfx")),
}
CASES = [(inputs, target) for inputs in WITH_KEY.values() for target in ("pem", "p7b", "pfx")]
CASES += [(inputs, target) for inputs in (("whole.pem",), ("rc2.pfx",)) for target in TARGETS]
CASES = list(dict.fromkeys(CASES))
"""Each input into each kind of output; those that differ in their armour alone, of two inputs."""


def chain() -> list[object]:
    """Return what a server sends, in its order."""
    return [leaf(), authority().intermediate]


@pytest.mark.parametrize(("inputs", "target"), CASES)
def test_openssl_reads_every_form_made_of_every_form(
    forms: Forms, tmp_path: Path, inputs: tuple[str, ...], target: str
) -> None:
    """The leaf first, the chain in order and whole, the key where the form holds one."""
    has_key, options = TARGETS[target]
    protecting = forms.protecting if has_key else ()
    output = tmp_path / "output"
    ran = convert(*map(forms.path, inputs), "-o", output, *options, *protecting, *forms.opening)
    certificates, keys = held(read_by_openssl(output, target, forms.path("passphrase")))
    assert certificates == (chain()[:1] if target == "der" else chain())
    assert keys == ([rsa_key().private_numbers()] if has_key else [])
    assert stat.S_IMODE(output.stat().st_mode) == (0o600 if has_key else 0o644)
    assert ran.err.startswith("made ") == has_key, "a key that stays behind is told first"
    assert list(tmp_path.iterdir()) == [output]


@pytest.mark.parametrize("there", ["pem", "pfx"])
@pytest.mark.parametrize("compatibility", ["modern", "windows2016"])
def test_a_pfx_comes_back_whole(forms: Forms, tmp_path: Path, there: str, compatibility: str) -> None:
    """From PFX to another form and back the key, its certificate, the chain and its order are the same."""
    between, back = tmp_path / "between", tmp_path / "back.pfx"
    convert(forms.path("rc2.pfx"), "-o", between, "--to", there, *forms.opening, *forms.protecting)
    opening = ("--password-file", forms.path("passphrase"))
    options = ("--to", "pfx", "--compat", compatibility, *forms.protecting)
    convert(between, "-o", back, *options, *opening)
    found = pkcs12.load_pkcs12(back.read_bytes(), PASSPHRASE.encode())
    assert found.cert is not None
    assert [found.cert.certificate, *(each.certificate for each in found.additional_certs)] == chain()
    assert found.key.private_numbers() == rsa_key().private_numbers()
    assert found.cert.friendly_name == NAME.encode()


@pytest.mark.parametrize(
    ("compatibility", "cipher", "mac"),
    [
        ("modern", "PBES2, PBKDF2, AES-256-CBC", "MAC: sha256"),
        ("windows2016", "pbeWithSHA1And3-KeyTripleDES-CBC", "MAC: sha1"),
    ],
)
def test_a_pfx_is_encrypted_as_its_readers_need_it(
    forms: Forms, tmp_path: Path, compatibility: str, cipher: str, mac: str
) -> None:
    """By openssl, without `-legacy`; Java lists the key under the alias with its chain."""
    output = tmp_path / "server.pfx"
    options = ("--to", "pfx", "--compat", compatibility, "--alias", "spok web")
    convert(forms.path("whole.pem"), "-o", output, *options, *forms.protecting)
    secret = ("-passin", f"file:{forms.path('passphrase')}")
    said = said_by_openssl("pkcs12", "-in", output, "-info", "-nokeys", *secret)
    assert mac in said
    assert said.count(cipher) == 2
    listed = keytool("-list", "-v", "-keystore", output, "-storepass:file", forms.path("passphrase"))
    assert "Alias name: spok web" in listed
    assert "Entry type: PrivateKeyEntry" in listed
    assert "Certificate chain length: 2" in listed
    assert listed.index(f"Owner: CN={NAME}") < listed.index("Owner: CN=Park Nicollet issuing")


@pytest.mark.parametrize("target", ["crt", "pem", "p7b", "p7b:der"])
def test_java_reads_the_certificates(forms: Forms, tmp_path: Path, target: str) -> None:
    """In the order in which a server sends them."""
    output = tmp_path / "output"
    form, _, encoding = target.partition(":")
    options = ("--to", form, *(("--encoding", encoding) if encoding else ()))
    convert(forms.path("mixed.pem"), "-o", output, *options)
    printed = keytool("-printcert", "-file", output)
    owners = [line for line in printed.splitlines() if line.startswith("Owner: ")]
    assert owners == [f"Owner: CN={NAME}", "Owner: CN=Park Nicollet issuing example CA"]


def test_the_certificates_are_written_canonically(forms: Forms, tmp_path: Path) -> None:
    """Lines of 64 characters, LF, nothing around: what every server reads."""
    convert(forms.path("3des.pfx"), "-o", tmp_path / "server.crt", "--to", "crt", *forms.opening)
    assert (tmp_path / "server.crt").read_bytes() == pem(leaf(), authority().intermediate)


def test_a_p7b_is_what_the_standard_says(forms: Forms, tmp_path: Path) -> None:
    """Signed data without a signer, of version 1, its certificates in the order of a server's."""
    convert(forms.path("mixed.pem"), "-o", tmp_path / "p7b", "--to", "p7b", "--encoding", "der")
    signed = cms.ContentInfo.load((tmp_path / "p7b").read_bytes(), strict=True)["content"]
    assert signed["version"].native == "v1"
    assert len(signed["signer_infos"]) == len(signed["digest_algorithms"]) == 0
    assert signed["encap_content_info"]["content_type"].native == "data"
    assert [each.chosen.dump() for each in signed["certificates"]] == [
        each.public_bytes(Encoding.DER) for each in (leaf(), authority().intermediate)
    ]


def test_the_root_is_kept_where_it_is_wanted(forms: Forms, tmp_path: Path) -> None:
    """Else it is left out and named, for servers do not send it."""
    ran = convert(forms.path("mixed.pem"), "-o", tmp_path / "without", "--to", "pem")
    assert "left out: the root CN=Park Nicollet root example CA (until 2045-12-27)" in ran.err
    ran = convert(forms.path("mixed.pem"), "-o", tmp_path / "with", "--to", "pem", "--with-root")
    assert "left out" not in ran.err
    assert (tmp_path / "with").read_bytes() == pem(leaf(), authority().intermediate, authority().root)


@pytest.mark.parametrize("target", ["pem", "p7b"])
def test_a_bundle_of_cas_stays_as_it_is(tmp_path: Path, target: str) -> None:
    """It is for a store, not for a server: its root stays, and its order."""
    bundle = tmp_path / "CACert.cer"
    bundle.write_bytes(pem(authority().root, authority().intermediate))
    output = tmp_path / "output"
    convert(bundle, "-o", output, "--to", target)
    assert held(read_by_openssl(output, target, bundle))[0] == [authority().root, authority().intermediate]


def test_a_lone_root_becomes_der_and_back(tmp_path: Path) -> None:
    """One certificate is converted whatever it is."""
    given, der, back = (tmp_path / name for name in ("root.pem", "root.der", "back.pem"))
    given.write_bytes(pem(authority().root))
    convert(given, "-o", der, "--to", "der")
    assert der.read_bytes() == authority().root.public_bytes(Encoding.DER)
    convert(der, "-o", back, "--to", "pem")
    assert back.read_bytes() == given.read_bytes()


@pytest.mark.parametrize("inputs", [("ec.pem",), ("ec.pfx",)])
def test_an_ec_certificate_and_its_key_are_carried(
    forms: Forms, tmp_path: Path, inputs: tuple[str, ...]
) -> None:
    """Into PEM and PFX, whatever they came in."""
    for target in ("pem", "pfx"):
        output = tmp_path / target
        convert(*map(forms.path, inputs), "-o", output, "--to", target, *forms.opening, *forms.protecting)
        certificates, keys = held(read_by_openssl(output, target, forms.path("passphrase")))
        assert certificates == [ec_leaf(), authority().intermediate]
        assert keys == [ec_key().private_numbers()]


@pytest.mark.parametrize("source", ["modern.pfx", "store.jks", "whole.pem"])
def test_a_split_gives_the_three_files_of_the_article(forms: Forms, tmp_path: Path, source: str) -> None:
    """certificate.cer, CACert.cer and privateKey.key in a folder that only its owner enters."""
    folder = tmp_path / "parts"
    convert(forms.path(source), "--to", "pem", "--split", folder, *forms.opening, *forms.protecting)
    assert (folder / "certificate.cer").read_bytes() == pem(leaf())
    assert (folder / "CACert.cer").read_bytes() == pem(authority().intermediate)
    secret = ("-passin", f"file:{forms.path('passphrase')}")
    assert held(openssl("pkey", "-in", folder / "privateKey.key", *secret))[1] == [
        rsa_key().private_numbers()
    ]
    assert {stat.S_IMODE(each.stat().st_mode) for each in folder.iterdir()} == {0o600}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert len(list(folder.iterdir())) == 3


@pytest.mark.parametrize("source", ["server.key", "server.pk8", "locked.key"])
def test_a_key_alone_becomes_what_ords_reads_and_comes_back(
    forms: Forms, tmp_path: Path, source: str
) -> None:
    """PKCS#8 as DER in the clear, which is what `--insecure` says, and PKCS#8 as PEM of it."""
    der, back = tmp_path / "server.der", tmp_path / "server.key"
    convert(forms.path(source), "-o", der, "--to", "der", "--insecure", *forms.opening)
    expected = openssl(
        *("pkcs8", "-topk8", "-nocrypt", "-in", forms.path("server.key")),
        *("-inform", "PEM", "-outform", "DER"),
    )
    assert der.read_bytes() == expected, "as kb39324 step 9 makes it"
    ran = convert(der, "-o", back, "--to", "pem", "--insecure")
    assert armour.unarmor(back.read_bytes()) == ("PRIVATE KEY", {}, expected)
    assert "the private key, in the clear: guard the file" in ran.err
    assert {stat.S_IMODE(each.stat().st_mode) for each in (der, back)} == {0o600}


def test_a_key_alone_stays_under_a_passphrase_as_der(forms: Forms, tmp_path: Path) -> None:
    """An encrypted PKCS#8 that openssl and cryptography open."""
    output = tmp_path / "server.der"
    convert(forms.path("server.key"), "-o", output, "--to", "der", *forms.protecting)
    secret = ("-passin", f"file:{forms.path('passphrase')}")
    assert held(openssl("pkcs8", "-inform", "der", "-in", output, *secret))[1] == [
        rsa_key().private_numbers()
    ]
    opened = load_der_private_key(output.read_bytes(), PASSPHRASE.encode())
    assert opened.private_numbers() == rsa_key().private_numbers()


def test_the_leaf_alone_is_what_was_asked_for(forms: Forms, tmp_path: Path) -> None:
    """Its chain and its root are not missed, and nothing is said of them."""
    ran = convert(forms.path("mixed.pem"), "-o", tmp_path / "leaf.crt", "--to", "crt", "--leaf-only")
    assert (tmp_path / "leaf.crt").read_bytes() == pem(leaf())
    assert ran.err.splitlines()[1:] == ["  1. CN=smartweb.parknicollet.com (until 2035-12-29)"]


def test_standard_input_is_a_file_too(forms: Forms, tmp_path: Path) -> None:
    """So is a password from it."""
    content = forms.path("mixed.pem").read_bytes()
    convert("-", "-o", tmp_path / "server.crt", "--to", "crt", piped=content)
    assert (tmp_path / "server.crt").read_bytes() == pem(leaf(), authority().intermediate)
    options = ("--to", "crt", "--password-file", "-")
    convert(forms.path("3des.pfx"), "-o", tmp_path / "again.crt", *options, piped=PASSWORD.encode())
    assert (tmp_path / "again.crt").read_bytes() == (tmp_path / "server.crt").read_bytes()
