"""Keys that a CA must refuse (BR 4.9.1.1, 6.1.1.3, 6.1.5, 6.1.6)."""

from __future__ import annotations

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.pki.algorithms import describe_exponent
from sitecert.pki.keys import PUBLIC_EXPONENT

SMALLEST_MODULUS = 2048
LARGEST_MODULUS = 16384
"""Bits: beyond it no software in use takes the key, and the search for weakness costs seconds."""

WEAKNESSES = {
    "fermat": "its primes lie close together, so that the key can be computed (Fermat factorization)",
    "roca": "it was made by a chip with the ROCA flaw (CVE-2017-15361)",
    "rsainvalid": "its numbers are not those of an RSA key",
    "rsapoly": "its modulus has a pattern by which it can be factored",
    "sharedprimes": "it shares a prime with another known key",
    "smalld": "its private exponent is so small that it can be computed (Wiener)",
    "smallfactors": "its modulus has a small factor: the key is damaged",
}


def weaknesses(public_key: rsa.RSAPublicKey) -> tuple[str, ...]:
    """Return a clause for each thing that is wrong with an RSA key; none where nothing is known to be.

    Sizes and exponent after BR 6.1.5 and 6.1.6, then badkeys' checks that need nothing downloaded: the
    lists of keys that became public (Debian's among them) are not consulted.
    """
    numbers = public_key.public_numbers()
    found = _size_and_exponent(numbers)
    if numbers.n.bit_length() <= LARGEST_MODULUS:
        found += _badkeys(numbers)
    return tuple(found)


def _size_and_exponent(numbers: rsa.RSAPublicNumbers) -> list[str]:
    bits = numbers.n.bit_length()
    rules = {
        f"its modulus has {bits} bits; at least {SMALLEST_MODULUS} are needed": bits < SMALLEST_MODULUS,
        f"its modulus has {bits} bits; more than {LARGEST_MODULUS} are taken nowhere": bits > LARGEST_MODULUS,
        f"its modulus has {bits} bits, which is not a multiple of 8": bits % 8 != 0,
        f"its exponent is {describe_exponent(numbers.e)}; {PUBLIC_EXPONENT} is the one to use": numbers.e
        != PUBLIC_EXPONENT,
    }
    return [clause for clause, is_broken in rules.items() if is_broken]


def _badkeys(numbers: rsa.RSAPublicNumbers) -> list[str]:
    # badkeys brings gmpy2, pyOpenSSL and a resolver: a run that judges no key does not pay for them.
    from badkeys import checkrsa, defaultchecks  # noqa: PLC0415 - see above

    checks = [name for name, check in defaultchecks.items() if check["type"] == "rsa"]
    results = checkrsa(numbers.n, e=numbers.e, checks=checks)
    return [WEAKNESSES.get(name, defaultchecks[name]["desc"]) for name in results]
