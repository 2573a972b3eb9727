"""Sign the examples' requests once, as a customer's own CA would.

    python tests/support/sign_examples.py SITE...

Writes `trust/example-root.pem` and, for each site, what its CA returned (leaf, intermediate and root in
one file) to standard output's folder `returned/`; then `sitecert intake SITE returned/SITE.pem` files it.
The CA's keys exist in memory alone, for one run: nobody can sign with them again. The certificates are
long-lived so that the examples do not rot.
"""

from __future__ import annotations

import sys
from pathlib import Path

from cryptography import x509

sys.path.insert(0, str(Path(__file__).parents[1]))

from support.authority import Authority, pem

LONG_DAYS = 7200


def main(sites: list[str]) -> None:
    """Sign the request of each site's first generation."""
    authority = Authority("Example Internal")
    Path("trust").mkdir(exist_ok=True)
    Path("trust/example-root.pem").write_bytes(pem(authority.root))
    for site in sites:
        request = x509.load_pem_x509_csr(Path(f"out/{site}/generation-1/server.csr").read_bytes())
        leaf = authority.answer(request, days=LONG_DAYS)
        returned = Path(f"returned/{site}.pem")
        returned.parent.mkdir(parents=True, exist_ok=True)
        returned.write_bytes(pem(authority.root, authority.intermediate, leaf))


if __name__ == "__main__":
    main(sys.argv[1:])
