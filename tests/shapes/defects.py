"""Returns that cannot be read: a table from which the tests and docs/shapes.md are made."""

from __future__ import annotations

import gzip
import io
import tarfile
import zipfile
from dataclasses import dataclass

from fuzz.seeds import keystore as own_keystore
from fuzz.seeds import tarred, zipped
from shapes.returned import Files, Returned, openssl
from shapes.shapes import Make, one, p7b, pfx, text
from sitecert.pki.der_writer import (
    write_element,
    write_integer,
    write_object_identifier,
    write_octet_string,
    write_sequence,
)

MEBIBYTE = 1 << 20
PNG = b"\x89PNG\r\n\x1a\n" + bytes(100)
WORD = zipped({"[Content_Types].xml": b"<Types/>", "word/document.xml": b"<w:document/>"})


@dataclass(frozen=True)
class Defect:
    """One return that is refused: what it is in words, its files, the code and words of the refusal."""

    name: str
    title: str
    make: Make
    code: str
    clause: str
    needs_password: bool = False


def always(content: bytes) -> Make:
    """Return what makes one file, whatever the CA returned."""
    return lambda _: {"returned": content}


def cut(share: float) -> Make:
    """Return what loses the end of the PEM text."""
    return text(lambda pem: pem[: int(len(pem) * share)])


def flipped(returned: Returned) -> bytes:
    """Return DER whose version is one that there is not."""
    content = bytearray(returned.leaf_der)
    content[12] ^= 0x11
    return bytes(content)


def encrypted_zip(returned: Returned) -> bytes:
    """Return a zip archive whose one file says that it is encrypted."""
    content = bytearray(zipped({"leaf.crt": returned.leaf_pem}))
    for at in (6, content.index(b"PK\x01\x02") + 8):
        content[at] |= 1
    return bytes(content)


