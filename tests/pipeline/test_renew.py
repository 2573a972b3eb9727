"""`sitecert renew`: the next generation of a site, in its file and under `out/`."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from sitecert.pipeline import renew as pipeline
from sitecert.pipeline.compile import Compilation
from sitecert.write import files as write_files
from support.commands import Ran, sitecert
from support.packs import a_bench_with_the_customers_key
from support.repository import Repository, a_repository, a_site_file

SITE = "park-nicollet"
FILE = f"sites/{SITE}.yaml"
DUE = "2028-03-20"
"""The tests' certificates end on 2028-04-04."""


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a repository whose site is certified, for tests to copy."""
    folder = tmp_path_factory.mktemp("certified")
    made = a_repository(folder / "certs", park_nicollet=a_site_file() + "# the end\n")
    assert made.run("compile").code == 0
    assert made.certify().code == 0
    return made


@pytest.fixture
def repository(certified: Repository, tmp_path: Path) -> Repository:
    """Return a repository whose site is certified."""
    return Repository(shutil.copytree(certified.root, tmp_path / "certs"))


def renew(repository: Repository, *arguments: str) -> Ran:
    """Run `renew`."""
    return sitecert("-C", repository.root, "renew", *arguments)


def test_a_renewal_opens_the_next_generation(repository: Repository) -> None:
    """The file says so, the new request is there, and the old certificate stays in service."""
    before = repository.read(FILE)
    served = repository.tree("out/park-nicollet/generation-1")
    ran = renew(repository, SITE)
    assert ran.code == 0, ran.err
    assert repository.read(FILE) == before + b"key: {generation: 2}\n"
    assert repository.request(2).is_signature_valid
    assert repository.tree("out/park-nicollet/generation-1") == served
    assert "generation 2 is open" in ran.err
    assert "~ sites/park-nicollet.yaml  (key.generation is 2 now)" in ran.out
    assert repository.run("plan").code == 0


def test_what_is_awaited_is_not_renewed(repository: Repository) -> None:
    """A second renewal would leave a request behind that is with a CA."""
    assert renew(repository, SITE).code == 0
    tree = repository.tree("")
    ran = renew(repository, SITE)
    assert ran.code == 1
    assert "error[SC801]" in ran.err
    assert "generation 2 has no certificate yet" in ran.err
    assert f"{FILE}:10:19" in ran.err
    assert repository.tree("") == tree


@pytest.mark.parametrize(("at", "raised"), [("2027-12-01", False), (DUE, True), ("2029-06-01", True)])
def test_all_that_is_due(repository: Repository, at: str, *, raised: bool) -> None:
    """Just what `status` calls due; once more changes nothing; nothing due is no failure."""
    ran = renew(repository, "--due", "--at", at)
    assert ran.code == 0, ran.err
    assert ("generation: 2" in repository.read(FILE).decode()) == raised
    assert ("nothing is due" in ran.err) != raised
    tree = repository.tree("")
    again = renew(repository, "--due", "--at", at)
    assert (again.code, again.out) == (0, "")
    assert repository.tree("") == tree


def test_a_damaged_site_is_no_nothing(repository: Repository) -> None:
    """Whether it is due cannot be known: exit 1, whatever the others are."""
    repository.site("other", common_name="other.example.com")
    assert repository.run("compile", "other").code == 0
    assert repository.certify(site="other").code == 0
    repository.write("out/park-nicollet/generation-1/leaf.crt", "hello\n")
    ran = renew(repository, "--due", "--at", DUE)
    assert ran.code == 1
    assert "SC401" in ran.err
    assert "key: {generation: 2}" in repository.read("sites/other.yaml").decode()
    assert "generation: 2" not in repository.read(FILE).decode()


def test_a_site_that_outgrew_its_certificate_can_be_renewed(repository: Repository) -> None:
    """It is what the hint of its problem says."""
    repository.site(alt_names="[dr.parknicollet.com]")
    assert repository.run("compile").codes == {"SC407"}
    assert renew(repository, SITE).code == 0
    assert repository.run("plan").code == 0


def test_an_open_request_with_an_edit_to_come_is_passed_over(repository: Repository) -> None:
    """Compile brings the edit into the request; a renewal has nothing to do there."""
    assert renew(repository, SITE).code == 0
    text = repository.read(FILE).decode()
    repository.write(FILE, text.replace("locality: St. Louis Park", "locality: Edina"))
    tree = repository.tree("")
    ran = renew(repository, "--due", "--at", DUE)
    assert (ran.code, "nothing is due" in ran.err, repository.tree("")) == (0, True, tree)
    assert "next: sitecert compile park-nicollet" in sitecert("-C", repository.root, "status").out


def test_json_says_what_a_commit_holds(repository: Repository) -> None:
    """The site's file first, then what was compiled."""
    ran = renew(repository, SITE, "--format", "json")
    changes: list[dict[str, Any]] = json.loads(ran.out)["changes"]
    assert changes[0] == {"verb": "~", "path": FILE, "why": "key.generation is 2 now"}
    assert "out/park-nicollet/generation-2/server.csr" in {each["path"] for each in changes}


