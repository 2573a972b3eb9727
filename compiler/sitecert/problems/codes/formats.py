"""SC52x and SC53x: files that were sent and cannot be read, or not as they are."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

EMPTY_FILE = Rule(
    code="SC520",
    title="a file that is empty",
    rule="A file that is taken in holds something.",
    why="An attachment that was lost on the way looks like one that came.",
    source="docs/facts.md, what CAs send back",
    fix="save the attachment again, or ask for it to be sent again",
)
UNREADABLE_FILE = Rule(
    code="SC521",
    title="nothing that can be read as a certificate",
    rule="A file holds certificates, requests or private keys: PEM, DER, PKCS#7, PKCS#12, JKS, base64, or an "
    "archive of these.",
    why="What cannot be read cannot be judged.",
    source="docs/facts.md, what CAs send back",
    fix="ask the CA for the certificate in PEM (Base64) form",
)
WEB_PAGE = Rule(
    code="SC522",
    title="a web page in the place of a certificate",
    rule="A download is the certificate, not the page that offers it.",
    why="Portals answer with a page where a login has ended or a request is still pending.",
    source="docs/facts.md, what CAs send back",
    fix="log in to the CA's portal again and download the certificate itself",
)
DOCUMENT = Rule(
    code="SC523",
    title="a document in the place of a certificate",
    rule="A certificate comes as a file of its own, not inside a document of an office program.",
    why="Word processors change dashes, blanks and line ends, and PDF keeps none of them reliably.",
    source="docs/facts.md, what CAs send back",
    fix="ask for the certificate as an attachment in PEM (Base64) form",
)
PICTURE = Rule(
    code="SC524",
    title="a picture in the place of a certificate",
    rule="A certificate comes as a file, not as a picture of one.",
    why="Not one character of a certificate may be guessed.",
    source="docs/facts.md, what CAs send back",
    fix="ask for the certificate as an attachment in PEM (Base64) form",
)
CUT_OFF = Rule(
    code="SC525",
    title="a file that is cut off",
    rule="A certificate comes whole, from its beginning to its end.",
    why="Mail programs, copying and transfers that broke off lose the end.",
    source="RFC 7468 2; X.690 8.1.3",
    fix="copy or save it again, from the first BEGIN to the last END line",
)
DAMAGED = Rule(
    code="SC526",
    title="a file that is damaged",
    rule="What a file holds can be read to its end by the rules of its format.",
    why="A certificate of which one bit is changed is no certificate.",
    source="RFC 7468 2; RFC 5280 4.1",
    fix="have it sent again, in a zip archive if mail damaged it",
)
LOCKED = Rule(
    code="SC527",
    title="a file that is under a password",
    rule="The password of a PFX, a keystore or a key is given in a file.",
    why="On a command line every user of the machine could read it.",
    source="docs/facts.md, threat T12",
    fix="write the password into a file that you alone may read, and give `--password-file FILE`",
)
WRONG_PASSWORD = Rule(
    code="SC528",
    title="a file that no password given opens",
    rule="One of the passwords given opens the file.",
    why="Without it nothing in the file can be read, and a damaged file looks the same.",
    source="RFC 7292 4",
    fix="ask whoever sent the file for its password; `--password-file` holds one password a line",
)
TOO_LARGE_FILE = Rule(
    code="SC529",
    title="a file that is too large",
    rule="A file has at most 1 MiB.",
    why="What a CA returns is some kilobytes; anything else is the wrong file.",
    source="docs/facts.md, threat T10",
    fix="give only the files that the CA returned for this site",
)
EXPANDS = Rule(
    code="SC530",
    title="an archive that unpacks to too much",
    rule="A file in an archive has at most 1 MiB, and all files together unpack to at most 4 MiB.",
    why="A small archive can unpack to more than any disk holds.",
    source="docs/facts.md, threat T10",
    fix="unpack it yourself and give the files that the CA returned",
)
TOO_DEEP = Rule(
    code="SC531",
    title="nested too deeply",
    rule="Archives lie at most four deep inside one another, and ASN.1 no deeper than in any certificate.",
    why="Deep nesting makes readers slow, or crashes them.",
    source="docs/facts.md, threat T10",
    fix="unpack it yourself and give the files that the CA returned",
)
TOO_MANY = Rule(
    code="SC532",
    title="too many files or objects",
    rule="An archive or a folder has at most 200 files, and all files hold at most 500 objects.",
    why="A CA returns a handful; anything else is the wrong folder.",
    source="docs/facts.md, threat T10",
    fix="give only the files that the CA returned for this site",
)
TOO_COSTLY = Rule(
    code="SC533",
    title="a file that takes too much computing to open",
    rule="A password is hashed at most some hundred thousand times, and an RSA key has at most 8192 bits.",
    why="A file that was sent could otherwise stop the machine for hours.",
    source="RFC 8018 4.2; docs/facts.md, threat T11",
    fix="have it written again with fewer rounds, as `openssl pkcs12 -export` does by itself",
)
UNSUPPORTED = Rule(
    code="SC534",
    title="packed or protected by a method that is not known",
    rule="Archives are zip or tar, without a password; keys and stores are protected by PKCS#5, PKCS#12 or "
    "Java's own methods.",
    why="What cannot be opened cannot be judged.",
    source="docs/facts.md, what CAs send back",
    fix="unpack or decrypt it with the program that made it, and give the files",
)
OTHER_KIND = Rule(
    code="SC535",
    title="something that is no certificate",
    rule="What is taken in are certificates, requests and private keys.",
    why="A revocation list or a public key has a similar name and is easily taken for a certificate.",
    source="RFC 7468 4 to 13",
    fix="leave it out, and give the certificate that the CA returned",
)
NOT_A_FILE = Rule(
    code="SC536",
    title="a link or a device among the files",
    rule="A folder and an archive hold ordinary files and folders.",
    why="A link leads to files that nobody sent.",
    source="docs/facts.md, threats T3 and T10",
    fix="give the file that is meant by its own path",
)
REPAIRED = Rule(
    code="SC538",
    title="read, though not as it should be",
    rule="A certificate comes as PEM in lines of ASCII (RFC 7468); what mail makes of it is read too.",
    why="Servers refuse many of these forms: what is filed is written anew.",
    source="RFC 7468 2; docs/facts.md, servers",
    fix="nothing to do: what is filed is canonical PEM",
    severity=Severity.NOTE,
)