def link_in_zip(_: Returned) -> bytes:
    """Return a zip archive with a symbolic link."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        info = zipfile.ZipInfo("leaf.crt")
        info.create_system = 3
        info.external_attr = 0o120777 << 16
        archive.writestr(info, "/etc/passwd")
    return buffer.getvalue()


def link_in_tar(_: Returned) -> bytes:
    """Return a tar archive with a symbolic link."""
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w") as archive:
        info = tarfile.TarInfo("../../leaf.crt")
        info.type = tarfile.SYMTYPE
        info.linkname = "/etc/passwd"
        archive.addfile(info)
    return buffer.getvalue()


def nested(depth: int) -> Make:
    """Return what makes zip archives, one in the other."""

    def make(returned: Returned) -> Files:
        content = returned.whole_pem
        for _ in range(depth):
            content = zipped({"a": content})
        return {"a.zip": content}

    return make


def deep_asn1(_: Returned) -> bytes:
    """Return ASN.1 of indefinite length, a hundred deep."""
    return b"\x30\x80" * 100 + b"\0\0" * 100


def costly_pfx(rounds: int) -> Make:
    """Return what makes a PFX whose MAC asks for so many rounds."""
    mac = write_sequence(
        write_sequence(
            write_sequence(write_object_identifier("1.3.14.3.2.26"), b"\x05\0"), write_octet_string(bytes(20))
        ),
        write_octet_string(b"saltsalt"),
        write_integer(rounds),
    )
    safes = write_octet_string(write_sequence())
    content = write_sequence(write_object_identifier("1.2.840.113549.1.7.1"), write_element(0xA0, safes))
    return always(write_sequence(write_integer(3), content, mac))


def other_password(returned: Returned) -> bytes:
    """Return a PFX under a password that nobody gives."""
    words = "pkcs12 -export -nokeys -in a.pem -out a.pfx -passout pass:another"
    return openssl(words, {"a.pem": returned.whole_pem}, "a.pfx")


def other_store(returned: Returned) -> bytes:
    """Return a JKS whose end is missing."""
    return own_keystore(returned.leaf_der)[:-40]


def revocations(_: Returned) -> bytes:
    """Return a revocation list, signed by openssl."""
    config = b"[ca]\ndefault_ca=d\n[d]\ndatabase=db\ndefault_md=sha256\ndefault_crl_days=30\n"
    key = openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", {})
    request = b"[req]\ndistinguished_name=d\nprompt=no\n[d]\nCN=example CA\n"
    ca = openssl("req -x509 -new -key k -config c -days 30", {"k": key, "c": request})
    return openssl("ca -gencrl -config c -keyfile k -cert ca", {"k": key, "c": config, "ca": ca, "db": b""})


def many_blocks(returned: Returned) -> bytes:
    """Return the same small block six hundred times."""
    block = b"-----BEGIN X-----\nMAA=\n-----END X-----\n"
    return returned.leaf_pem + block * 600


def huge_key(_: Returned) -> bytes:
    """Return an RSA key of sixteen thousand bits that never was one."""
    numbers = [write_integer(0), *(write_integer(1 << bits) for bits in (16384, 17, 16384, *[8192] * 5))]
    return write_sequence(*numbers)


def lost_line(pem: str) -> str:
    """Return PEM without its fifth line."""
    rows = pem.split("\n")
    return "\n".join(rows[:4] + rows[5:])


def broken_zip(returned: Returned) -> bytes:
    """Return a zip archive whose file is not what its checksum says."""
    content = bytearray(zipped({"a": returned.leaf_pem}, zipfile.ZIP_STORED))
    content[100] ^= 1
    return bytes(content)


def public_part(returned: Returned) -> bytes:
    """Return the public key of the certificate."""
    return openssl("x509 -in a.pem -pubkey -noout", {"a.pem": returned.leaf_pem})


def enveloped(returned: Returned) -> bytes:
    """Return the certificate, encrypted to its own holder."""
    words = "cms -encrypt -binary -outform DER -in text -out o a.pem"
    return openssl(words, {"text": returned.leaf_pem, "a.pem": returned.leaf_pem}, "o")


def own_key(_: Returned) -> bytes:
    """Return a private key that belongs to nothing here."""
    return openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048", {})


def own_request(_: Returned) -> bytes:
    """Return a request."""
    config = b"[req]\ndistinguished_name=d\nprompt=no\n[d]\nCN=smartweb.parknicollet.com\n"
    return openssl("req -new -key k -config c", {"k": own_key(_), "c": config})


DEFECTS = (
    Defect("empty", "an empty file", always(b""), "SC520", "is empty"),
    Defect("blank", "a file of blanks", always(b" \r\n\t\r\n"), "SC520", "is empty"),
    Defect("bom-alone", "a byte order mark alone", always(b"\xef\xbb\xbf"), "SC520", "nothing but blanks"),
    Defect(
        "empty-zip", "an archive without a file", always(zipped({})), "SC520", "an archive without a file"
    ),
    Defect("empty-in-zip", "an empty file in an archive", always(zipped({"a": b""})), "SC520", "a is empty"),
    Defect("words", "a note without a certificate", always(b"It is attached.\n"), "SC521", "holds nothing"),
    Defect("noise", "noise", always(bytes(range(256)) * 4), "SC521", "holds nothing"),
    Defect(
        "other-asn1", "ASN.1 of another kind", always(bytes.fromhex("30060c01ff0c01ff")), "SC521", "binary"
    ),
    Defect("web-page", "the portal's page", always(b"<!DOCTYPE html><html></html>"), "SC522", "a web page"),
    Defect(
        "error-page", "an error page", always(b"\r\n<HTML><BODY>403</BODY></HTML>"), "SC522", "a web page"
    ),
    Defect("pdf", "a PDF", always(b"%PDF-1.7\n" + bytes(50)), "SC523", "a PDF document"),
    Defect("word", "a Word document", always(WORD), "SC523", "a document of a word processor"),
    Defect(
        "old-word", "an old Word document", always(bytes.fromhex("d0cf11e0a1b11ae1") * 9), "SC523", "a Word"
    ),
    Defect("rtf", "an RTF document", always(b"{\\rtf1 hello}"), "SC523", "an RTF document"),
    Defect("screenshot", "a screenshot", always(PNG), "SC524", "a picture (PNG)"),
    Defect("photo", "a photograph", always(b"\xff\xd8\xff\xe0" + bytes(60)), "SC524", "a picture (JPEG)"),
    Defect(
        "cut-pem", "PEM whose end is missing", cut(0.4), "SC525", "the beginning of a CERTIFICATE but no end"
    ),
    Defect("cut-second", "PEM whose last block is cut off", cut(0.95), "SC525", "block 2 has the beginning"),
    Defect(
        "no-begin",
        "PEM whose first line is missing",
        text(lambda p: p.split("\n", 1)[1]),
        "SC525",
        "the end of",
    ),
    Defect("cut-der", "DER that is cut off", one("a", lambda r: r.leaf_der[:-9]), "SC525", "is cut off:"),
    Defect("cut-p7b", "PKCS#7 that is cut off", one("a", lambda r: p7b(r)[:700]), "SC525", "is cut off: 700"),
    Defect(
        "cut-gzip",
        "gzip that is cut off",
        one("a", lambda r: gzip.compress(r.leaf_pem)[:-30]),
        "SC525",
        "gzip",
    ),
    Defect(
        "cut-jks", "a keystore that is cut off", one("a", other_store), "SC525", "keystore that is cut off"
    ),
    Defect(
        "bad-base64",
        "PEM with a character changed",
        text(lambda p: p.replace("MII", "M!I")),
        "SC526",
        "not base64",
    ),
    Defect("lost-line", "PEM of which a line is lost", text(lost_line), "SC525", "is cut off"),
    Defect("bad-der", "DER with a byte changed", one("a", flipped), "SC526", "damaged"),
    Defect(
        "other-end",
        "another label at the end",
        text(lambda p: p.replace("END CERT", "END X509 CERT")),
        "SC526",
        "ends as",
    ),
    Defect("bad-zip", "a zip archive that is damaged", one("a", broken_zip), "SC526", "zip archive"),
    Defect(
        "bad-tar",
        "tar with noise in it",
        one("a", lambda r: tarred({"a": r.leaf_der[:-9]})),
        "SC525",
        "a is cut off",
    ),
    Defect("locked-pfx", "a PFX without its password", one("a.pfx", pfx()), "SC527", "no password was given"),
    Defect(
        "wrong-pfx",
        "a PFX under another password",
        one("a.pfx", other_password),
        "SC528",
        "no password that was given",
        needs_password=True,
    ),
    Defect(
        "large", "two MiB", one("a", lambda r: r.leaf_pem + b"\n" * 2 * MEBIBYTE), "SC529", "more than 1 MiB"
    ),
    Defect(
        "zip-bomb",
        "an archive that unpacks to 50 MiB",
        always(zipped({"a": bytes(50 * MEBIBYTE)})),
        "SC530",
        "unpacks to more",
    ),
    Defect(
        "gzip-bomb",
        "gzip that unpacks to 50 MiB",
        always(gzip.compress(bytes(50 * MEBIBYTE))),
        "SC530",
        "unpacks to more",
    ),
    Defect(
        "many-mebibytes",
        "an archive of nine files of a MiB",
        always(zipped({str(n): b" " * MEBIBYTE for n in range(9)})),
        "SC530",
        "unpacks to more than",
    ),
    Defect("nested", "archives in archives", nested(6), "SC531", "one inside the other"),
    Defect("deep-asn1", "ASN.1 a hundred deep", one("a", deep_asn1), "SC531", "nested deeper"),
    Defect(
        "many-files",
        "an archive of three hundred files",
        always(zipped({str(n): b"x" for n in range(300)})),
        "SC532",
        "more than 200 files",
    ),
    Defect("many-blocks", "six hundred blocks", one("a", many_blocks), "SC532", "more than 500 objects"),
    Defect("costly-pfx", "a PFX with a billion rounds", costly_pfx(10**9), "SC533", "1000000000 rounds"),
    Defect("huge-key", "an RSA key of 16384 bits", one("a", huge_key), "SC533", "more than 8192 bits"),
    Defect(
        "locked-zip",
        "a zip archive under a password",
        one("a.zip", encrypted_zip),
        "SC534",
        "is encrypted in its zip",
    ),
    Defect("7z", "a 7-Zip archive", always(b"7z\xbc\xaf\x27\x1c" + bytes(40)), "SC534", "a 7-Zip archive"),
    Defect(
        "age", "a file under age", always(b"age-encryption.org/v1\n-> X25519 "), "SC534", "encrypted with age"
    ),
    Defect("crl", "a revocation list", one("a.crl", revocations), "SC535", "a certificate revocation list"),
    Defect("public-key", "the public key alone", one("a", public_part), "SC535", "a public key"),
    Defect(
        "enveloped", "a message under somebody's key", one("a", enveloped), "SC535", "encrypted to the holder"
    ),
    Defect(
        "ssh", "an SSH public key", always(b"ssh-rsa AAAAB3NzaC1yc2E= me\n"), "SC535", "an SSH public key"
    ),
    Defect("zip-link", "a link in a zip archive", one("a.zip", link_in_zip), "SC536", "a symbolic link"),
    Defect("tar-link", "a link in a tar archive", one("a.tar", link_in_tar), "SC536", "a link or a device"),
    Defect("key-alone", "a private key alone", one("a", own_key), "SC501", "a private key alone"),
    Defect("request-alone", "the request that was sent", one("a.csr", own_request), "SC518", "a request"),
)
