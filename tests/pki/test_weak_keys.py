"""Keys that nobody should certify."""

from __future__ import annotations

import random
import subprocess
import sys
from math import prod

import gmpy2
import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.pki.weak_keys import weaknesses
from support.authority import rsa_key

DRAW = random.Random(39324)  # noqa: S311 - weak keys are the point


def public_key(p: int, q: int, exponent: int = 65537) -> rsa.RSAPublicKey:
    """Return the public key of two primes."""
    return rsa.RSAPublicNumbers(exponent, p * q).public_key()


def a_prime(bits: int = 1024) -> int:
    """Return a prime with its two highest bits set, so that two make a modulus of twice its size."""
    return int(gmpy2.next_prime(DRAW.getrandbits(bits) | 3 << (bits - 2)))


def a_roca_prime() -> int:
    """Return a prime k * M + (65537 ** a mod M), as the flawed chips made them."""
    primes, last = [], gmpy2.mpz(1)
    while len(primes) < 126:
        last = gmpy2.next_prime(last)
        primes.append(int(last))
    primorial = prod(primes)
    top = 3 << 1022
    while True:
        candidate = (top // primorial + DRAW.getrandbits(40)) * primorial + pow(
            65537, DRAW.getrandbits(256), primorial
        )
        if gmpy2.is_prime(candidate):
            return candidate


def test_an_ordinary_key_is_not_weak() -> None:
    """Whatever generate_key makes passes."""
    assert weaknesses(rsa_key().public_key()) == ()


def close_primes() -> rsa.RSAPublicKey:
    """Return a key whose primes are neighbours."""
    p = a_prime()
    return public_key(p, int(gmpy2.next_prime(p)))


@pytest.mark.parametrize(
    ("key", "clause"),
    [
        (close_primes(), "its primes lie close together"),
        (public_key(a_roca_prime(), a_roca_prime()), "ROCA flaw"),
        (public_key(1009, a_prime(2040)), "has a small factor"),
        (public_key(a_prime(), a_prime(), 3), "its exponent is 3; 65537 is the one to use"),
        (public_key(a_prime(512), a_prime(512)), "its modulus has 1024 bits; at least 2048 are needed"),
        (public_key(a_prime(1026), a_prime(1025)), "has 2051 bits, which is not a multiple of 8"),
    ],
    ids=["fermat", "roca", "small factor", "exponent", "short", "odd size"],
)
def test_weak_keys_are_named(key: rsa.RSAPublicKey, clause: str) -> None:
    """Each weakness is said in a clause."""
    assert any(clause in found for found in weaknesses(key))


def test_a_key_beyond_all_measure_is_not_searched() -> None:
    """A hostile certificate can not keep the search busy."""
    key = rsa.RSAPublicNumbers(65537, 3 << 16390).public_key()
    assert weaknesses(key) == ("its modulus has 16392 bits; more than 16384 are taken nowhere",)


def test_a_small_private_exponent_is_found() -> None:
    """Wiener's attack; the exponent, as long as the modulus, is not written out."""
    p, q = a_prime(), a_prime()
    private = a_prime(400)
    found = weaknesses(public_key(p, q, pow(private, -1, (p - 1) * (q - 1))))
    assert any("private exponent is so small" in clause for clause in found)
    assert max(len(clause) for clause in found) < 100


def test_badkeys_is_imported_only_when_a_key_is_judged() -> None:
    """It brings a good deal with it that a run without a new certificate does not need."""
    code = "import sitecert.pki.weak_keys, sys; sys.exit('badkeys' in sys.modules or 'gmpy2' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
