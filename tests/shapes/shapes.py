"""The shapes: a table from which the tests and docs/shapes.md are made."""

from __future__ import annotations

import bz2
import gzip
import json
import lzma
import quopri
import zipfile
from base64 import encodebytes
from collections.abc import Callable
from dataclasses import dataclass
from html import escape

from cryptography.hazmat.primitives.serialization import Encoding, pkcs7

from fuzz.seeds import tarred, zipped
from shapes.returned import PASSWORD, Files, Returned, keystore, openssl, run

Make = Callable[[Returned], Files]


@dataclass(frozen=True)
class Shape:
    """One shape: a name, what it is in words, the files of it; `needs_password` where one opens it."""

    name: str
    title: str
    make: Make
    needs_password: bool = False
    piped: bool = False


def text(change: Callable[[str], str], encoding: str = "utf-8") -> Make:
    """Return what makes one file of the PEM text, changed."""
    return lambda returned: {"returned.txt": change(returned.whole_pem.decode()).encode(encoding)}


def one(name: str, change: Callable[[Returned], bytes]) -> Make:
    """Return what makes one file."""
    return lambda returned: {name: change(returned)}


def lines(prefix: str, suffix: str = "") -> Callable[[str], str]:
    """Return what puts something around every line."""
    return lambda pem: "".join(f"{prefix}{line}{suffix}\n" for line in pem.splitlines())


def width(columns: int) -> Callable[[str], str]:
    """Return what breaks base64 at another column."""

    def change(pem: str) -> str:
        blocks = []
        for block in pem.split("-----BEGIN CERTIFICATE-----\n")[1:]:
            body = block.partition("-----END")[0].replace("\n", "")
            rows = [body[at : at + columns] for at in range(0, len(body), columns)]
            blocks.append("\n".join(["-----BEGIN CERTIFICATE-----", *rows, "-----END CERTIFICATE-----", ""]))
        return "".join(blocks)

    return change


def labelled(label: str) -> Callable[[str], str]:
    """Return what gives the blocks another label."""
    return lambda pem: pem.replace(" CERTIFICATE-----", f" {label}-----")


def dump(returned: Returned) -> bytes:
    """Return what `openssl x509 -text` prints of both (of one, where the root issued it)."""
    shown = (
        openssl("x509 -text -in a.pem", {"a.pem": each})
        for each in (returned.leaf_pem, returned.chain_pem)
        if each
    )
    return b"".join(shown)


def bag_attributes(returned: Returned) -> bytes:
    """Return what `openssl pkcs12 -nokeys` prints."""
    return openssl("pkcs12 -in a.pfx -nokeys -passin file:password", {"a.pfx": pfx()(returned)})


def pfx(options: str = "") -> Callable[[Returned], bytes]:
    """Return what makes a PFX of the certificates, as `openssl pkcs12 -export` does."""
    words = f"pkcs12 -export -nokeys -in a.pem -out a.pfx -passout file:password {options}"
    return lambda returned: openssl(words, {"a.pem": returned.whole_pem}, "a.pfx")


def p7b(returned: Returned) -> bytes:
    """Return PKCS#7 as AD CS exports it: DER, the root in it."""
    return pkcs7.serialize_certificates([returned.leaf, *returned.chain, returned.root], Encoding.DER)


def p7b_pem(returned: Returned) -> bytes:
    """Return PKCS#7 as PEM, without the root."""
    return openssl("crl2pkcs7 -nocrl -certfile a.pem", {"a.pem": returned.whole_pem})


def streamed(returned: Returned) -> bytes:
    """Return CMS that was written as a stream, with indefinite lengths."""
    words = "cms -sign -binary -nodetach -stream -outform DER -in text -out o"
    signer_words = "-signer s.pem -inkey s.key -certfile a.pem"
    signer = {"c": b"[req]\ndistinguished_name=d\nprompt=no\n[d]\nCN=signer\n"}
    signer_key = openssl("genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256", {})
    made = openssl("req -x509 -new -key s.key -config c -days 30", {**signer, "s.key": signer_key})
    files = {"text": b"x" * 100, "s.key": signer_key, "s.pem": made, "a.pem": returned.whole_pem}
    return openssl(f"{words} {signer_words}", files, "o")


def mail(pem: str) -> str:
    """Return a mail in which somebody answers under what came."""
    quoted = lines("> > ")(pem)
    return f"Hi all,\n\nOn Monday the CA wrote:\n> Your certificate:\n>\n{quoted}>\n> Kind regards\n"


