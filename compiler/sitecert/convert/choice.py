"""What of everything that was found goes out: the leaf, its chain in order, the key that is its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm

from sitecert.convert.wish import WITHOUT_KEY, Target, Wish
from sitecert.model.document import Place
from sitecert.pki.certificates import certificate_label, split_leaf
from sitecert.pki.chains import issue_chain
from sitecert.pki.errors import CertificateError
from sitecert.pki.formats.contents import Contents, FoundKey
from sitecert.pki.issuance import distinct, is_authority
from sitecert.pki.keys import ServerKey, spki_sha256
from sitecert.problems import Problem, Rule, errors
from sitecert.problems.codes.conversion import (
    CHAIN_WOULD_BE_LOST,
    KEY_OF_NO_SERVER,
    LEFT_OUT,
    NOT_THE_KEY,
    NOTHING_TO_CONVERT,
    WHICH_CERTIFICATE,
)


@dataclass(frozen=True, slots=True)
class Choice:
    """What goes out: certificates, the leaf first, and a key.

    `root` is the root that is left out because servers do not send it; None where there is none. `aside`
    are the certificates that belong to the leaf and were not wanted.
    """

    certificates: tuple[x509.Certificate, ...]
    key: ServerKey | None = field(default=None, repr=False)
    root: x509.Certificate | None = None
    aside: tuple[x509.Certificate, ...] = ()

    @property
    def labels(self) -> tuple[str, ...]:
        """The certificates in words, in their order."""
        return tuple(certificate_label(each) for each in self.certificates)

    @property
    def root_label(self) -> str:
        """The root that is left out, in words, or nothing."""
        return "" if self.root is None else certificate_label(self.root)


def choose(contents: Contents, wish: Wish) -> tuple[Choice | None, tuple[Problem, ...]]:
    """Choose what of the contents the wished form holds; whatever is left out is told.

    There is no choice where one of the problems is an error.
    """
    problems = _requests(contents)
    try:
        certificates = distinct(each.certificate for each in contents.certificates)
        choice = _with_key(contents, wish, _arrange(certificates, contents, wish), problems)
    except CertificateError as error:
        problems.append(WHICH_CERTIFICATE.at(_whole(contents), str(error)))
        return None, tuple(problems)
    problems += _strangers(contents, choice)
    problems += _what_does_not_fit(contents, wish, choice)
    return (None if errors(problems) else choice), tuple(problems)


def unopened_keys(contents: Contents, wish: Wish) -> tuple[FoundKey, ...]:
    """Return the keys that did not open and might have to go out."""
    is_wanted = wish.takes_key or (not contents.certificates and wish.target not in WITHOUT_KEY)
    return tuple(each for each in contents.keys if each.key is None and is_wanted)


def key_spki(found: FoundKey) -> str:
    """Return the digest of a key's public half; nothing where it did not open."""
    return "" if found.key is None else spki_sha256(found.key.public_key())


def _arrange(certificates: Sequence[x509.Certificate], contents: Contents, wish: Wish) -> Choice:
    """Order the certificates: one that is alone, a bundle of CAs as it stands, or a leaf and its chain."""
    if len(certificates) <= 1:
        return Choice(tuple(certificates))
    if wish.target is not Target.CRT and not wish.split and all(is_authority(each) for each in certificates):
        return Choice(tuple(certificates))
    keys = {key_spki(each) for each in contents.keys}
    own = [each for each in certificates if _spki(each) in keys]
    leaf = own[0] if len(own) == 1 else split_leaf(certificates)
    built = issue_chain(leaf, certificates)
    root = () if built.root is None else (built.root,)
    if wish.leaf_only:
        return Choice((leaf,), aside=(*built.chain, *root))
    if wish.with_root:
        return Choice((leaf, *built.chain, *root))
    return Choice((leaf, *built.chain), root=built.root)


