"""`key rewrap`: the same keys, encrypted to the recipients of today."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyrage
import pytest

from sitecert.pki.keys import encrypt_key
from sitecert.pki.recipients import parse_recipient
from support.authority import rsa_key
from support.commands import Ran, sitecert
from support.repository import Repository, a_repository, a_site_file, identity, private_key_of

SITE = "park-nicollet"
ONE = f"out/{SITE}/generation-1"
KEY = f"{ONE}/server.key.age"
CHANGING = {KEY, f"{ONE}/manifest.json", f"out/{SITE}/manifest.json"}
COLLEAGUE = pyrage.x25519.Identity.generate()
OWN, THEIRS = str(identity().to_public()), str(COLLEAGUE.to_public())


@pytest.fixture(scope="module")
def certified(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a site with its certificate, which no test may spoil."""
    repository = a_repository(tmp_path_factory.mktemp("rewrap") / "certs")
    repository.run("compile")
    repository.certify()
    return repository


@pytest.fixture
def repository(certified: Repository, tmp_path: Path) -> Repository:
    """Return a copy of it, whose recipients are two now."""
    shutil.copytree(certified.root, tmp_path / "certs")
    (tmp_path / "identity.txt").write_text(f"{identity()}\n")
    copy = Repository(tmp_path / "certs")
    copy.configure(recipients=(OWN, THEIRS))
    return copy


def rewrap(repository: Repository, *arguments: object) -> Ran:
    """Run `key rewrap` with the tests' identity."""
    given = ("-i", repository.root.parent / "identity.txt")
    return sitecert("-C", repository.root, "key", "rewrap", *given, *arguments)


def differing(repository: Repository, before: dict[str, str]) -> set[str]:
    """Return the files of out/ that are not as before."""
    after = repository.tree()
    return {path for path in {*before, *after} if before.get(path) != after.get(path)}


def test_a_colleague_can_open_the_key_afterwards(repository: Repository) -> None:
    """The same key, for one recipient more; nothing else changes, and nothing is left to compile."""
    before, key = repository.tree(), private_key_of(repository, KEY)
    done = rewrap(repository)
    assert done.code == 0
    assert done.out == f"{SITE}  (1 recipient more)\n    ~ {KEY}\n"
    assert done.err == "1 key encrypted anew, 0 as they were\n"
    assert pyrage.decrypt(repository.read(KEY), [COLLEAGUE]) == key == private_key_of(repository, KEY)
    assert differing(repository, before) == CHANGING
    recipients = json.loads(repository.read(f"{ONE}/manifest.json"))["recipients"]
    assert recipients == [parse_recipient(each).fingerprint for each in (OWN, THEIRS)]
    check = repository.run("compile", "--check")
    assert (check.code, check.codes) == (0, set())
    again = repository.tree()
    assert rewrap(repository).err == "1 key: nothing to do\n"
    assert repository.tree() == again


def test_taking_a_recipient_away_says_what_it_does_not_do(repository: Repository) -> None:
    """The file that git keeps still opens for who left."""
    rewrap(repository)
    repository.configure(recipients=(OWN,))
    done = rewrap(repository)
    assert done.out == f"{SITE}  (1 recipient less)\n    ~ {KEY}\n"
    assert "git keeps the old files" in done.err
    assert "only a new generation takes access away" in done.err
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(repository.read(KEY), [COLLEAGUE])


def test_a_key_that_is_not_the_certificates_stays_as_it_is(repository: Repository) -> None:
    """Rewrapping it would make it look right; the other sites' keys are done."""
    repository.site("regions", common_name="regions.example.org")
    repository.configure(recipients=(OWN,))
    repository.run("compile")
    (repository.root / KEY).write_bytes(encrypt_key(rsa_key("planted"), (parse_recipient(OWN),)))
    repository.refresh_record(ONE)
    repository.run("compile")
    repository.configure(recipients=(OWN, THEIRS))
    before = repository.tree()
    done = rewrap(repository)
    assert done.code == 1
    assert f"{KEY}:1:1: error[SC732]: holds another key than its certificate was made with" in done.err
    assert {path.split("/")[1] for path in differing(repository, before)} == {"regions"}


