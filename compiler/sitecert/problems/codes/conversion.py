"""SC75x: files that are converted from one form to another."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NOTHING_TO_CONVERT = Rule(
    code="SC750",
    title="nothing that the form could hold",
    rule="A PFX holds a private key and its certificate, a P7B and a CRT certificates, a DER file one thing.",
    why="An empty result would look like a conversion.",
    source="kb39324, converting SSL certs",
    fix="name the file that holds what is missing as well",
)
WHICH_CERTIFICATE = Rule(
    code="SC751",
    title="which certificate is the server's cannot be told",
    rule="Among the certificates there is one of a server, or the private key says which it is.",
    why="It goes first, and servers take the first for their own.",
    source="RFC 8446 section 4.4.2",
    fix="convert the files of one server at a time",
)
NOT_THE_KEY = Rule(
    code="SC752",
    title="the private key is not the certificate's",
    rule="A key goes out with the certificate that has its public key.",
    why="A server with a key and a certificate that do not match does not start.",
    source="docs/facts.md, servers",
    fix="give the key that the certificate's request was made with, or use `--to crt` for certificates alone",
)
CHAIN_WOULD_BE_LOST = Rule(
    code="SC753",
    title="a DER file holds one certificate",
    rule="Certificates that belong together are not parted unless that is asked for.",
    why="`openssl x509 -outform der` keeps the first one and says nothing; clients then miss the chain.",
    source="kb39324, converting SSL certs; docs/facts.md, what CAs send back",
    fix="use `--to p7b --encoding der` to keep all of them, or `--leaf-only` for the server's alone",
)
KEY_UNPROTECTED = Rule(
    code="SC754",
    title="a private key would be written in the clear",
    rule="A private key is written under a passphrase from `--passphrase-file` or from the prompt, or in the"
    " clear where `--insecure` says so.",
    why="A key in a file without a passphrase is lost with the file.",
    source="docs/design.md, promise 5",
    fix="name a passphrase with `--passphrase-file FILE`, use `--to crt` for certificates alone, or"
    " `--insecure` to write the key in the clear",
)
OUTPUT_EXISTS = Rule(
    code="SC755",
    title="the output is there already",
    rule="A conversion is written to a name that nobody uses.",
    why="Nothing of yours is overwritten, a key least of all.",
    source="docs/design.md, the command line",
    fix="name another file, or remove this one",
)
LEFT_OUT = Rule(
    code="SC756",
    title="something is left out of the result",
    rule="What does not belong to the server's certificate, or has no place in the form, is named.",
    why="Nothing is dropped in silence.",
    source="docs/design.md, the command line",
    fix="convert it by itself if it is needed",
    severity=Severity.WARNING,
)
KEY_OF_NO_SERVER = Rule(
    code="SC757",
    title="a private key of a kind that is not converted",
    rule="A server's key is RSA or EC.",
    why="No public CA certifies any other.",
    source="BR 6.1.5",
    fix="convert it with the tool that made it",
)
AGE_NOT_OPENED = Rule(
    code="SC758",
    title="an age file cannot be opened",
    rule="A repository's `server.key.age` is opened by the identity of one of its recipients.",
    why="It is encrypted to people, not under a password.",
    source="docs/design.md, promise 5",
    fix="name the identity with `-i FILE`",
)
NO_OPENSSL_COMMANDS = Rule(
    code="SC759",
    title="openssl does not read this file",
    rule="`--show-openssl` prints commands for files that openssl, keytool or age read as they stand.",
    why="Commands that fail are worse than none.",
    source="docs/facts.md, what CAs send back",
    fix="convert it with sitecert first, then look at the commands for the result",
)
