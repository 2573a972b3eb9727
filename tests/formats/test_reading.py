"""What `read_contents` finds, where, and what it says of the rest."""

from __future__ import annotations

import subprocess

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import (
    BestAvailableEncryption,
    Encoding,
    NoEncryption,
    PrivateFormat,
    pkcs12,
)

from fuzz.seeds import PASSWORD, keystore, zipped
from sitecert.pki.formats.contents import Contents, GivenFile, RefusalKind
from sitecert.pki.formats.reading import read_contents
from sitecert.pki.protected_keys import protect_as_pem
from support.authority import Authority, pem, rsa_key

AUTHORITY = Authority("reading")
LEAF = AUTHORITY.issue(rsa_key("reading").public_key(), ["a.example.org"])
DER = LEAF.public_bytes(Encoding.DER)
KEY = rsa_key("reading")


def read(content: bytes, *passwords: str, name: str = "sent") -> Contents:
    """Read one file."""
    return read_contents([GivenFile(name, content)], passwords)


def key_pem(form: PrivateFormat = PrivateFormat.PKCS8, password: bytes = b"") -> bytes:
    """Return the key in some form, under a password where one is given."""
    under = BestAvailableEncryption(password) if password else NoEncryption()
    return KEY.private_bytes(Encoding.PEM, form, under)


def pfx(password: bytes | None, *, with_key: bool = True) -> bytes:
    """Return a PFX of cryptography's."""
    under = BestAvailableEncryption(password) if password else NoEncryption()
    return pkcs12.serialize_key_and_certificates(
        b"smartweb", KEY if with_key else None, LEAF, [AUTHORITY.intermediate], under
    )


def test_the_trail_leads_to_what_was_found() -> None:
    """Through archives and stores to the certificate, by the names that they have there."""
    archive = zipped({"to/a.zip": zipped({"b.pfx": pfx(b"secret")}), "c.pem": pem(LEAF, AUTHORITY.root)})
    contents = read(archive, "secret", name="mail.zip")
    assert [each.origin for each in contents.certificates] == [
        "mail.zip: to/a.zip: b.pfx: certificate 1 (smartweb)",
        "mail.zip: to/a.zip: b.pfx: certificate 2",
        "mail.zip: c.pem: block 1",
        "mail.zip: c.pem: block 2",
    ]
    assert [each.origin for each in contents.keys] == ["mail.zip: to/a.zip: b.pfx: private key"]


def test_names_that_deceive_are_shown_harmless() -> None:
    """Control characters and endless names of an archive's entries reach no terminal."""
    contents = read(zipped({"a\x1b[31m\n.txt": b"hello", "x" * 5000: b"hello"}))
    assert [each.origin for each in contents.refusals] == [
        "sent: a?[31m?.txt",
        f"sent: {'x' * 120}...",
    ]


@pytest.mark.parametrize("form", [PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL])
def test_a_key_in_the_clear_is_told_from_one_under_a_password(form: PrivateFormat) -> None:
    """The key is the same; only what lay under a password counts as protected."""
    clear, locked = read(key_pem(form)).keys[0], read(key_pem(form, b"secret"), "guess", "secret").keys[0]
    assert (clear.protected, locked.protected) == (False, True)
    for found in (clear, locked):
        assert isinstance(found.key, rsa.RSAPrivateKey)
        assert found.key.private_numbers() == KEY.private_numbers()
        assert "private" not in repr(found).lower().replace("is a private key", "")


@pytest.mark.parametrize(
    ("passwords", "kind"), [((), RefusalKind.LOCKED), (("guess",), RefusalKind.WRONG_PASSWORD)]
)
def test_a_key_that_stays_shut_says_why(passwords: tuple[str, ...], kind: RefusalKind) -> None:
    """It is found all the same, for that a key came along matters."""
    for form in (PrivateFormat.PKCS8, PrivateFormat.TraditionalOpenSSL):
        contents = read(key_pem(form, b"secret"), *passwords)
        assert contents.refusals == ()
        assert contents.keys[0].key is None
        assert contents.keys[0].protected
        assert contents.keys[0].refusal is not None
        assert contents.keys[0].refusal.kind is kind


def test_an_empty_password_protects_nothing() -> None:
    """A PFX that everyone can open carries its key in the clear."""
    contents = read(pfx(None))
    assert [key.protected for key in contents.keys] == [False]
    assert len(contents.certificates) == 2
    assert [key.protected for key in read(pfx(b"secret"), "secret").keys] == [True]