def test_a_key_that_more_could_open_than_its_record_names(repository: Repository) -> None:
    """A stranger's stanza goes, and it is said that git keeps the file that has it."""
    repository.configure(recipients=(OWN,))
    key = private_key_of(repository, KEY)
    stranger = pyrage.x25519.Identity.generate()
    both = [identity().to_public(), stranger.to_public()]
    (repository.root / KEY).write_bytes(pyrage.encrypt(key, both, armored=True))
    repository.refresh_record(ONE)
    done = rewrap(repository)
    assert done.code == 0
    assert "(its header was not what its record names)" in done.out
    assert "git keeps the old files" in done.err
    assert private_key_of(repository, KEY) == key
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(repository.read(KEY), [stranger])


def test_an_identity_that_opens_nothing_changes_nothing(repository: Repository) -> None:
    """Exit 1 and a problem for each key; the files are as before."""
    before = repository.tree()
    (repository.root.parent / "identity.txt").write_text(f"{pyrage.x25519.Identity.generate()}\n")
    done = rewrap(repository)
    assert done.code == 1
    assert "error[SC731]" in done.err
    assert repository.tree() == before


def test_nothing_but_the_keys_is_touched(repository: Repository) -> None:
    """An edit that waits for a compile waits on, and the record of a file that a person changed stands."""
    repository.site(version="8.10")
    repository.write(f"out/{SITE}/change-control.md", "edited\n")
    before = repository.tree()
    assert rewrap(repository).code == 0
    assert differing(repository, before) == CHANGING
    assert repository.run("plan").why(f"out/{SITE}/change-control.md")[1].startswith("was edited")


def test_a_list_that_is_out_of_date_is_mended(repository: Repository) -> None:
    """As after a kill between the generation and the site's manifest: the next run finishes."""
    listed = repository.read(f"out/{SITE}/manifest.json")
    rewrap(repository)
    finished = repository.tree()
    repository.write(f"out/{SITE}/manifest.json", listed.decode())
    done = rewrap(repository)
    assert (done.code, done.out, done.err) == (0, "", "1 key: nothing to do\n")
    assert repository.tree() == finished


def test_a_damaged_generation_is_left_alone(repository: Repository) -> None:
    """What cannot be recomputed is brought back first."""
    repository.write(f"{ONE}/server.csr", "junk")
    before = repository.tree()
    done = rewrap(repository)
    assert done.code == 1
    assert "error[SC401]" in done.err
    assert repository.tree() == before


def test_a_recipient_that_is_none_stops_it(repository: Repository) -> None:
    """Keys encrypted to the others alone would be for fewer than the file says."""
    repository.configure(recipients=(OWN, THEIRS, "age1junk"))
    before = repository.tree()
    done = rewrap(repository)
    assert done.code == 1
    assert "error[SC411]" in done.err
    assert repository.tree() == before


def test_an_identity_is_asked_for(repository: Repository) -> None:
    """Without one there is no way to open a key."""
    done = sitecert("-C", repository.root, "key", "rewrap")
    assert done.code == 3
    assert "-i" in done.err


def test_only_the_sites_named(repository: Repository) -> None:
    """Names and patterns, as everywhere; one that fits nothing is a problem."""
    repository.write("sites/regions.yaml", a_site_file(common_name="regions.example.org"))
    repository.configure(recipients=(OWN,))
    repository.run("compile")
    repository.configure(recipients=(OWN, THEIRS))
    assert "out/regions/" in rewrap(repository, "reg*").out
    assert "not for today's recipients" in sitecert("-C", repository.root, "key", "audit", SITE).out
    nobody = rewrap(repository, "nobody")
    assert (nobody.code, nobody.out) == (1, "")
    assert 'no site is named "nobody"' in nobody.err
