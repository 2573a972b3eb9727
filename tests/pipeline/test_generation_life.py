"""The life of a generation, walked; at each stage `plan` says what `compile` then does."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256

from sitecert.emit.generation import generation_artifacts
from sitecert.emit.templates import Templates
from sitecert.load.data import read_templates
from sitecert.model.generation import Generation
from sitecert.model.record import GenerationRecord
from sitecert.pipeline.survey import survey
from sitecert.pki.certificates import issued_certificate
from support.authority import Authority, rsa_key
from support.repository import Repository, Result, a_repository, a_site_file

OUT = "out/park-nicollet"
ONE = f"{OUT}/generation-1"
TWO = f"{OUT}/generation-2"
INSTALL = f"{OUT}/runbooks/smartweb.parknicollet.com/install.sh"
MADE = {
    f"{ONE}/{name}"
    for name in ("manifest.json", "openssl.cnf", "server.csr", "server.csr.txt", "server.key.age")
}
DOCUMENTS = {f"{OUT}/{name}" for name in ("change-control.html", "change-control.md", "manifest.json")}


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    """Return a repository with one site, compiled nowhere yet."""
    return a_repository(tmp_path / "certs")


def compiled(repository: Repository, *arguments: str) -> Result:
    """Plan, then compile: the changes are the same, and afterwards there is nothing to do."""
    before = repository.tree()
    plan = repository.run("plan", *arguments)
    assert repository.tree() == before, "plan wrote"
    result = repository.run("compile", *arguments)
    assert plan.changes == result.changes
    assert plan.code == (1 if result.code else 2 if result.changes else 0)
    after = repository.tree()
    for verb, path, _ in result.changes:
        assert (path in before, path in after) == {
            "+": (False, True),
            "~": (True, True),
            "-/+": (True, True),
            "-": (True, False),
        }[verb], (verb, path)
        assert before.get(path) != after.get(path) or path.endswith("openssl.cnf")
    changed = {path for path in {*before, *after} if before.get(path) != after.get(path)}
    assert changed <= {path for _, path, _ in result.changes}
    assert repository.run("plan", *arguments).changes == []
    return result


def generation(repository: Repository, path: str, kept: str = "server.key.age server.csr") -> list[bytes]:
    """Return what must not change of a generation."""
    return [repository.read(f"{path}/{name}") for name in kept.split()]


def test_a_new_site_opens(repository: Repository) -> None:
    """A new site gets its key, request, documents, and says that it is new."""
    result = compiled(repository)
    assert {path for _, path, _ in result.changes} == MADE | DOCUMENTS
    assert {(verb, why) for verb, _, why in result.changes} == {("+", "new site")}
    assert compiled(repository).changes == []


def test_an_edit_while_open_replaces_key_and_request(repository: Repository) -> None:
    """Key, request and what was made with them are replaced together, for the name that changed."""
    compiled(repository)
    before = generation(repository, ONE)
    repository.site(alt_names="[smartweb-dr.parknicollet.com]")
    result = compiled(repository)
    replaced = {path for verb, path, _ in result.changes if verb == "-/+"}
    assert replaced == MADE
    assert {why for _, _, why in result.changes} == {"alt_names changed"}
    assert not set(generation(repository, ONE)) & set(before)


def test_an_edit_that_no_request_carries_keeps_the_key(repository: Repository) -> None:
    """Another customer's name with a subject of its own, or a window, is for the document alone."""
    compiled(repository)
    before = generation(repository, ONE)
    repository.site(change="{number: CHG0031337}")
    result = compiled(repository)
    assert {path for _, path, _ in result.changes} == DOCUMENTS
    assert generation(repository, ONE) == before


def test_a_certificate_is_taken_in_and_frozen(repository: Repository) -> None:
    """Intake says what it does and why; the generation then stands still."""
    compiled(repository)
    before = generation(repository, ONE)
    taken = repository.certify()
    assert taken.code == 0, taken.text
    assert taken.why(f"{ONE}/leaf.crt") == ("+", "its certificate was taken in")
    assert taken.why(INSTALL)[0] == "+"
    assert generation(repository, ONE) == before
    assert compiled(repository).changes == []
    assert repository.run("compile", "--check").code == 0


