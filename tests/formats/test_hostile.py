"""Files that are made to hurt, and files that were changed at random: no crash, and little work."""

from __future__ import annotations

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from fuzz.mutating import mutate
from fuzz.seeds import PASSWORD, kept, made
from sitecert.pki.der_writer import write_integer, write_object_identifier, write_octet_string, write_sequence
from sitecert.pki.formats.bounds import MOST_OBJECTS
from sitecert.pki.formats.contents import Contents, GivenFile, RefusalKind
from sitecert.pki.formats.reading import read_contents

MEBIBYTE = 1 << 20
PBES2, PBKDF2, SCRYPT = "1.2.840.113549.1.5.13", "1.2.840.113549.1.5.12", "1.3.6.1.4.1.11591.4.11"
AES = write_sequence(write_object_identifier("2.16.840.1.101.3.4.1.42"), write_octet_string(bytes(16)))


def read(content: bytes, *passwords: str) -> Contents:
    """Read one file."""
    return read_contents([GivenFile("sent", content)], passwords)


def locked_key(derivation: str, *numbers: int) -> bytes:
    """Return an encrypted private key that asks for a derivation of some cost."""
    parameters = write_sequence(write_octet_string(b"saltsalt"), *map(write_integer, numbers))
    function = write_sequence(write_object_identifier(derivation), parameters)
    algorithm = write_sequence(write_object_identifier(PBES2), write_sequence(function, AES))
    return write_sequence(algorithm, write_octet_string(bytes(64)))


@pytest.mark.parametrize(
    ("derivation", "numbers"),
    [
        (PBKDF2, (2**31,)),
        (PBKDF2, (2**62,)),
        (SCRYPT, (2**20, 8, 1)),
        (SCRYPT, (2**10, 2**40, 1)),
        (SCRYPT, (2**13, 8, 2**30)),
        (SCRYPT, (2**14, 8, 100)),
    ],
)
def test_a_derivation_that_costs_too_much_is_not_begun(derivation: str, numbers: tuple[int, ...]) -> None:
    """Neither with a password nor by trying the empty one."""
    for passwords in ((), ("secret",)):
        refusal = read(locked_key(derivation, *numbers), *passwords).keys[0].refusal
        assert refusal is not None
        assert refusal.kind is RefusalKind.TOO_COSTLY


def test_many_keys_share_one_budget() -> None:
    """A thousand keys of a modest cost each are not all tried."""
    contents = read(locked_key(PBKDF2, 100_000) * 300)
    kinds = [key.refusal.kind for key in contents.keys if key.refusal is not None]
    assert RefusalKind.TOO_COSTLY in kinds
    assert kinds.index(RefusalKind.TOO_COSTLY) < 20


@pytest.mark.parametrize(
    "content",
    [
        b"-" * MEBIBYTE,
        b"-----BEGIN " * (MEBIBYTE // 11),
        b"-----BEGIN X-----\n" * (MEBIBYTE // 18),
        b"-----END X-----\n" * (MEBIBYTE // 16),
        b"-----BEGIN X-----" + b"<" * (MEBIBYTE - 60) + b"-----END X-----",
        b"-----BEGIN X-----" + b"&" * (MEBIBYTE - 60) + b"-----END X-----",
        b"-----BEGIN X-----" + b"=\n" * (MEBIBYTE // 2 - 60) + b"A-----END X-----",
        b"-----BEGIN X-----" + b"> \n" * (MEBIBYTE // 3 - 60) + b"-----END X-----",
        b"-----BEGIN " + b"A " * (MEBIBYTE // 2 - 60),
        b"\x30\x82\xff\xff" + b"\x05\0" * (MEBIBYTE // 2 - 20),
        b"\x30\x83\x0f\xff\x00" + b"\x05\0" * (MEBIBYTE // 2),
        b"\x30\x80" * (MEBIBYTE // 2),
        b"\x30\x80" + b"\x05\0" * (MEBIBYTE // 2 - 20),
        bytes.fromhex("feedfeed00000002ffffffff") + bytes(MEBIBYTE - 60),
        bytes.fromhex("feedfeed00000002ffffffff")
        + bytes.fromhex("000000020000" + "00" * 8 + "0000" + "00000000") * 40_000,
        b"A" * MEBIBYTE,
        b"\\n-\\n" * (MEBIBYTE // 5),
        b"\r" * MEBIBYTE,
        b"PK\x03\x04" + b"PK\x01\x02" * (MEBIBYTE // 5),
    ],
    ids=range(19),
)
def test_a_mebibyte_of_malice_is_little_work(content: bytes) -> None:
    """It is refused, and at no more objects than are allowed."""
    contents = read(content[:MEBIBYTE], "secret")
    assert not contents.certificates
    assert 0 < len(contents.refusals) <= MOST_OBJECTS + 1


@pytest.mark.parametrize(("name", "content"), kept(), ids=lambda each: each if isinstance(each, str) else "")
def test_what_a_search_found_is_read_or_refused(name: str, content: bytes) -> None:
    """Each input of the corpus ends in something found or something refused."""
    contents = read(content, PASSWORD)
    assert contents.certificates or contents.requests or contents.keys or contents.refusals, name


@settings(max_examples=150, suppress_health_check=[HealthCheck.too_slow])
@given(st.integers(min_value=0, max_value=2**32), st.integers(min_value=0, max_value=10_000))
def test_a_file_changed_at_random_is_read_or_refused(seed: int, which: int) -> None:
    """Whatever is found comes with its trail, and whatever is not with a reason on one line."""
    seeds = (*made(), *(content for _, content in kept()))
    content = mutate(seeds[which % len(seeds)], seeds, random.Random(seed))  # noqa: S311 - repeatable
    contents = read(content, PASSWORD)
    for each in (*contents.refusals, *contents.repairs):
        assert each.clause
        assert each.clause.isprintable()
        assert each.origin.startswith("sent")


def test_closed_keys_count_as_objects() -> None:
    """Keys that nobody opens are bounded in number like anything else that is found."""
    block = "-----BEGIN RSA PRIVATE KEY-----\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-128-CBC,{}\n\nAAAA\n{}"
    pem = block.format("00" * 16, "-----END RSA PRIVATE KEY-----\n").encode()
    contents = read(pem * (MOST_OBJECTS + 1))
    assert len(contents.keys) == MOST_OBJECTS
    assert [each.kind for each in contents.refusals] == [RefusalKind.TOO_MANY]
