"""Remember which sites' output was whole: rendering is a function of its inputs, so it need not run again.

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
from sitecert.model.plan import SitePlan
from sitecert.model.stored import StoredSite
from sitecert.write.memo import write_memo


class Memo:
    """For each site, one SHA-256 over all that its output depends on and the output itself.

    Where two runs come to the same digest, and the first left nothing to change, neither does the
    second: the compiler, the templates, the site, its generations (they are among the files under
    `out/`) and every other file are the same.
    """

    def __init__(self, root: Path, templates: Mapping[str, str]) -> None:
        """Read what this machine remembers of the repository at `root`."""
        self._root = root
        self._known = read_memo(root)
        self._base = _digest(
            [compiler_digest(), *(f"{name}\0{templates[name]}" for name in sorted(templates))]
        )
        self._remembered = dict(self._known)

    def holds(self, plan: SitePlan, stored: StoredSite) -> bool:
        """Say whether the site's output, as it stands, is known to be what its plan gives."""
        return self._known.get(plan.site.name) == self._of(plan, stored.digests)

    def remember(self, plan: SitePlan, artifacts: Iterable[Artifact]) -> None:
        """Remember that these files now stand, and nothing else."""
        digests = {artifact.path: sha256(artifact.content).hexdigest() for artifact in artifacts}
        self._remembered[plan.site.name] = self._of(plan, digests)

    def __enter__(self) -> Self:
        """Begin a run."""
        return self

    def __exit__(self, *_: object) -> None:
        """Keep what was learnt, however the run ends; a disk that refuses costs the next run some time."""
        if self._remembered != self._known:
            with suppress(OSError):
                write_memo(self._root, self._remembered)

    def _of(self, plan: SitePlan, digests: Mapping[str, str]) -> str:
        previous = plan.previous.number if plan.previous else None
        files = (f"{path} {digest}" for path, digest in sorted(digests.items()))
        return _digest([self._base, repr(plan.site), repr((plan.current.number, previous)), *files])


def _digest(parts: Iterable[str]) -> str:
    return sha256("\0".join(parts).encode()).hexdigest()
