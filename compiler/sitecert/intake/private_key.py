"""Private keys that came along: dropped, or the customer's, to be encrypted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.intake.case import Question, wrong
from sitecert.intake.pieces import refusal_problem
from sitecert.model.generation import Generation
from sitecert.model.site import Custody
from sitecert.model.verdict import Field
from sitecert.pki.formats.contents import FoundKey
from sitecert.pki.keys import spki_sha256
from sitecert.problems import Rule
from sitecert.problems.codes import verdict as codes
from sitecert.problems.codes.certificates import KEY_AWAITED, KEY_IN_THE_CLEAR, PRIVATE_KEY_INCLUDED
from sitecert.problems.finding import Finding

NO_KEY, OWN_KEY = "no private key", "the certificate's private key, under a password"


@dataclass(frozen=True, slots=True)
class KeysJudged:
    """What is thought of the keys, the generation as they leave it, and the key to keep, if any."""

    findings: tuple[Finding, ...]
    generation: Generation
    private_key: rsa.RSAPrivateKey | None = field(default=None, repr=False)


def judge_keys(question: Question, generation: Generation, keys: Sequence[FoundKey], path: str) -> KeysJudged:
    """Judge the private keys that came with a generation's certificate or request.

    `path` is the file that is told where no key came. A key that lay under no password, or an empty
    one, came in the clear: if it is the generation's own, that is marked until the generation ends.
    """
    if question.site.key.custody is not Custody.CUSTOMER:
        return _dropped(question, generation, keys)
    if generation.encrypted_key is not None:
        return KeysJudged((), generation)
    return _customers(question, generation, keys, path)


def _dropped(question: Question, generation: Generation, keys: Sequence[FoundKey]) -> KeysJudged:
    findings = [
        _wrong(question, each.origin, PRIVATE_KEY_INCLUDED, NO_KEY, "a private key", _holds(each))
        for each in keys
    ]
    is_disclosed = any(not each.protected and _own(each, generation) is not None for each in keys)
    return KeysJudged(tuple(findings), replace(generation, disclosed=generation.disclosed or is_disclosed))


def _holds(found: FoundKey) -> str:
    how = " under a password" if found.protected else ""
    return f"holds a private key{how}, which is not kept"


def _customers(question: Question, generation: Generation, keys: Sequence[FoundKey], path: str) -> KeysJudged:
    own = [each for each in keys if _own(each, generation) is not None]
    if not own:
        return KeysJudged(tuple(_none_fits(question, keys, path)), generation)
    clear = next((each for each in own if not each.protected), None)
    key = _own(own[0], generation)
    if clear is None:
        return KeysJudged((Finding(Field.PRIVATE_KEY, OWN_KEY, "the same"),), generation, key)
    message = "the customer's private key came in the clear"
    came = "the certificate's private key, in the clear"
    finding = _wrong(question, clear.origin, KEY_IN_THE_CLEAR, OWN_KEY, came, message)
    return KeysJudged((finding,), replace(generation, disclosed=True), key)


def _none_fits(question: Question, keys: Sequence[FoundKey], path: str) -> list[Finding]:
    if not keys:
        message = "no private key came with the certificate"
        return [_wrong(question, path, KEY_AWAITED, OWN_KEY, "none", message)]
    locked = [each.refusal for each in keys if each.refusal is not None]
    if locked:
        site = question.site.name
        return [
            Finding(Field.PRIVATE_KEY, OWN_KEY, "a key that stays closed", refusal_problem(each, site))
            for each in locked
        ]
    message = "the private key that came with it is not the certificate's"
    return [
        _wrong(question, keys[0].origin, codes.OTHER_PRIVATE_KEY, OWN_KEY, "another private key", message)
    ]


def _own(found: FoundKey, generation: Generation) -> rsa.RSAPrivateKey | None:
    """Return the key where it is an RSA key and the generation's own."""
    if not isinstance(found.key, rsa.RSAPrivateKey):
        return None
    return found.key if spki_sha256(found.key.public_key()) == generation.spki_sha256 else None


def _wrong(question: Question, path: str, rule: Rule, asked: str, came: str, message: str) -> Finding:
    return wrong(question.site, path, rule, Field.PRIVATE_KEY, asked, came, message)
