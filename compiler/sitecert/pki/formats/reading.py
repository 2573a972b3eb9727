"""Read files by content."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from sitecert.pki.der import SEQUENCE, Element
from sitecert.pki.formats.archives import Entry, decompress, shown, untar, unzip
from sitecert.pki.formats.armour import (
    ArmouredBlock,
    as_plain,
    decode_base64,
    has_armour,
    read_armour,
    unquoted,
)
from sitecert.pki.formats.asn1 import Kind, kind_of
from sitecert.pki.formats.ber import declared_length, element_of, to_definite
from sitecert.pki.formats.bounds import Bounds, check_depth
from sitecert.pki.formats.collection import Collection
from sitecert.pki.formats.contents import (
    Contents,
    FoundKey,
    GivenFile,
    RefusalKind,
)
from sitecert.pki.formats.errors import ExhaustedError, NotReadError
from sitecert.pki.formats.keystore import read_keystore
from sitecert.pki.formats.labels import EXPECTED, OTHER_LABELS, PARAMETERS, TRUSTED
from sitecert.pki.formats.pkcs7 import read_pkcs7
from sitecert.pki.formats.pkcs12 import read_pkcs12
from sitecert.pki.formats.private_keys import (
    OPENSSH,
    load_private_key,
    open_encrypted_pkcs8,
    open_openssh,
    open_traditional,
)
from sitecert.pki.formats.sniffing import Form, form_of, is_document, is_web_page
from sitecert.pki.formats.stores import Store, StoredKey
from sitecert.pki.formats.text import Text, text_of

INDEFINITE_SEQUENCE = b"\x30\x80"
BLANKS = b"\0\t\n\r \x1a"
"""What editors and file transfers leave behind the end of a binary file."""


def read_contents(
    files: Sequence[GivenFile], passwords: Sequence[str] = (), bounds: Bounds | None = None
) -> Contents:
    """Return what the files hold: certificates, requests, private keys; what cannot be read is told.

    `passwords` are tried, in order, wherever one is needed, then the empty one and none. Everything is
    bounded, by the `bounds` for what people send unless others are given: no file takes seconds, and none
    takes much memory.
    """
    reader = _Reader(passwords, bounds)
    for file in files:
        if not reader.read_file(file):
            break
    return reader.found.contents()


class _Reader:
    """Reads one set of files, each by its form."""

    def __init__(self, passwords: Sequence[str], bounds: Bounds | None) -> None:
        self._passwords = tuple(dict.fromkeys(each for each in passwords if each))
        self._bounds = bounds or Bounds(len(self._passwords))
        self.found = Collection(self._bounds)

    def read_file(self, file: GivenFile) -> bool:
        """Read one file, or refuse it; False where nothing more is to be read."""
        origin, self.found.is_part = shown(file.path), file.is_part
        try:
            with self.found.refusing(origin):
                self._bounds.check_size(len(file.content))
                before = self.found.count
                self._read(file.content, origin, 0)
                if self.found.count == before:
                    clause = "holds neither a certificate nor a request nor a private key"
                    raise NotReadError(RefusalKind.OTHER_KIND, clause)
        except ExhaustedError as error:
            self.found.end(error, origin)
            return False
        return True

    def _read(self, content: bytes, origin: str, depth: int) -> None:
        """Read what lies in `depth` archives; raises NotReadError."""
        readers: dict[Form, Callable[[bytes, str, int], None]] = {
            Form.ZIP: self._zip,
            Form.TAR: self._tar,
            Form.GZIP: self._compressed,
            Form.BZIP2: self._compressed,
            Form.XZ: self._compressed,
            Form.KEYSTORE: self._keystore,
            Form.ASN1: self._binary,
            Form.TEXT: self._text,
        }
        check_depth(depth)
        readers[form_of(content)](content, origin, depth)

    # Archives.

    def _zip(self, content: bytes, origin: str, depth: int) -> None:
        entries = list(unzip(content, self._bounds))
        if is_document([each.name for each in entries]):
            raise NotReadError(RefusalKind.DOCUMENT, "is a document of a word processor")
        self._entries(entries, origin, depth)

    def _tar(self, content: bytes, origin: str, depth: int) -> None:
        self._entries(untar(content, self._bounds), origin, depth)

    def _compressed(self, content: bytes, origin: str, depth: int) -> None:
        self._read(decompress(content, form_of(content).value, self._bounds), origin, depth + 1)

    def _entries(self, entries: Iterable[Entry], origin: str, depth: int) -> None:
        is_empty = True
        for entry in entries:
            is_empty, self.found.is_part = False, True
            name = f"{origin}: {entry.name}"
            with self.found.refusing(name):
                if isinstance(entry.content, NotReadError):
                    raise entry.content
                self._read(entry.content, name, depth + 1)
        if is_empty:
            raise NotReadError(RefusalKind.EMPTY, "is an archive without a file")

    # Text.

    def _text(self, content: bytes, origin: str, depth: int) -> None:
        del depth
        text = as_plain(text_of(content))
        if has_armour(text):
            for number, block in enumerate(read_armour(text), 1):
                self._armoured(block, f"{origin}: block {number}")
        elif is_web_page(text.written):
            raise NotReadError(RefusalKind.WEB_PAGE, "is a web page, not a certificate")
        else:
            self._unarmoured(text, origin)
        self.found.repair(text.repairs, origin)

    def _armoured(self, block: ArmouredBlock | NotReadError, origin: str) -> None:
        with self.found.refusing(origin):
            if isinstance(block, NotReadError):
                raise block
            self._block(block, origin)
            self.found.repair(block.repairs, origin)

    def _block(self, block: ArmouredBlock, origin: str) -> None:
        label = block.label
        if label in PARAMETERS:
            return
        if label in OTHER_LABELS:
            raise NotReadError(RefusalKind.OTHER_KIND, f"is a {label}")
        if label == OPENSSH:
            self.found.add_key(
                FoundKey(open_openssh(block.content, self._bounds), protected=False, origin=origin)
            )
        elif "ENCRYPTED" in block.headers.get("Proc-Type", ""):
            self.found.add_opened(
                lambda: open_traditional(label, block.headers, block.content, self._passwords, self._bounds),
                origin,
            )
        else:
            self._elements(block.content, origin, label)

    def _unarmoured(self, text: Text, origin: str) -> None:
        """Read a text that is base64 and nothing else."""
        lines, repairs = unquoted(text.spaced)
        content = decode_base64("".join(lines))
        if not content or content[:1] != bytes([SEQUENCE]):
            raise NotReadError(RefusalKind.UNREADABLE, "holds nothing that can be read as a certificate")
        self.found.repair(("stands without BEGIN and END lines", *repairs), origin)
        self._elements(content, origin)

    # ASN.1.

    def _binary(self, content: bytes, origin: str, depth: int) -> None:
        del depth
        self._elements(content, origin)

    def _elements(self, content: bytes, origin: str, label: str = "") -> None:
        """Read what bytes hold: one element, or several one after the other."""
        rest = content
        number = 0
        while rest[:1] == bytes([SEQUENCE]) or number == 0:
            number += 1
            der, rest = _first(rest)
            is_only = number == 1 and rest[:1] != bytes([SEQUENCE])
            self._element(element_of(der), origin if is_only or label else f"{origin}: part {number}", label)
            if label == TRUSTED:
                break
        if label == TRUSTED and rest:
            self.found.repair(("trust settings stand behind the certificate and are left out",), origin)
        elif rest.strip(BLANKS):
            self.found.repair((f"{len(rest)} bytes stand behind the end and are left out",), origin)

    def _element(self, element: Element, origin: str, label: str) -> None:
        kind = kind_of(element)
        if kind is Kind.UNKNOWN:
            if label:
                raise NotReadError(RefusalKind.DAMAGED, f"is a {label} that is damaged")
            raise NotReadError(RefusalKind.UNREADABLE, "is binary, but nothing that is known here")
        if kind in {Kind.REVOCATIONS, Kind.PUBLIC_KEY}:
            raise NotReadError(RefusalKind.OTHER_KIND, f"is a {kind}, not a certificate")
        if EXPECTED.get(label, kind) is not kind:
            self.found.repair((f"is labelled {label} and is a {kind}",), origin)
        readers: dict[Kind, Callable[[Element, str], None]] = {
            Kind.CERTIFICATE: self._certificate,
            Kind.REQUEST: self._request,
            Kind.PKCS7: self._pkcs7,
            Kind.PFX: self._pfx,
            Kind.PRIVATE_KEY: self._plain_key,
            Kind.ENCRYPTED_PRIVATE_KEY: self._encrypted_key,
        }
        readers[kind](element, origin)

    def _certificate(self, element: Element, origin: str) -> None:
        self.found.add_certificate(element.der, origin)

    def _request(self, element: Element, origin: str) -> None:
        self.found.add_request(element.der, origin)

    def _pfx(self, element: Element, origin: str) -> None:
        der, _ = to_definite(element.der)
        self._store(read_pkcs12(der, self._passwords, self._bounds), origin)

    def _plain_key(self, element: Element, origin: str) -> None:
        key = load_private_key(element.der, self._bounds)
        self.found.add_key(FoundKey(key, protected=False, origin=origin))

    def _encrypted_key(self, element: Element, origin: str) -> None:
        self.found.add_opened(lambda: open_encrypted_pkcs8(element, self._passwords, self._bounds), origin)

    def _pkcs7(self, element: Element, origin: str) -> None:
        signed = read_pkcs7(to_definite(element.der)[0])
        for number, certificate in enumerate(signed.certificates, 1):
            self.found.add_certificate(certificate, f"{origin}: certificate {number}")
        if signed.others:
            clause = f"holds {signed.others} certificates that are not X.509"
            self.found.refuse(NotReadError(RefusalKind.OTHER_KIND, clause), origin)

    def _keystore(self, content: bytes, origin: str, depth: int) -> None:
        del depth
        self._store(read_keystore(content, self._passwords, self._bounds), origin)

    def _store(self, store: Store, origin: str) -> None:
        for certificate in store.certificates:
            self.found.add_certificate(certificate.der, f"{origin}: {shown(certificate.name)}")
        for key in store.keys:
            self._stored_key(key, f"{origin}: {shown(key.name)}")
        for refusal in store.refusals:
            self.found.refuse(refusal, origin)
        self.found.repair(store.repairs, origin)

    def _stored_key(self, key: StoredKey, origin: str) -> None:
        try:
            if key.refusal is not None:
                raise key.refusal
            opened = load_private_key(key.der or b"", self._bounds)
        except ExhaustedError:
            raise
        except NotReadError as error:
            self.found.add_closed_key(error, origin)
        else:
            self.found.add_key(FoundKey(opened, key.protected, origin))


def _first(content: bytes) -> tuple[bytes, bytes]:
    """Return the first element, with definite lengths, and what stands behind it; raises NotReadError."""
    if content.startswith(INDEFINITE_SEQUENCE):
        return to_definite(content)
    length = declared_length(content)
    if length is None:
        raise NotReadError(RefusalKind.DAMAGED, "is damaged: it is binary, and not ASN.1")
    if length > len(content):
        clause = f"is cut off: {len(content)} of {length} bytes are there"
        raise NotReadError(RefusalKind.CUT_OFF, clause)
    return content[:length], content[length:]