@pytest.mark.parametrize("mends", [("compile",), ("renew", SITE), ("renew", "--due", "--at", DUE)])
def test_a_kill_between_file_and_compile_is_mended(
    repository: Repository, monkeypatch: pytest.MonkeyPatch, mends: tuple[str, ...]
) -> None:
    """By compile, and by the same command again, which does not raise a second time."""

    def killed(*_: object) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patch:
        patch.setattr(Compilation, "write", killed)
        ran = renew(repository, SITE)
    assert ran.code == 1
    assert repository.read(FILE).endswith(b"key: {generation: 2}\n")
    mended = sitecert("-C", repository.root, *mends)
    assert mended.code == 0, mended.err
    assert repository.read(FILE).endswith(b"key: {generation: 2}\n")
    assert repository.request(2).is_signature_valid
    assert repository.run("plan").code == 0


def test_a_site_whose_generation_cannot_be_made_gets_its_file_back(
    repository: Repository, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All or nothing: a full disk leaves the site as it was."""
    before, tree = repository.read(FILE), repository.tree("out")
    real = write_files.write_new

    def full(path: Path, content: bytes, mode: int = 0o644) -> None:
        if "generation-2" in str(path):
            raise OSError(28, "No space left on device", str(path))
        real(path, content, mode)

    monkeypatch.setattr(write_files, "write_new", full)
    ran = renew(repository, SITE)
    assert ran.code == 1
    assert "SC902" in ran.err
    assert "is open" not in ran.err
    assert repository.read(FILE) == before
    assert repository.tree("out") == tree


def test_a_file_that_cannot_be_edited_alone_is_refused(repository: Repository) -> None:
    """A document's end before which something would have to go: the person raises it."""
    text = a_site_file() + "...\n"
    repository.write(FILE, text)
    ran = renew(repository, SITE)
    assert ran.code == 1
    assert "error[SC802]" in ran.err
    assert repository.read(FILE).decode() == text


def test_a_wrong_edit_is_never_written(repository: Repository, monkeypatch: pytest.MonkeyPatch) -> None:
    """What the file says is read again and compared before it is written."""
    before = repository.read(FILE)
    monkeypatch.setattr(
        pipeline,
        "raise_generation",
        lambda source, _root, number: source.replace("8.1", "8.10") + f"key: {{generation: {number}}}\n",
    )
    assert "error[SC802]" in renew(repository, SITE).err
    assert repository.read(FILE) == before


@pytest.mark.parametrize("custody", ["server", "customer"])
def test_what_comes_from_elsewhere_is_awaited(tmp_path: Path, custody: str) -> None:
    """A site whose request or key is to come has nothing to renew, and is no site that was not compiled."""
    repository = a_repository(tmp_path / "certs", park_nicollet=a_site_file(key=f"{{custody: {custody}}}"))
    assert "run `sitecert compile park-nicollet`" in renew(repository, SITE).err
    assert repository.run("compile").code == 0
    ran = renew(repository, SITE)
    assert "error[SC801]" in ran.err
    assert "has no certificate yet" in ran.err
    assert "awaited" in sitecert("-C", repository.root, "status").out


def test_a_customers_key_is_asked_for_again(tmp_path: Path) -> None:
    """A renewal of theirs is opened, awaited, and passed over from then on."""
    bench = a_bench_with_the_customers_key(tmp_path)
    assert renew(bench.repository, SITE).code == 0
    assert "generation: 2" in bench.repository.read(FILE).decode()
    assert bench.repository.run("plan").code == 0
    assert "key awaited" in sitecert("-C", bench.repository.root, "status", "--at", DUE).out
    ran = renew(bench.repository, "--due", "--at", DUE)
    assert (ran.code, "nothing is due" in ran.err) == (0, True)


def test_renew_asks_for_sites() -> None:
    """All sites are never meant by silence."""
    assert sitecert("renew").code == 3
