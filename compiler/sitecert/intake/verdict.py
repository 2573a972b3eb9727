"""Hold what came against what was asked for."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time

from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes

from sitecert.intake.bundle import Bundle, sort_bundle
from sitecert.intake.pieces import Pieces, refusal_problem, take_apart
from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName
from sitecert.model.site import Custody, IssuerKind, Site
from sitecert.pki.coverage import missing_names
from sitecert.pki.errors import PkiError
from sitecert.pki.formats.contents import FoundKey, GivenFile
from sitecert.pki.keys import spki_sha256
from sitecert.pki.pem import write_pem
from sitecert.pki.requests import LABELS, read_request, request_differences
from sitecert.problems import Problem, Rule, errors
from sitecert.problems.codes import certificates as codes


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is thought of the files.

    `generation` is what would be filed, None where an error forbids it. `private_key` came
    along and is to be encrypted (`key.custody: customer` alone); it must never be shown.
    """

    problems: tuple[Problem, ...]
    generation: Generation | None
    private_key: rsa.RSAPrivateKey | None = field(default=None, repr=False)


def judge(
    site: Site,
    generations: Mapping[int, Generation],
    files: Sequence[GivenFile],
    passwords: Sequence[str],
    at: date,
    accepted: frozenset[str],
) -> Verdict:
    """Judge files that came for a site; `generations` are those that stand, by their number.

    `passwords` are tried on what is under one; `at` is today's date, for what has expired; `accepted` are
    codes that a person overrules.
    """
    pieces = take_apart(files, passwords, site.name)
    verdict = _Judgement(site, generations, pieces, at, files[0].path).verdict()
    problems = tuple(
        codes.accepted(problem) if problem.code in accepted & codes.ACCEPTABLE else problem
        for problem in (*pieces.problems, *verdict.problems)
    )
    if errors(problems):
        return Verdict(problems, None)
    return replace(verdict, problems=problems)


