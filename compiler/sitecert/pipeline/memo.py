"""Remember which sites were whole: planning and rendering are functions of their inputs, and need not run.

Only `compile` uses this; `compile --check` and `plan` always recompute.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from hashlib import sha256
from pathlib import Path
from typing import Self

from sitecert.load.memo import compiler_digest, read_memo
from sitecert.model.artifact import Artifact
from sitecert.model.memo import Remembered
from sitecert.model.site import Site
from sitecert.model.stored import StoredSite
from sitecert.pki.recipients import Recipient
from sitecert.write.memo import write_memo


class Memo:
    """For each site, one SHA-256 over all that its output depends on and the output itself.

    Where two runs come to the same digest, and the first found nothing to report and left nothing to
    change, neither does the second: the compiler, the templates, the recipients, the site and every
    file under `out/`, its generations among them, are the same.
    """

    def __init__(self, root: Path, templates: Mapping[str, str], recipients: Iterable[Recipient]) -> None:
        """Read what this machine remembers of the repository at `root`."""
        self._root = root
        self._known = read_memo(root)
        self._remembered = dict(self._known)
        texts = (f"{name}\0{templates[name]}" for name in sorted(templates))
        self._base = _digest([compiler_digest(), *texts, *(each.fingerprint for each in recipients)])

    def __enter__(self) -> Self:
        """Begin a run."""
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was learnt, however the run ends; a disk that refuses costs the next run some time."""
        if self._remembered != self._known:
            with suppress(OSError):
                write_memo(self._root, self._remembered)

    def holds(self, site: Site, stored: StoredSite) -> bool:
        """Say whether the site's output, as it stands, is known to be what the site gives."""
        known = self._known.get(site.name)
        return known is not None and known.digest == self._of(site, stored.digests)

    def keys(self, name: str) -> list[tuple[str, int, str]]:
        """Return the public keys of a site that is known: (site, generation, SPKI SHA-256)."""
        return [(name, number, spki) for number, spki in self._known[name].keys]

    def remember(
        self, site: Site, artifacts: Iterable[Artifact], keys: Iterable[tuple[str, int, str]]
    ) -> None:
        """Remember that these files now stand, and nothing else, and which keys they are for."""
        digests = {artifact.path: sha256(artifact.content).hexdigest() for artifact in artifacts}
        of_site = tuple((number, spki) for _, number, spki in keys)
        self._remembered[site.name] = Remembered(self._of(site, digests), of_site)

    def _of(self, site: Site, digests: Mapping[str, str]) -> str:
        files = (f"{path} {digest}" for path, digest in sorted(digests.items()))
        return _digest([self._base, repr(site), *files])


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