def page(pem: str) -> str:
    """Return a page of a portal that shows the certificate."""
    rows = "<br>\n".join(f"&nbsp;{escape(line)}" for line in pem.splitlines())
    return f"<html><body><p>Your certificate:</p><code>\n{rows}<br>\n</code></body></html>\n"


def entities(pem: str) -> str:
    """Return text whose punctuation a ticket system has escaped."""
    return pem.replace("-", "&#45;").replace("+", "&#43;").replace("=", "&#61;").replace("/", "&#x2F;")


def base64(returned: Returned) -> bytes:
    """Return the PKCS#7 as base64 alone."""
    return encodebytes(p7b(returned))


def quopri_of(pem: str) -> str:
    """Return text as quoted-printable."""
    return quopri.encodestring(pem.encode()).decode()


def folded(pem: str) -> str:
    """Return quoted-printable whose lines a mail program folded in their middle."""
    rows = quopri_of(pem).splitlines()
    return "".join(f"{row[:40]}=\n{row[40:]}\n" if row.startswith("MII") else f"{row}\n" for row in rows)


def trusted(returned: Returned) -> Files:
    """Return what `openssl x509 -trustout` writes."""
    words = "x509 -in a.pem -trustout -addtrust serverAuth -setalias smartweb"
    return {"a": openssl(words, {"a.pem": returned.leaf_pem}), "b": returned.chain_pem}


def without_password(options: str) -> Callable[[Returned], bytes]:
    """Return what makes a PFX under the empty password."""
    words = f"pkcs12 -export -nokeys -in a.pem -out a.pfx -passout pass: {options}"
    return lambda returned: openssl(words, {"a.pem": returned.whole_pem}, "a.pfx")


def archived(returned: Returned) -> Files:
    """Return what CAs put into an archive."""
    return {
        "smartweb/leaf.crt": returned.leaf_pem,
        "smartweb/My_CA_Bundle.ca-bundle": returned.chain_pem,
        "INSTALL_INSTRUCTIONS.en.html": b"<html><body>How to install it</body></html>",
    }


def mixed(returned: Returned) -> Files:
    """Return what several people have forwarded."""
    quoted = lines("> ")(returned.chain_pem.decode()).encode("utf-16")
    return {
        "leaf.der": returned.leaf_der,
        "issuer.txt": quoted,
        "a.zip": zipped({"1/leaf.cer": returned.leaf_der}),
    }


def relabelled(label: str) -> Callable[[Returned], bytes]:
    """Return what makes PKCS#7 as PEM under another label."""
    return lambda returned: p7b_pem(returned).replace(b"PKCS7", label.encode())


def public_key(returned: Returned) -> Files:
    """Return what somebody sent who was asked for the key."""
    return {
        "a": returned.whole_pem,
        "b": openssl("x509 -in a.pem -pubkey -noout", {"a.pem": returned.leaf_pem}),
    }


def windows(content: bytes) -> bytes:
    """Return text with line ends of Windows."""
    return content.replace(b"\n", b"\r\n")


