"""Every change has a verb and a reason that is true."""

from __future__ import annotations

from hashlib import sha256

import pytest

from sitecert.model.artifact import Artifact, Verb
from sitecert.model.stored import StoredSite
from sitecert.write.compare import compare

OUT = "out/site"


def digest(content: bytes) -> str:
    """Return a digest as manifests have it."""
    return sha256(content).hexdigest()


def stored(found: dict[str, bytes], written: dict[str, bytes], *interrupted: str) -> StoredSite:
    """Return a site under out/ whose manifest lists `written`."""
    return StoredSite(
        "site",
        {},
        {f"{OUT}/{name}": digest(content) for name, content in found.items()},
        interrupted,
        {f"{OUT}/{name}": digest(content) for name, content in written.items()},
    )


@pytest.mark.parametrize(
    ("found", "written", "why", "verb", "reason"),
    [
        (None, None, "", Verb.MAKE, "the site, sitecert.yaml, a template or sitecert itself changed"),
        (None, None, "new site", Verb.MAKE, "new site"),
        (None, b"new", "", Verb.MAKE, "was deleted after sitecert wrote it"),
        (b"old", b"old", "", Verb.CHANGE, "the site, sitecert.yaml, a template or sitecert itself changed"),
        (b"old", b"old", "its certificate was taken in", Verb.CHANGE, "its certificate was taken in"),
        (
            b"edited",
            b"old",
            "its certificate was taken in",
            Verb.CHANGE,
            "was edited after sitecert wrote it",
        ),
    ],
)
def test_the_reason_for_a_file(
    found: bytes | None, written: bytes | None, why: str, verb: Verb, reason: str
) -> None:
    """The site's cause counts where nobody else touched the file."""
    site = stored({"a.md": found} if found else {}, {"a.md": written} if written else {})
    change = compare([Artifact(f"{OUT}/a.md", b"new")], site, why)[0]
    assert (change.verb, change.why) == (verb, reason)


@pytest.mark.parametrize(
    ("path", "is_written", "reason"),
    [
        ("runbooks/a/install.sh", True, "the site asks for it no more"),
        ("runbooks/a/install.sh", False, "sitecert did not write it"),
        (".a.md.0a1b2c3d.tmp", False, "was left by a run that was interrupted"),
        ("generation-1/leaf.crt", True, "a newer generation has its place"),
    ],
)
def test_the_reason_for_a_removal(path: str, reason: str, *, is_written: bool) -> None:
    """What goes was asked for once, was superseded, was left, or is not ours."""
    site = stored({path: b"x"}, {path: b"x"} if is_written else {})
    artifacts = [Artifact(f"{OUT}/generation-2/server.csr", b"")]
    change = next(each for each in compare(artifacts, site) if each.path == f"{OUT}/{path}")
    assert (change.verb, change.why) == (Verb.REMOVE, reason)


def test_nothing_differs() -> None:
    """Equal bytes are no change."""
    assert compare([Artifact(f"{OUT}/a", b"x")], stored({"a": b"x"}, {})) == ()
