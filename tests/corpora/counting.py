"""What the reader makes of whole corpora: how many files are read, and why the others are not.

`make corpora` writes the answer to `counts.json`; a change of it shows in a review.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path

from corpora.openssl_source import pem_reading
from sitecert.pki.formats.contents import Contents, GivenFile
from sitecert.pki.formats.reading import read_contents

COUNTS = Path(__file__).parent / "counts.json"


def _package(name: str) -> Path:
    """Return the folder of a package without importing it: one of them does not import everywhere."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.origin is not None
    return Path(spec.origin).parent


VECTORS = _package("cryptography_vectors")
ASN1CRYPTO = _package("asn1crypto_tests") / "fixtures"
PASSWORDS = (
    *("password", "123456", "cryptography", "password123", "PolarSSLTest", "a123456", "baz", "foobar"),
    *("hunter2", "hunter42", "Red Hat Enterprise Linux 7.4", "wellknown"),
)
"""What the projects' own tests open their files with."""

NO_DATA = frozenset({".py", ".pyc", ".md", ".txt", ".sh", ".t", ".list", ".dsc", ".asc", ".xz"})


@dataclass(frozen=True)
class Corpus:
    """One folder of files."""

    name: str
    folder: Path

    def files(self) -> Iterator[Path]:
        """Yield its files, sorted."""
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix not in NO_DATA and not path.name.startswith((".", "complete")):
                yield path


def installed() -> tuple[Corpus, ...]:
    """Return the corpora that come with packages of Python."""
    parts = ("x509", "pkcs7", "pkcs12", "asymmetric/PKCS8", "asymmetric/PEM_Serialization")
    more = (
        "asymmetric/Traditional_OpenSSL_Serialization",
        "asymmetric/OpenSSH",
        "asymmetric/DER_Serialization",
    )
    return (
        *(Corpus(f"cryptography_vectors/{part}", VECTORS / part) for part in (*parts, *more)),
        Corpus("asn1crypto_tests", ASN1CRYPTO),
    )


def read(path: Path) -> Contents:
    """Read one file of a corpus; the password that OpenSSL's files name lies beside them."""
    beside = path.with_name("wellknown")
    own = beside.read_text().strip() if beside.exists() else ""
    # The right password first, where one file alone is dear: every attempt costs.
    return read_contents([GivenFile(path.name, path.read_bytes())], [own] if own else PASSWORDS)


def outcome(contents: Contents) -> str:
    """Return in a word or two what became of a file."""
    opened = [key for key in contents.keys if key.key is not None]
    has_found = bool(contents.certificates or contents.requests or opened)
    refused = [*contents.refusals, *(key.refusal for key in contents.keys if key.refusal is not None)]
    if has_found:
        return "read in part" if refused else "read"
    return f"refused: {refused[0].kind.value}" if refused else "refused: nothing in it"


def count(corpus: Corpus) -> dict[str, int]:
    """Return how many files of a corpus came to which outcome."""
    return dict(sorted(Counter(outcome(read(path)) for path in corpus.files()).items()))


def main() -> None:
    """Write the counts of every corpus."""
    corpora = (*installed(), Corpus("openssl/04-test_pem_reading_data", pem_reading()))
    counts = {corpus.name: count(corpus) for corpus in corpora}
    sys.stdout.write(json.dumps(counts, indent=2) + "\n")


if __name__ == "__main__":
    main()