def test_an_edit_of_a_certified_site_is_refused_at_its_line(tmp_path: Path) -> None:
    """Nothing of that site is written, neither documents; the other site compiles."""
    repository = a_repository(tmp_path / "certs", park_nicollet=a_site_file())
    repository.run("compile")
    repository.certify()
    before = repository.tree()
    repository.site(alt_names="[other.parknicollet.com]", change="{number: CHG0031337}")
    repository.site("second", common_name="second.parknicollet.com")
    plan, result = repository.run("plan"), repository.run("compile")
    assert plan.changes == result.changes
    assert (plan.code, result.code) == (1, 1)
    assert result.codes == {"SC407"}
    line = 1 + repository.read("sites/park-nicollet.yaml").decode().splitlines().index(
        "alt_names: [other.parknicollet.com]"
    )
    assert f"sites/park-nicollet.yaml:{line}:" in result.text
    assert "raise `key.generation`" in result.text
    after = repository.tree()
    assert {path: digest for path, digest in after.items() if path in before} == before
    assert {path.split("/")[1] for path in after.keys() - before.keys()} == {"second"}


def test_a_custody_edit_of_a_certified_site_is_refused(repository: Repository) -> None:
    """The runbook would look for a key where it is not."""
    repository.run("compile")
    repository.certify()
    repository.site(key="{custody: server}")
    result = repository.run("compile")
    assert (result.code, result.codes) == (1, {"SC407"})
    assert "key.custody" in result.text
    assert result.changes == []


def test_new_defaults_touch_nothing_in_service(repository: Repository) -> None:
    """A warning for the certified site, and not one byte of it changes."""
    repository.run("compile")
    repository.certify()
    before = repository.tree()
    repository.configure(
        "defaults: {subject: {organization: Other}, key: {security: high, custody: server}}\n"
    )
    result = compiled(repository)
    assert (result.code, result.codes, result.changes) == (0, {"SC408"}, [])
    assert repository.tree() == before


def test_a_repository_may_make_a_warning_an_error(repository: Repository) -> None:
    """`policy.severity` weighs what is found under out/ as well."""
    repository.run("compile")
    repository.certify()
    repository.configure("defaults: {subject: {organization: Other}}\npolicy: {severity: {SC408: error}}\n")
    assert repository.run("compile", "--check").code == 1


def test_the_second_generation_opens_beside_the_first(repository: Repository) -> None:
    """Runbooks go on installing generation 1 until 2 has its certificate; then 2 is installed."""
    repository.run("compile")
    repository.certify()
    first, script = repository.tree(ONE), repository.read(INSTALL)
    repository.site(key="{generation: 2}", alt_names="[smartweb-dr.parknicollet.com]")
    result = compiled(repository)
    assert result.code == 0
    assert result.why(f"{TWO}/server.key.age") == ("+", "key.generation is 2")
    assert (repository.tree(ONE), repository.read(INSTALL)) == (first, script)
    assert set(generation(repository, TWO)).isdisjoint(generation(repository, ONE))

    assert repository.certify(2).code == 0
    leaf = x509.load_pem_x509_certificate(repository.read(f"{TWO}/leaf.crt"))
    assert leaf.fingerprint(SHA256()).hex().encode() in repository.read(INSTALL).lower().replace(b":", b"")
    assert repository.tree(ONE) == first
    assert compiled(repository).changes == []


def test_a_superseded_generation_leaves_once_git_has_it(repository: Repository) -> None:
    """Generation 3 opens: 1 stays with a warning until it is committed; then it goes, whole."""
    repository.run("compile")
    repository.certify()
    repository.site(key="{generation: 2}")
    repository.run("compile")
    repository.certify(2)
    repository.site(key="{generation: 3}")
    result = compiled(repository)
    assert (result.code, result.codes) == (0, {"SC413"})
    assert repository.tree(ONE)
    repository.commit()
    repository.write(f"{ONE}/server.crt.txt", "edited since")
    assert repository.run("compile").codes == {"SC413"}, "git has other bytes"
    repository.commit()
    result = compiled(repository)
    assert (result.code, result.codes) == (0, set())
    assert not (repository.root / ONE).exists()
    assert repository.tree(TWO)


