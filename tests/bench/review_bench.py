"""What `review` costs in a large repository, beside `git diff --stat` of the same range.

`python tests/bench/review_bench.py 10000` makes a repository of that many sites, by one `git fast-import`,
changes a tenth of them but 50 at most, and prints seconds and the memory of the process. A review is
promised to cost at most three times the diff and a second, and memory that does not grow with sites that do
not change: so it is measured with a tenth of the sites, too.
"""

from __future__ import annotations

import os
import re
import resource
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

SITECERT = str(Path(sys.executable).with_name("sitecert"))
MEGABYTE = 1024
GIT = ("git", "-c", "core.autocrlf=false")
ROUNDS = 5
MOST_CHANGED = 50

SITE = """\
customer: Example Hospital {number}
version: 8.1
common_name: smartweb{number}.hospital.example.org
servers: [spokwb{number}.hospital.example.org]
subject: {{country: US, state: Minnesota}}
change: {{contact: Service Desk}}
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU (user and system, the least of some rounds), and the most memory in MiB."""

    seconds: float
    mebibytes: float = 0


def run(*command: str, cwd: Path, given: bytes | None = None) -> None:
    """Run a command; its failure ends the measurement."""
    done = subprocess.run(command, cwd=cwd, input=given, capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")


def snapshot(model: Path) -> dict[str, bytes]:
    """Return every file of the model's sites, by its path."""
    paths = [path for folder in ("sites", "out") for path in (model / folder).rglob("*")]
    return {path.relative_to(model).as_posix(): path.read_bytes() for path in paths if path.is_file()}


def stream(
    configuration: bytes, before: dict[str, bytes], after: dict[str, bytes], unchanged: int
) -> Iterator[bytes]:
    """Yield what `git fast-import` reads: main with all sites, and a branch with the changed ones."""
    who = b"committer A Person <person@example.org> 1780315200 +0000\ndata 1\nx\n"
    yield b"commit refs/heads/main\nmark :1\n" + who
    yield file("sitecert.yaml", configuration)
    for path, content in before.items():
        yield file(path, content)
    one = {path: content for path, content in before.items() if re.search(r"/site-0[./]", path)}
    for number in range(unchanged):
        for path, content in one.items():
            yield file(path.replace("site-0", f"other-{number}"), content + b"%d\n" % number)
    yield b"commit refs/heads/change\n" + who + b"from :1\n"
    for path, content in after.items():
        yield file(path, content)


def file(path: str, content: bytes) -> bytes:
    """Return one file as `git fast-import` reads it."""
    return b"M 100644 inline %s\ndata %d\n%s\n" % (path.encode(), len(content), content)


def lay_out(root: Path, sites: int, changed: int) -> None:
    """Make the repository; no work tree is checked out."""
    model, target = root / "model", root / "large"
    run(SITECERT, "init", str(model), cwd=root)
    shutil.rmtree(model / "sites")
    (model / "sites").mkdir()
    files = [model / f"sites/site-{number}.yaml" for number in range(changed)]
    for number, path in enumerate(files):
        path.write_text(SITE.format(number=number), encoding="utf-8")
    run(SITECERT, "compile", cwd=model)
    before = snapshot(model)
    for path in files:
        path.write_text(path.read_text(encoding="utf-8").replace("Service", "Night"), encoding="utf-8")
    run(SITECERT, "compile", cwd=model)
    configuration = (model / "sitecert.yaml").read_bytes()
    run(*GIT, "init", "-q", "-b", "main", str(target), cwd=root)
    data = b"".join(stream(configuration, before, snapshot(model), sites - changed))
    run(*GIT, "fast-import", "--quiet", cwd=target, given=data)
    (target / "sitecert.yaml").write_bytes(configuration)


def measure(*command: str, cwd: Path) -> Cost:
    """Return the least that a command cost in some rounds, each in a child of its own."""
    costs = []
    for _ in range(ROUNDS):
        own = (sys.executable, __file__, "--child", *command)
        told = subprocess.run(own, cwd=cwd, capture_output=True, text=True, check=True).stdout
        costs.append(Cost(*map(float, told.split())))
    return min(costs, key=lambda cost: cost.seconds)


def child(command: list[str]) -> None:
    """Run one command and print what it and its own children cost."""
    subprocess.run(command, capture_output=True, check=True)
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    sys.stdout.write(f"{used.ru_utime + used.ru_stime} {used.ru_maxrss / MEGABYTE}\n")


def measured(sites: int, changed: int) -> tuple[Cost, Cost]:
    """Return what the diff costs, and the review."""
    with tempfile.TemporaryDirectory() as folder:
        lay_out(Path(folder), sites, changed)
        large = Path(folder) / "large"
        diff = measure(*GIT, "diff", "--stat", "main...change", cwd=large)
        review = measure(
            SITECERT, "review", "--base", "main", "--head", "change", "--format", "json", cwd=large
        )
        return diff, review


def main(sites: int) -> None:
    """Measure and print."""
    changed = min(MOST_CHANGED, sites // 10)
    os.environ["GIT_CONFIG_GLOBAL"] = os.devnull
    # What is installed has its byte code; the first round makes it where that is missing.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    with tempfile.TemporaryDirectory() as configuration:
        os.environ["XDG_CONFIG_HOME"] = configuration
        few, many = sites // 10, sites
        costs = {count: measured(count, changed) for count in (few, many)}
    for count, (diff, review) in costs.items():
        sys.stdout.write(
            f"{count} sites, {changed} changed: git diff --stat {diff.seconds:.3f} s, review "
            f"{review.seconds:.3f} s and {review.mebibytes:.0f} MiB\n"
        )
    diff, review = costs[many]
    allowed = 3 * diff.seconds + 1
    sys.stdout.write(
        f"allowed: 3 x {diff.seconds:.3f} s + 1 s = {allowed:.3f} s; took {review.seconds:.3f} s\n"
    )
    growth = review.mebibytes / costs[few][1].mebibytes
    sys.stdout.write(f"memory with ten times the sites: {growth:.2f} times\n")


if __name__ == "__main__":
    if sys.argv[1:2] == ["--child"]:
        child(sys.argv[2:])
    else:
        main(int(sys.argv[1]) if sys.argv[1:] else 10_000)