EC_PARAMETERS = "-----BEGIN EC PARAMETERS-----\nBggqhkjOPQMBBw==\n-----END EC PARAMETERS-----\n"
SHAPES = (
    Shape("pem", "PEM, the certificate and its issuer, in one file", text(str)),
    Shape("pem-two-files", "PEM in two files", lambda r: {"leaf.crt": r.leaf_pem, "ca.crt": r.chain_pem}),
    Shape("pem-reversed", "the issuer first", one("a.pem", lambda r: r.chain_pem + r.leaf_pem)),
    Shape("pem-root-first", "the root first", one("a.pem", lambda r: r.root_pem + r.chain_pem + r.leaf_pem)),
    Shape(
        "pem-twice",
        "everything twice, under two names",
        lambda r: {"1.crt": r.whole_pem, "1.pem": r.whole_pem},
    ),
    Shape("pem-as-cer", "PEM under the name `certnew.cer`", one("certnew.cer", lambda r: r.whole_pem)),
    Shape("stdin", "PEM on standard input", text(str), piped=True),
    Shape("crlf", "line ends of Windows", text(lambda pem: pem.replace("\n", "\r\n"))),
    Shape("cr", "line ends of old Macs", text(lambda pem: pem.replace("\n", "\r"))),
    Shape("mixed-ends", "line ends mixed", text(lambda pem: pem.replace("\n", "\r\n", 5))),
    Shape("bom", "a byte order mark", text(str, "utf-8-sig")),
    Shape("utf-16", 'UTF-16, as Notepad\'s "Unicode"', text(str, "utf-16")),
    Shape(
        "utf-16-be", "UTF-16 big-endian with a byte order mark", text(lambda pem: f"\ufeff{pem}", "utf-16-be")
    ),
    Shape("utf-16-no-bom", "UTF-16 without a byte order mark", text(str, "utf-16-le")),
    Shape("utf-16-be-no-bom", "UTF-16 big-endian without a byte order mark", text(str, "utf-16-be")),
    Shape("utf-32", "UTF-32", text(str, "utf-32")),
    Shape("no-final-newline", "no line end after the last line", text(str.rstrip)),
    Shape("indented", "indented by a ticket system", text(lines("    "))),
    Shape("tabs", "indented by tabs", text(lines("\t"))),
    Shape("trailing", "blanks at the end of every line", text(lines("", "  "))),
    Shape("quoted", "quoted, as in a mail: `> `", text(lines("> "))),
    Shape("mail", "quoted twice in a mail with text around", text(mail)),
    Shape("piped-quote", "quoted by a ticket system: `| `", text(lines("| "))),
    Shape("commented", "behind `# ` in a script", text(lines("# "))),
    Shape("string", "a string of source code", text(lines('"', '\\n"'))),
    Shape(
        "json",
        "in a JSON document",
        one("a.json", lambda r: json.dumps({"certificate": r.whole_pem.decode()}).encode()),
    ),
    Shape("yaml", "in a YAML document", text(lambda pem: "tls:\n  crt: |\n" + lines("    ")(pem))),
    Shape("nbsp", "non-breaking spaces before every line", text(lines("\u00a0"))),
    Shape(
        "zero-width", "zero-width spaces in the lines", text(lambda pem: pem.replace("\nMII", "\nM\u200bII"))
    ),
    Shape("cp1252", "non-breaking spaces of Windows-1252", text(lines("\u00a0"), "cp1252")),
    Shape(
        "en-dashes", 'dashes made "smart" by a word processor', text(lambda pem: pem.replace("--", "\u2013"))
    ),
    Shape("em-dashes", "dashes made long", text(lambda pem: pem.replace("-----", "\u2014\u2014-"))),
    Shape("four-dashes", "a dash lost in copying", text(lambda pem: pem.replace("-----", "----"))),
    Shape("glued", "no line end between END and BEGIN", text(lambda pem: pem.replace("-\n-", "--"))),
    Shape("html", "a portal's page with `<br>` and `&nbsp;`", text(page)),
    Shape("entities", "punctuation as HTML entities", text(entities)),
    Shape("quoted-printable", "quoted-printable", one("a.eml", lambda r: quopri.encodestring(r.whole_pem))),
    Shape("quoted-printable-folded", "quoted-printable, its lines folded", text(folded)),
    Shape("blank-lines", "a blank line after every line", text(lambda pem: pem.replace("\n", "\n\n"))),
    Shape("one-line", "base64 on one line", text(width(100_000))),
    Shape("76-columns", "base64 in lines of 76 characters", text(width(76))),
    Shape("narrow", "base64 in lines of 11 characters", text(width(11))),
    Shape("no-padding", "base64 without padding", text(lambda pem: pem.replace("=", ""))),
    Shape(
        "text-before",
        "text before BEGIN on its line",
        text(lambda pem: pem.replace("-----BEGIN", "crt: -----BEGIN")),
    ),
    Shape("x509-text", "`openssl x509 -text` of both", one("a.txt", dump)),
    Shape("bag-attributes", "`Bag Attributes` around, of `openssl pkcs12`", one("a.txt", bag_attributes)),
    Shape("x509-label", "labelled X509 CERTIFICATE", text(labelled("X509 CERTIFICATE"))),
    Shape("trusted-label", "labelled TRUSTED CERTIFICATE", text(labelled("TRUSTED CERTIFICATE"))),
    Shape("trusted", "TRUSTED CERTIFICATE with trust settings behind it", trusted),
    Shape("with-parameters", "EC PARAMETERS before it", text(lambda pem: EC_PARAMETERS + pem)),
    Shape("der", "DER in two files", lambda r: {"leaf.cer": r.leaf_der, "ca.cer": r.issuer_der}),
    Shape(
        "der-as-pem",
        "DER under the name `leaf.pem`",
        lambda r: {"leaf.pem": r.leaf_der, "ca.pem": r.issuer_der},
    ),
    Shape(
        "der-joined",
        "DER, one behind the other in one file",
        one("a.der", lambda r: r.leaf_der + r.issuer_der),
    ),
    Shape(
        "der-newline",
        "DER with a line end behind it",
        lambda r: {"a": r.leaf_der + b"\r\n", "b": r.issuer_der},
    ),
    Shape(
        "base64-der",
        "base64 of DER without BEGIN and END",
        lambda r: {"a": encodebytes(r.leaf_der), "b": r.chain_pem},
    ),
    Shape("p7b", "PKCS#7 as DER with the root in it, as AD CS exports it", one("certnew.p7b", p7b)),
    Shape("p7b-pem", "PKCS#7 as PEM", one("a.p7b", p7b_pem)),
    Shape("p7b-base64", "PKCS#7 as base64 alone", one("a.p7b", base64)),
    Shape("p7b-signed-data", "PKCS #7 SIGNED DATA", one("a", relabelled("PKCS #7 SIGNED DATA"))),
    Shape("p7b-certificate", "PKCS#7 labelled CERTIFICATE", one("a", relabelled("CERTIFICATE"))),
    Shape("p7b-cms", "PKCS#7 labelled CMS", one("a", relabelled("CMS"))),
    Shape("cms-stream", "signed CMS with indefinite lengths", one("a.p7m", streamed)),
    Shape("pfx", "PFX: AES-256, PBKDF2", one("a.pfx", pfx()), needs_password=True),
    Shape(
        "pfx-3des", "PFX: 3DES", one("a.p12", pfx("-certpbe PBE-SHA1-3DES -macalg sha1")), needs_password=True
    ),
    Shape(
        "pfx-rc2",
        "PFX: RC2 with 40 bits, as old Windows writes",
        one("a.pfx", pfx("-legacy")),
        needs_password=True,
    ),
    Shape("pfx-no-mac", "PFX without a MAC", one("a.pfx", pfx("-nomac")), needs_password=True),
    Shape(
        "pfx-plain",
        "PFX whose certificates are not encrypted",
        one("a.pfx", pfx("-certpbe NONE")),
        needs_password=True,
    ),
    Shape("pfx-empty", "PFX under the empty password", one("a.pfx", without_password(""))),
    Shape("pfx-rc2-empty", "PFX, RC2, under the empty password", one("a", without_password("-legacy"))),
    Shape("pfx-base64", "PFX as base64", one("a.txt", lambda r: encodebytes(pfx()(r))), needs_password=True),
    Shape("jks", "JKS keystore of Java 8 and older", one("a.jks", lambda r: keystore(r, "JKS"))),
    Shape("jceks", "JCEKS keystore", one("a.jks", lambda r: keystore(r, "JCEKS"))),
    Shape(
        "java-pkcs12",
        "PKCS12 keystore of Java",
        one("a.jks", lambda r: keystore(r, "PKCS12")),
        needs_password=True,
    ),
    Shape("zip", "a zip archive, with instructions in it", lambda r: {"a.zip": zipped(archived(r))}),
    Shape(
        "zip-stored", "a zip archive, uncompressed", lambda r: {"a": zipped(archived(r), zipfile.ZIP_STORED)}
    ),
    Shape("zip-der", "a zip archive of DER", lambda r: {"a": zipped({"1": r.leaf_der, "2": r.issuer_der})}),
    Shape("zip-p7b", "a zip archive of PKCS#7", lambda r: {"a": zipped({"certs/a.p7b": p7b(r)})}),
    Shape(
        "zip-in-zip",
        "a zip archive in a zip archive",
        lambda r: {"a": zipped({"b.zip": zipped(archived(r))})},
    ),
    Shape("tar", "a tar archive", lambda r: {"a.tar": tarred(archived(r))}),
    Shape("tar-gz", "a tar archive, gzip", lambda r: {"a.tgz": gzip.compress(tarred(archived(r)))}),
    Shape("tar-bz2", "a tar archive, bzip2", lambda r: {"a.tbz": bz2.compress(tarred(archived(r)))}),
    Shape("tar-xz", "a tar archive, xz", lambda r: {"a.txz": lzma.compress(tarred(archived(r)))}),
    Shape("gzip", "one file, gzip", one("a.pem.gz", lambda r: gzip.compress(r.whole_pem))),
    Shape(
        "folder",
        "a folder with folders",
        lambda r: {"in/leaf/a.crt": r.leaf_pem, "in/ca/b.cer": r.issuer_der},
    ),
    Shape(
        "folder-of-zip",
        "a folder with a zip archive and a readme",
        lambda r: {"in/a.zip": zipped(archived(r)), "in/README": b"hello"},
    ),
    Shape("mixed", "DER, a quoted issuer in UTF-16 and a readme zipped", mixed),
    Shape("public-key", "a public key beside the certificate", public_key),
)


