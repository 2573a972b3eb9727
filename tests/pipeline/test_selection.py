"""Which sites a run is about, and what stops what."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from support.repository import Repository, a_repository, a_site_file

NAMES = ("alpha", "beta", "group/gamma", "group/delta")


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return four sites, not compiled."""
    repository = a_repository(tmp_path / "certs", alpha=a_site_file(common_name="alpha.example.org"))
    for name in NAMES[1:]:
        repository.site(name, common_name=f"{name.rpartition('/')[2]}.example.org")
    return repository


def sites(repository: Repository) -> set[str]:
    """Return the sites that stand under out/."""
    return {
        path.parent.relative_to(repository.root / "out").as_posix()
        for path in (repository.root / "out").rglob("change-control.md")
    }


@pytest.mark.parametrize(
    ("patterns", "chosen"),
    [
        (("alpha",), {"alpha"}),
        (("group/*",), {"group/gamma", "group/delta"}),
        (("*a",), set(NAMES)),
        (("alpha", "group/g*"), {"alpha", "group/gamma"}),
    ],
)
def test_sites_are_chosen_by_name_and_pattern(
    repository: Repository, patterns: tuple[str, ...], chosen: set[str]
) -> None:
    """Only the chosen ones are compiled."""
    assert repository.run("compile", *patterns).code == 0
    assert sites(repository) == chosen


def test_shards_together_are_the_whole(repository: Repository) -> None:
    """Every site is in one shard and no two shards share one; afterwards there is nothing to do."""
    seen: list[str] = []
    for shard in range(1, 4):
        before = sites(repository) if (repository.root / "out").exists() else set()
        assert repository.run("compile", "--shard", f"{shard}/3").code == 0
        seen += sites(repository) - before
    assert sorted(seen) == sorted(NAMES)
    assert repository.run("compile", "--check").code == 0


def test_a_key_outlives_its_site(repository: Repository) -> None:
    """The other files of a removed site go; its key stays, and is an error until it is let go by name."""
    repository.run("compile")
    (repository.root / "sites/beta.yaml").unlink()
    assert repository.run("compile", "alpha").changes == [], "a selection looks at its sites alone"
    plan = repository.run("plan")
    result = repository.run("compile")
    assert plan.changes == result.changes
    assert (result.code, result.codes) == (1, {"SC405"})
    assert {path.rpartition("/")[0] for path in repository.tree("out/beta")} == {"out/beta/generation-1"}
    assert (repository.root / "out/beta/generation-1/server.csr").exists(), "a key keeps its request"
    assert repository.run("compile", "--check").code == 1
    assert repository.run("compile", "--prune-keys").code == 0
    assert not (repository.root / "out/beta").exists()
    assert repository.run("compile", "--check").code == 0


def test_a_broken_site_stops_only_itself(repository: Repository) -> None:
    """The others compile; what stands of the broken one stays."""
    repository.run("compile", "alpha")
    before = repository.tree("out/alpha")
    repository.write("sites/alpha.yaml", "customer: [\n")
    repository.write("sites/beta.yaml", a_site_file(common_name="not a name"))
    result = repository.run("compile")
    assert result.code == 1
    assert sites(repository) == {"alpha", "group/gamma", "group/delta"}
    assert repository.tree("out/alpha") == before
    assert {problem["path"] for problem in result.problems} == {"sites/alpha.yaml", "sites/beta.yaml"}


@pytest.mark.parametrize(
    "text",
    [
        "recipients: [",
        "recipients: []\n",
        "recipients: [age1notarecipient]\n",
        "recipients: [age1lw3q96qzgpraw6rwwmzmzz3arsl5rt2y8a8r698f7mwmh37jufjsnhar9n, ssh-rsa AAAA]\n",
        "{}\n",
        "requires: '>=99'\nrecipients: [age1lw3q96qzgpraw6rwwmzmzz3arsl5rt2y8a8r698f7mwmh37jufjsnhar9n]\n",
    ],
)
def test_a_broken_configuration_stops_everything(repository: Repository, text: str) -> None:
    """Not one byte of out/ changes, with keys due or without."""
    repository.run("compile", "alpha")
    before = repository.tree()
    repository.site("alpha", common_name="other.example.org")
    repository.write("sitecert.yaml", text)
    for arguments in (("compile",), ("compile", "beta"), ("compile", "--prune-keys"), ("plan",)):
        result = repository.run(*arguments)
        assert (result.code, result.changes) == (1, [])
    assert repository.tree() == before


def test_jobs_change_nothing_but_the_time(repository: Repository) -> None:
    """As many threads as one likes; a name that is no site is a problem, not a run with nothing to do."""
    assert repository.run("compile", "--jobs", "8").code == 0
    assert sites(repository) == set(NAMES)
    shutil.rmtree(repository.root / "out")
    result = repository.run("compile", "alhpa")
    assert (result.code, result.codes) == (1, {"SC904"})