@pytest.mark.system("openssl")
def test_a_key_opens_by_the_password_that_opened_its_store() -> None:
    """Of two thousand wrong passwords some leave what looks like padding: the store's is tried first."""
    command = ["openssl", "pkcs12", "-export", "-iter", "1", "-passout", "pass:"]
    given = key_pem() + pem(LEAF)
    made = subprocess.run(command, input=given, capture_output=True, check=True).stdout
    (key,) = read(made, *(f"wrong {number}" for number in range(2000))).keys
    assert key.key is not None
    assert not key.protected


def test_our_own_keys_open() -> None:
    """600,000 rounds of PBKDF2 are within the bounds for a password that was given, not for a guess."""
    locked = protect_as_pem(KEY, "correct-horse")
    assert read(locked, "correct-horse").keys[0].key is not None
    shut = read(locked).keys[0].refusal
    assert shut is not None
    assert shut.kind is RefusalKind.LOCKED


def test_a_keystore_is_read_without_its_password() -> None:
    """Its certificates are; that it was not changed is then not proved, and is told."""
    assert read(keystore(DER), PASSWORD).repairs == ()
    for passwords in ((), ("guess",)):
        contents = read(keystore(DER), *passwords)
        assert [each.certificate for each in contents.certificates] == [LEAF]
        assert ["digest was not proved" in each.clause for each in contents.repairs] == [True]


def test_what_is_damaged_hides_nothing_beside_it() -> None:
    """The second of three blocks is refused, the others are read."""
    broken = pem(AUTHORITY.intermediate).replace(b"MII", b"!!!", 1)
    contents = read(pem(LEAF) + broken + pem(AUTHORITY.root))
    assert [each.certificate for each in contents.certificates] == [LEAF, AUTHORITY.root]
    assert [(each.kind, each.origin) for each in contents.refusals] == [
        (RefusalKind.DAMAGED, "sent: block 2")
    ]


def test_order_is_kept() -> None:
    """Certificates come in the order in which they stand, over all files."""
    given = [GivenFile("b", pem(AUTHORITY.root)), GivenFile("a", pem(LEAF, AUTHORITY.intermediate))]
    found = [each.certificate for each in read_contents(given).certificates]
    assert found == [AUTHORITY.root, LEAF, AUTHORITY.intermediate]


def test_nothing_more_is_read_when_a_bound_of_all_files_is_reached() -> None:
    """One refusal says so; the files behind it are not looked at."""
    many = b"-----BEGIN X-----\nMAA=\n-----END X-----\n" * 300
    given = [GivenFile(name, many) for name in ("first", "second", "third")]
    contents = read_contents(given)
    assert [each.origin for each in contents.refusals if each.kind is RefusalKind.TOO_MANY] == ["second"]
    assert not any(each.origin.startswith("third") for each in contents.refusals)


def test_every_repair_of_a_text_is_named() -> None:
    """What a mail program did is told, and what it left alone is not."""
    plain = pem(LEAF).decode()
    changed = {
        "line ends are CR alone": plain.replace("\n", "\r").encode(),
        "begins with a byte order mark": plain.encode("utf-8-sig"),
        "is UTF-16, not ASCII": plain.encode("utf-16"),
        "is UTF-16 without a byte order mark": plain.encode("utf-16-be"),
        "lines are indented": plain.replace("\n", "\n  ").encode(),
        "lines are quoted, as in a mail or a ticket": plain.replace("\n", "\n> ").encode(),
        "blanks are not those of ASCII": plain.replace("\n", "\n\u00a0", 1).encode(),
        "the dashes around a label are not five hyphens": plain.replace("-----", "\u2014\u2014").encode(),
        "is quoted-printable, as mail has it": plain.replace("MII", "MI=\nI", 1).encode(),
        "is wrapped in HTML": plain.replace("\n", "<br>\n").encode(),
        "holds HTML entities": plain.replace("-", "&#45;").encode(),
        "line ends are written as \\n": plain.replace("\n", "\\n").encode(),
        "stands without BEGIN and END lines": "".join(plain.split("\n")[1:-2]).encode(),
        "text stands before a beginning on its line": b"certificate " + plain.encode(),
        "text stands behind the base64 of a block": plain.replace("-----END", "-\n(*)\n-----END").encode(),
        "blank lines stand inside a block": plain.replace("\n", "\n\n").encode(),
        "is labelled PKCS7 and is a certificate": plain.replace("CERTIFICATE", "PKCS7").encode(),
    }
    assert read(plain.encode()).repairs == ()
    assert read(plain.replace("\n", "\r\n").encode()).repairs == ()
    for clause, content in changed.items():
        contents = read(content)
        assert [each.certificate for each in contents.certificates] == [LEAF], clause
        assert clause in [each.clause for each in contents.repairs], (clause, contents.repairs)
