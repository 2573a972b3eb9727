"""Search for files that the reader cannot stand: `python -m fuzz [SECONDS]`, with tests/ on the path.

Each input is read within limits that the kernel keeps: 256 MiB more memory than at the start, and a second
of CPU. With atheris installed the search is guided by coverage; without, by chance. What reaches a
refusal or a repair that was not seen before is written to the folder that FUZZ_FOUND names.
"""

from __future__ import annotations

import os
import random
import re
import resource
import sys
import time
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

from fuzz.mutating import mutate
from fuzz.seeds import PASSWORD, kept, made
from sitecert.pki.formats.contents import Contents, GivenFile
from sitecert.pki.formats.reading import read_contents

MEMORY = 256 << 20
SECOND = 1.0
LARGEST_KEPT, MOST_KEPT = 16 << 10, 2000
"""Of the inputs that showed something new, those that are changed further."""


class Search:
    """What was seen so far."""

    def __init__(self, found: Path | None) -> None:
        """Begin with nothing."""
        self.count = self.worst = 0
        self.slowest = 0.0
        self._seen: set[object] = set()
        self._found = found

    def read(self, content: bytes) -> bool:
        """Read one input; tell whether it showed something new. Raises what the reader raises."""
        begun = time.process_time()
        contents = read_contents([GivenFile("fuzz", content)], [PASSWORD])
        took = time.process_time() - begun
        self.count += 1
        self.slowest = max(self.slowest, took)
        if took > SECOND:
            raise AssertionError(f"{took:.2f} s of CPU for {len(content)} bytes")
        seen = _what_it_showed(contents)
        is_new = seen not in self._seen
        self._seen.add(seen)
        if is_new and self._found is not None:
            (self._found / sha256(content).hexdigest()[:16]).write_bytes(content)
        return is_new


def _what_it_showed(contents: Contents) -> object:
    """Return what tells two inputs apart: how many things were found, and the words of the rest."""
    return (
        min(len(contents.certificates), 2),
        min(len(contents.requests), 2),
        min(len(contents.keys), 2),
        frozenset(_words(each.clause) for each in contents.refusals),
        frozenset(_words(each.clause) for each in contents.repairs),
    )


def _words(clause: str) -> str:
    """Return a clause without the numbers and the labels in it."""
    return re.sub("[^a-z ]", "", clause)


def by_chance(search: Search, seconds: float, seed: int) -> None:
    """Mutate seeds, and what showed something new, for so many seconds of CPU."""
    choice = random.Random(seed)  # noqa: S311 - a search that can be repeated
    pool = [*made(), *(content for _, content in kept())]
    end = time.process_time() + seconds
    while time.process_time() < end:
        content = mutate(choice.choice(pool), tuple(pool), choice)
        _judged(search.read, content, pool)


def _judged(read: Callable[[bytes], bool], content: bytes, pool: list[bytes]) -> None:
    try:
        if read(content) and len(content) <= LARGEST_KEPT and len(pool) < MOST_KEPT:
            pool.append(content)
    except BaseException:
        path = Path(os.environ.get("FUZZ_FOUND", ".")) / f"crash-{sha256(content).hexdigest()[:16]}"
        path.write_bytes(content)
        sys.stderr.write(f"see {path}\n")
        raise


def limit_memory() -> None:
    """Let no input take more than MEMORY beyond what the process has."""
    with Path("/proc/self/statm").open() as file:
        used = int(file.read().split()[0]) * resource.getpagesize()
    resource.setrlimit(resource.RLIMIT_AS, (used + MEMORY, used + MEMORY))


def main() -> None:
    """Search, and say what came of it."""
    seconds = float(sys.argv[1]) if len(sys.argv) > 1 else 60
    found = os.environ.get("FUZZ_FOUND")
    search = Search(Path(found) if found else None)
    made()
    limit_memory()
    by_chance(search, seconds, int(os.environ.get("FUZZ_SEED", "1")))
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    sys.stdout.write(f"{search.count} inputs, slowest {search.slowest:.2f} s, peak {peak} MiB, no crash\n")


if __name__ == "__main__":
    main()