def with_key(*forms: str) -> Make:
    """Return what makes files of the certificates and of the key in some form of openssl's."""

    def make(returned: Returned) -> Files:
        key = openssl(" ".join(forms), {"k": returned.key_pem})
        return {"a.pem": returned.whole_pem, "server.key": key}

    return make


def key_pfx(options: str = "") -> Callable[[Returned], bytes]:
    """Return what makes a PFX with the key, as `openssl pkcs12 -export` does."""
    words = f"pkcs12 -export -inkey k -in a.pem -out a.pfx -passout file:password {options}"
    return lambda returned: openssl(words, {"a.pem": returned.whole_pem, "k": returned.key_pem}, "a.pfx")


def key_store(kind: str) -> Callable[[Returned], bytes]:
    """Return what makes a Java keystore with the key, as keytool imports it from a PFX."""
    words = (
        f"-importkeystore -srckeystore a.pfx -srcstoretype PKCS12 -srcstorepass:file s -deststoretype {kind}"
    )
    names = "-destkeystore store -deststorepass:file s -noprompt"

    def make(returned: Returned) -> bytes:
        files = {"a.pfx": key_pfx("-name smartweb")(returned), "s": PASSWORD.encode()}
        return run(f"keytool {words} {names}", files, "store")

    return make


LOCKED = "-passout file:password"
CUSTOMERS_SHAPES = (
    Shape(
        "key-pem",
        "the certificates and the key in one PEM file",
        one("a.pem", lambda r: r.whole_pem + r.key_pem),
    ),
    Shape(
        "key-first",
        "the key first, in Windows' line ends",
        one("a", lambda r: windows(r.key_pem + r.whole_pem)),
    ),
    Shape("key-pkcs1", "RSA PRIVATE KEY", with_key("rsa -in k -traditional")),
    Shape("key-der", "PKCS#8 as DER", with_key("pkcs8 -topk8 -nocrypt -in k -outform DER")),
    Shape("key-pkcs1-der", "PKCS#1 as DER", with_key("rsa -in k -traditional -outform DER")),
    Shape(
        "key-aes",
        "ENCRYPTED PRIVATE KEY: AES-256",
        with_key(f"pkcs8 -topk8 -in k {LOCKED}"),
        needs_password=True,
    ),
    Shape(
        "key-scrypt",
        "ENCRYPTED PRIVATE KEY: scrypt",
        with_key(f"pkcs8 -topk8 -scrypt -in k {LOCKED}"),
        needs_password=True,
    ),
    Shape(
        "key-3des",
        "ENCRYPTED PRIVATE KEY: PKCS#12's 3DES",
        with_key(f"pkcs8 -topk8 -v1 PBE-SHA1-3DES -in k {LOCKED}"),
        needs_password=True,
    ),
    Shape(
        "key-locked-der",
        "encrypted PKCS#8 as DER",
        with_key(f"pkcs8 -topk8 -in k -outform DER {LOCKED}"),
        needs_password=True,
    ),
    Shape(
        "key-traditional",
        "RSA PRIVATE KEY with Proc-Type",
        with_key(f"rsa -in k -traditional -aes128 {LOCKED}"),
        needs_password=True,
    ),
    Shape("key-pfx", "PFX: AES-256", one("a.pfx", key_pfx()), needs_password=True),
    Shape(
        "key-pfx-3des",
        "PFX: 3DES",
        one("a.pfx", key_pfx("-keypbe PBE-SHA1-3DES -certpbe PBE-SHA1-3DES -macalg sha1")),
        needs_password=True,
    ),
    Shape(
        "key-pfx-rc2", "PFX: 3DES and RC2 with 40 bits", one("a.pfx", key_pfx("-legacy")), needs_password=True
    ),
    Shape(
        "key-pfx-zip",
        "PFX in a zip archive",
        lambda r: {"a.zip": zipped({"a.pfx": key_pfx()(r)})},
        needs_password=True,
    ),
    Shape("key-jks", "JKS keystore", one("a.jks", key_store("JKS")), needs_password=True),
    Shape("key-jceks", "JCEKS keystore", one("a.jceks", key_store("JCEKS")), needs_password=True),
    Shape(
        "key-java-pkcs12", "PKCS12 keystore of Java", one("a.p12", key_store("PKCS12")), needs_password=True
    ),
)
"""What a customer sends who made the key: one in the clear is taken in when that is accepted."""