def test_prune_keys_lets_a_superseded_generation_go(repository: Repository) -> None:
    """Without git a person says so."""
    repository.run("compile")
    repository.certify()
    for number in (2, 3):
        repository.site(key=f"{{generation: {number}}}")
        repository.run("compile")
        repository.certify(number)
    result = compiled(repository, "--prune-keys")
    assert result.why(f"{ONE}/server.key.age") == ("-", "a newer generation has its place")
    assert not (repository.root / ONE).exists()


def test_a_number_is_never_lowered(repository: Repository) -> None:
    """Generation 1 after 2 is a problem at `key.generation`, and nothing changes."""
    repository.site(key="{generation: 2}")
    repository.run("compile")
    before = repository.tree()
    repository.site(key="{generation: 1}")
    result = repository.run("compile")
    assert (result.code, result.codes, repository.tree()) == (1, {"SC406"}, before)


def test_a_sealed_request_is_frozen(repository: Repository) -> None:
    """What was handed to the customer is not replaced by an edit; other edits still reach the document."""
    repository.run("compile")
    repository.record(ONE, sealed=True)
    repository.run("compile")
    before = generation(repository, ONE)
    repository.site(change="{number: CHG0031337}")
    assert compiled(repository).code == 0
    assert GenerationRecord.from_bytes(repository.read(f"{ONE}/manifest.json")).sealed
    repository.site(alt_names="[other.parknicollet.com]")
    result = repository.run("compile")
    assert (result.code, result.codes, result.changes) == (1, {"SC407"}, [])
    assert "sealed" in result.text
    assert generation(repository, ONE) == before


def test_the_certificate_of_before_is_never_installed(repository: Repository) -> None:
    """Generation 0 has no key: no runbook installs it, and the document speaks of generation 1."""
    authority = Authority()
    used = authority.issue(rsa_key().public_key(), ["smartweb.parknicollet.com"])
    zero_as_filed = Generation(0, certificate=issued_certificate(used, [authority.intermediate]))
    site = survey(repository.root).sites[0]
    for artifact in generation_artifacts(Templates(read_templates()), site, zero_as_filed):
        repository.write(artifact.path, artifact.content.decode())
    zero = repository.tree(f"{OUT}/generation-0")
    assert zero
    assert compiled(repository).code == 0
    assert not (repository.root / INSTALL).exists()
    document = repository.read(f"{OUT}/change-control.md").decode()
    assert "generation 1" in document
    assert "generation 0" not in document
    assert repository.tree(f"{OUT}/generation-0") == zero

    assert repository.certify().code == 0
    assert (repository.root / INSTALL).exists()
    assert repository.tree(f"{OUT}/generation-0") == zero, "it is the newest lower certified one"
    repository.site(key="{generation: 2}")
    assert compiled(repository).codes == {"SC413"}
    repository.commit()
    assert compiled(repository).code == 0
    assert not (repository.root / f"{OUT}/generation-0").exists()


def test_a_certified_generation_that_is_gone_is_missed(repository: Repository) -> None:
    """Its key is not made anew, and the runbook does not vanish with it; git brings it back."""
    repository.run("compile")
    repository.certify()
    repository.commit()
    before = repository.tree()
    for path in (repository.root / ONE).iterdir():
        path.unlink()
    (repository.root / ONE).rmdir()
    left = repository.tree()
    for number in (1, 2):
        repository.site(key=f"{{generation: {number}}}")
        result = repository.run("compile")
        assert (result.code, result.codes, repository.tree()) == (1, {"SC402"}, left)
        assert f"git checkout -- {ONE}" in result.text
    repository.site()
    repository.commit.__self__.run("plan")
    subprocess.run(["git", "-C", repository.root, "checkout", "-q", "--", ONE], check=True)
    assert repository.run("compile", "--check").code == 0
    assert repository.tree() == before


def test_recipients_that_changed_are_told_of_every_key(repository: Repository) -> None:
    """The key that waits and the key that is installed, both."""
    repository.run("compile")
    repository.certify()
    repository.site(key="{generation: 2}")
    repository.run("compile")
    before = repository.tree()
    repository.configure(recipients=("age1lw3q96qzgpraw6rwwmzmzz3arsl5rt2y8a8r698f7mwmh37jufjsnhar9n",))
    result = repository.run("compile")
    assert (result.code, result.codes, repository.tree()) == (0, {"SC412"}, before)
    assert f"{ONE}/server.key.age" in result.text
    assert f"{TWO}/server.key.age" in result.text