def _with_key(contents: Contents, wish: Wish, choice: Choice, problems: list[Problem]) -> Choice:
    """Add the key where the form takes one; what is wrong with the keys is appended to the problems."""
    is_key_alone = not choice.certificates and wish.target in {Target.PEM, Target.DER} and not wish.split
    if not (wish.takes_key or is_key_alone):
        return choice
    opened = [each for each in contents.keys if each.key is not None]
    kept = _own_keys(opened, choice)
    different = {key_spki(each) for each in kept}
    if len(different) > 1:
        message = f"there are {len(different)} private keys where one belongs"
        problems.append(WHICH_CERTIFICATE.at(_whole(contents), message))
    if not kept:
        if opened and choice.certificates:
            message = f"does not belong to {certificate_label(choice.certificates[0])}"
            problems += [_at(NOT_THE_KEY, each.origin, message) for each in opened]
        return choice
    key = kept[0].key
    if not isinstance(key, ServerKey):
        kind = type(key).__name__.removesuffix("PrivateKey").lstrip("_")
        problems.append(_at(KEY_OF_NO_SERVER, kept[0].origin, f"is a {kind} key; RSA and EC are converted"))
        return choice
    others = [each for each in opened if each not in kept]
    problems += [
        _at(LEFT_OUT, each.origin, "is left out: the certificate has another key") for each in others
    ]
    return replace(choice, key=key)


def _own_keys(opened: Sequence[FoundKey], choice: Choice) -> list[FoundKey]:
    if not choice.certificates:
        return list(opened)
    return [each for each in opened if key_spki(each) == _spki(choice.certificates[0])]


def _what_does_not_fit(contents: Contents, wish: Wish, choice: Choice) -> list[Problem]:
    """Return what the form cannot hold, and what it lacks."""
    count = len(choice.certificates)
    if not count and not contents.keys:
        return [NOTHING_TO_CONVERT.at(_whole(contents), "there is neither a certificate nor a private key")]
    if not count and (wish.target in WITHOUT_KEY or wish.target is Target.PFX or wish.split):
        message = f"there is no certificate for {_article(wish.target)}"
        return [NOTHING_TO_CONVERT.at(_whole(contents), message)]
    if wish.target is Target.PFX and not contents.keys:
        message = "there is no private key for a PFX; `--to p7b` holds certificates alone"
        return [NOTHING_TO_CONVERT.at(_whole(contents), message)]
    if wish.target is Target.DER and count > 1:
        message = f"there are {count} certificates that belong together; a DER file holds one"
        return [CHAIN_WOULD_BE_LOST.at(_whole(contents), message)]
    if count and not wish.takes_key:
        what = "its certificate" if wish.target is Target.DER else "certificates"
        message = f"is left out: {_article(wish.target)} holds {what} alone"
        return [_at(LEFT_OUT, each.origin, message) for each in contents.keys]
    return []


def _strangers(contents: Contents, choice: Choice) -> list[Problem]:
    """Return what certificates are left out that nobody asked to leave out; copies are not missed."""
    kept = {*choice.certificates, choice.root, *choice.aside}
    return [
        _at(LEFT_OUT, each.origin, f"is left out: {certificate_label(each.certificate)}")
        for each in contents.certificates
        if each.certificate not in kept
    ]


def _requests(contents: Contents) -> list[Problem]:
    message = "is left out: a certificate request needs no conversion"
    return [_at(LEFT_OUT, each.origin, message) for each in contents.requests]


def _at(rule: Rule, origin: str, clause: str) -> Problem:
    """Return a problem at a file; where the trail goes on inside the file, the message begins with it."""
    path, _, inside = origin.partition(": ")
    return rule.at(Place(path, 1, 1), f"{inside} {clause}".lstrip())


def _whole(contents: Contents) -> Place:
    """Return the place of what concerns all files: the first of them."""
    found = [
        *(each.origin for each in contents.certificates),
        *(each.origin for each in contents.keys),
        *(each.origin for each in contents.requests),
    ]
    return Place(found[0].partition(": ")[0] if found else "input", 1, 1)


def _article(target: Target) -> str:
    return f"a {target.value.upper()}" if target is not Target.DER else "a DER file"


def _spki(certificate: x509.Certificate) -> str | None:
    """Return the digest of a certificate's public key, or None for a kind that cannot be read."""
    try:
        return spki_sha256(certificate.public_key())
    except (ValueError, UnsupportedAlgorithm):
        return None
