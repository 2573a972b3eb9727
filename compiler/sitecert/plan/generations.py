"""Understand the generations that stand under `out/`: whole or damaged, and what they say."""

from __future__ import annotations

import re
from hashlib import sha256

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation, Request
from sitecert.model.layout import (
    CHAIN,
    INTERIM,
    IRREPLACEABLE,
    KEY,
    LEAF,
    MANIFEST,
    REQUEST,
    generation_folder,
    site_folder,
)
from sitecert.model.record import GenerationRecord, RecordError
from sitecert.model.stored import StoredGeneration, StoredSite
from sitecert.pki.certificates import read_issued
from sitecert.pki.errors import PkiError
from sitecert.pki.requests import read_request
from sitecert.problems import Problem, Rule
from sitecert.problems.codes.generations import DAMAGED, MISSING, UNREADABLE

AGE_HEADER = b"-----BEGIN AGE ENCRYPTED FILE-----\n"


def check_none_lost(stored: StoredSite, number: int) -> tuple[Problem, ...]:
    """Report each generation that was certified and is gone, though it was not superseded.

    The site's manifest tells what stood. A generation that a newer certified one below `number` (the
    site's `key.generation`) has superseded may leave; any other would be missed, and the current one
    would silently get another key.
    """
    form = re.compile(rf"{re.escape(site_folder(stored.name))}/generation-([0-9]{{1,6}})/{re.escape(LEAF)}")
    named = {int(match[1]) for path in stored.written if (match := form.fullmatch(path))}
    standing = [n for n, each in stored.generations.items() if n < number and LEAF in each.files]
    lost = [n for n in named - {*stored.generations} if max(standing, default=-1) < n <= number]
    return tuple(_lost(stored.name, each) for each in sorted(lost))


def _lost(site: str, number: int) -> Problem:
    folder = generation_folder(site, number)
    hint = (
        f"bring it back with `git checkout -- {folder}`; "
        f"to begin anew without its certificate, remove {site_folder(site)} as a whole"
    )
    message = "had a certificate and is gone; it cannot be made again"
    return MISSING.at(Place(folder, 1, 1), message, hint=hint, site=site)


def read_generations(stored: StoredSite) -> tuple[dict[int, Generation], tuple[Problem, ...]]:
    """Parse and check every generation of a site.

    Returns the whole ones by number, and a problem for each file that is damaged, missing or
    unreadable; those cannot be made again, so they stop the site.
    """
    generations: dict[int, Generation] = {}
    problems: list[Problem] = []
    for number, each in stored.generations.items():
        reader = _Reader(stored.name, each)
        generation = reader.read()
        if generation is not None:
            generations[number] = generation
        problems += reader.problems
    return generations, tuple(problems)


class _Reader:
    """Reads one generation's folder and collects what is wrong with it."""

    def __init__(self, site: str, stored: StoredGeneration) -> None:
        self._site = site
        self._stored = stored
        self.problems: list[Problem] = []

    def read(self) -> Generation | None:
        """Return the generation, or None where a problem was found or nothing irreplaceable is there."""
        present = [name for name in IRREPLACEABLE if name in self._stored.files]
        if MANIFEST not in self._stored.files:
            if present:
                self._report(MISSING, MANIFEST, "is missing beside files that cannot be made again")
            return None
        record = self._record()
        if record is None:
            return None
        self._compare(record)
        if self.problems:
            return None
        self._check_key_file()
        request, certificate, interim = self._request(), self._certificate(), self._interim()
        self._agree(record, request, certificate, interim)
        if self.problems:
            return None
        return Generation(
            number=record.generation,
            request=request,
            encrypted_key=self._stored.files.get(KEY),
            certificate=certificate,
            interim_pem=self._stored.files.get(INTERIM),
            recipients=record.recipients,
            sealed=record.sealed,
            disclosed=record.disclosed,
        )

    def _report(self, rule: Rule, name: str, message: str) -> None:
        path = f"{self._stored.folder}/{name}"
        hint = f"bring it back with `git checkout -- {path}`"
        self.problems.append(rule.at(Place(path, 1, 1), message, hint=hint, site=self._site))

    def _record(self) -> GenerationRecord | None:
        try:
            record = GenerationRecord.from_bytes(self._stored.files[MANIFEST])
        except RecordError as error:
            self._report(DAMAGED, MANIFEST, str(error))
            return None
        if record.generation != self._stored.number:
            self._report(DAMAGED, MANIFEST, f"belongs to generation {record.generation}")
            return None
        return record

    def _compare(self, record: GenerationRecord) -> None:
        """Hold the irreplaceable files against their digests."""
        for name in IRREPLACEABLE:
            content, digest = self._stored.files.get(name), record.files.get(name)
            if content is None and digest is not None:
                self._report(MISSING, name, "is missing; it cannot be made again")
            elif content is not None and digest is None:
                self._report(DAMAGED, name, f"does not belong here: {MANIFEST} does not name it")
            elif content is not None and sha256(content).hexdigest() != digest:
                self._report(
                    DAMAGED, name, f"is not what was written: its digest in {MANIFEST} does not hold"
                )

    def _check_key_file(self) -> None:
        """Look at the key's outside: the inside needs an identity (`sitecert key audit`)."""
        content = self._stored.files.get(KEY)
        if content is not None and not content.startswith(AGE_HEADER):
            self._report(DAMAGED, KEY, "is not encrypted: it is no age file")
        if content is not None and not {REQUEST, LEAF} & {*self._stored.files}:
            self._report(MISSING, REQUEST, "is missing beside the key")

    def _request(self) -> Request | None:
        content = self._stored.files.get(REQUEST)
        if content is None:
            return None
        try:
            return read_request(content)
        except PkiError as error:
            self._report(UNREADABLE, REQUEST, str(error))
            return None

    def _certificate(self) -> IssuedCertificate | None:
        leaf = self._stored.files.get(LEAF)
        if leaf is None:
            return None
        try:
            return read_issued(leaf, self._stored.files.get(CHAIN, b""))
        except PkiError as error:
            self._report(UNREADABLE, LEAF, str(error))
            return None

    def _interim(self) -> IssuedCertificate | None:
        content = self._stored.files.get(INTERIM)
        if content is None:
            return None
        try:
            return read_issued(content, b"")
        except PkiError as error:
            self._report(UNREADABLE, INTERIM, str(error))
            return None

    def _agree(
        self,
        record: GenerationRecord,
        request: Request | None,
        certificate: IssuedCertificate | None,
        interim: IssuedCertificate | None,
    ) -> None:
        """Hold the public key of the record, the request and the certificates against one another."""
        if request is not None and request.spki_sha256 != record.spki_sha256:
            self._report(DAMAGED, REQUEST, f"is for another key than {MANIFEST} names")
        if certificate is not None and certificate.leaf.spki_sha256 != record.spki_sha256:
            self._report(DAMAGED, LEAF, f"is for another key than {MANIFEST} names")
        if interim is not None and interim.leaf.spki_sha256 != record.spki_sha256:
            self._report(DAMAGED, INTERIM, f"is for another key than {MANIFEST} names")