class _Judgement:
    """One site, one generation, one set of pieces."""

    def __init__(
        self, site: Site, generations: Mapping[int, Generation], pieces: Pieces, at: date, path: str
    ) -> None:
        self._site = site
        self._generations = generations
        self._current = generations.get(site.key.generation, Generation(site.key.generation))
        self._pieces = pieces
        self._contents = pieces.contents
        self._at = at
        self._path = path
        self._problems: list[Problem] = []

    def verdict(self) -> Verdict:
        """Judge the certificate, or the request, then the private keys."""
        key = None
        if self._contents.certificates:
            generation = self._certificate()
        elif self._contents.requests:
            generation = self._request()
        else:
            generation = None
            self._report_nothing()
        if generation is not None:
            key, generation = self._private_key(generation)
        return Verdict(tuple(self._problems), generation, key)

    def _report(self, rule: Rule, message: str, path: str = "") -> None:
        self._problems.append(rule.at(Place(path or self._path, 1, 1), message, site=self._site.name))

    def _report_nothing(self) -> None:
        if not errors(self._pieces.problems):
            self._report(codes.NO_CERTIFICATE, "holds a private key alone: no certificate was found")

    # The request of a server that makes its own key.

    def _request(self) -> Generation | None:
        """File the request that `request.sh` made on the server."""
        given = self._contents.requests[0]
        path = _path(given.origin)
        custody = self._site.key.custody
        if custody is not Custody.SERVER:
            message = f"holds a request, but with key.custody: {custody} none comes from outside"
            self._report(codes.REQUEST_NOT_AWAITED, message, path)
            return None
        if len(self._contents.requests) > 1:
            message = f"there are {len(self._contents.requests)} requests where one belongs"
            self._report(codes.REQUEST_NOT_AWAITED, message, path)
            return None
        try:
            request = read_request(write_pem(LABELS[0], given.der))
        except PkiError as error:
            self._report(codes.UNREADABLE_INPUT, str(error), path)
            return None
        for each in request_differences(self._site.request, request.content):
            message = f"{each.what}: the request says {each.found}, not {each.asked}"
            self._report(codes.REQUEST_DIFFERS, message, path)
        if self._current.request not in (None, request) and (
            self._current.sealed or self._current.certificate is not None
        ):
            message = f"generation {self._current.number} is {self._current.stage} with another request"
            self._report(codes.REQUEST_NOT_AWAITED, message, path)
        return replace(self._current, request=request)

    # The certificate.

    def _certificate(self) -> Generation | None:
        if self._current.request is None and self._site.key.custody is not Custody.CUSTOMER:
            self._report(codes.NOTHING_AWAITED, f"generation {self._current.number} has no request yet")
            return None
        try:
            bundle = sort_bundle(
                [each.certificate for each in self._contents.certificates], self._current.certificate
            )
        except PkiError as error:
            self._report(codes.NO_LEAF, str(error))
            return None
        issued = bundle.issued
        filed = self._current.certificate
        if filed is not None and filed.leaf != issued.leaf:
            message = f"generation {self._current.number} has another certificate, {_until(filed)}"
            self._report(codes.ALREADY_CERTIFIED, message)
        if filed is None or filed.leaf != issued.leaf:
            self._check_key(issued)
            self._check_names(issued)
            self._check_dates(issued)
        self._check_chain(bundle)
        return replace(self._current, certificate=issued)

    def _check_chain(self, bundle: Bundle) -> None:
        for left in bundle.leftovers:
            self._report(codes.FOREIGN_CERTIFICATE, f'"{left}" is no issuer of it and was left out')
        if bundle.root is not None:
            self._report(codes.ROOT_LEFT_OUT, f'the root "{bundle.root}" was left out')
        issued = bundle.issued
        ends_at_root = bundle.root is not None or issued.leaf.self_signed
        if not issued.chain and (self._site.issuer is IssuerKind.PUBLIC or not ends_at_root):
            message = f'the certificate of its issuer "{issued.leaf.issuer}" is not there'
            self._report(codes.CHAIN_INCOMPLETE, message)

    def _check_key(self, issued: IssuedCertificate) -> None:
        found, number = issued.leaf.spki_sha256, self._current.number
        wanted = self._current.spki_sha256
        if wanted in (None, found):
            return
        message = f"its public key is not that of generation {number}'s request"
        other = [each.number for each in self._generations.values() if each.spki_sha256 == found]
        if other:
            message += f", but that of generation {other[0]}"
        self._report(codes.KEY_MISMATCH, message)

    def _check_names(self, issued: IssuedCertificate) -> None:
        request = self._current.request
        asked = request.content.alternative_names if request else self._site.alternative_names
        got = issued.leaf.alternative_names
        missing, added = missing_names(asked, got), [name for name in got if name not in asked]
        if missing:
            self._report(
                codes.NAMES_MISSING, f"it does not answer for {_listed(missing)}; it does for {_listed(got)}"
            )
        if added:
            self._report(codes.NAMES_ADDED, f"it also answers for {_listed(added)}")

    def _check_dates(self, issued: IssuedCertificate) -> None:
        first, last = issued.leaf.not_before, issued.leaf.not_after
        if last < datetime.combine(self._at, time(12), UTC):
            self._report(codes.EXPIRED, f"it expired on {last:%Y-%m-%d}")
        if first > datetime.combine(self._at, time.max, UTC):
            self._report(codes.NOT_YET_VALID, f"it is valid from {first:%Y-%m-%d} on")

    # Private keys.

    def _private_key(self, generation: Generation) -> tuple[rsa.RSAPrivateKey | None, Generation]:
        """Return the key to keep, and the generation, marked as disclosed where its key came in the clear."""
        keys, is_needed = self._contents.keys, self._current.encrypted_key is None
        if self._site.key.custody is not Custody.CUSTOMER:
            for each in keys:
                message = "holds a private key, which is not kept"
                self._report(codes.PRIVATE_KEY_INCLUDED, message, _path(each.origin))
            own = [each for each in keys if not each.protected and _is_of(each.key, generation)]
            return None, replace(generation, disclosed=generation.disclosed or bool(own))
        if not is_needed:
            return None, generation
        if not keys:
            self._report(codes.KEY_AWAITED, "no private key came with the certificate")
            return None, generation
        found = self._customer_key(keys, generation)
        if found is None or not isinstance(found.key, rsa.RSAPrivateKey):
            return None, generation
        if found.protected:
            return found.key, generation
        message = "the customer's private key came in the clear"
        self._report(codes.KEY_IN_THE_CLEAR, message, _path(found.origin))
        return found.key, replace(generation, disclosed=True)

    def _customer_key(self, keys: Sequence[FoundKey], generation: Generation) -> FoundKey | None:
        """Return the one of the keys that is the certificate's; one that came in the clear before others."""
        own = [each for each in keys if _is_of(each.key, generation)]
        if own:
            return min(own, key=lambda each: each.protected)
        for each in keys:
            if each.refusal is not None:
                self._problems.append(refusal_problem(each.refusal, self._site.name))
            elif not isinstance(each.key, rsa.RSAPrivateKey):
                self._report(codes.UNREADABLE_INPUT, "the private key is no RSA key", _path(each.origin))
        if any(isinstance(each.key, rsa.RSAPrivateKey) for each in keys):
            self._report(codes.KEY_MISMATCH, "the private key that came with it is not the certificate's")
        return None


def _is_of(key: PrivateKeyTypes | None, generation: Generation) -> bool:
    """Tell whether a key is a generation's; those of other kinds than RSA never are."""
    return isinstance(key, rsa.RSAPrivateKey) and generation.spki_sha256 == spki_sha256(key.public_key())


def _path(origin: str) -> str:
    """Return the file in which something was found."""
    return origin.partition(": ")[0]


def _until(issued: IssuedCertificate) -> str:
    return f"valid until {issued.leaf.not_after:%Y-%m-%d} (serial {issued.leaf.serial})"


def _listed(names: Sequence[AlternativeName]) -> str:
    return ", ".join(name.value for name in names) or "no name"
