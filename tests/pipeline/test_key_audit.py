"""`key audit`: whether the encrypted keys are the ones that requests and certificates name."""

from __future__ import annotations

import json
import shutil
from hashlib import sha256
from pathlib import Path

import pyrage
import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ed25519

from sitecert.pki.keys import encrypt_key
from sitecert.pki.recipients import parse_recipient
from support.authority import rsa_key
from support.commands import Ran, sitecert
from support.repository import Repository, a_repository, a_site_file, identity
from support.schemas import validator

ONE = "out/park-nicollet/generation-1"
KEY = f"{ONE}/server.key.age"


@pytest.fixture(scope="module")
def compiled(tmp_path_factory: pytest.TempPathFactory) -> Repository:
    """Return a compiled site that no test may spoil."""
    repository = a_repository(tmp_path_factory.mktemp("audit") / "certs")
    repository.run("compile")
    return repository


@pytest.fixture
def repository(compiled: Repository, tmp_path: Path) -> Repository:
    """Return a copy of the compiled site."""
    shutil.copytree(compiled.root, tmp_path / "certs")
    return Repository(tmp_path / "certs")


def identity_file(repository: Repository, own: object = None) -> Path:
    """Write an identity beside the repository, the tests' own unless one is given."""
    path = repository.root.parent / f"identity-{sha256(str(own).encode()).hexdigest()[:8]}.txt"
    path.write_text(f"# an identity\n{own or identity()}\n")
    return path


def audit(repository: Repository, *arguments: object) -> Ran:
    """Run `key audit`, with the tests' identity unless the arguments give one."""
    given = arguments or ("-i", identity_file(repository))
    return sitecert("-C", repository.root, "key", "audit", *given)


def exchange(repository: Repository, content: bytes) -> None:
    """Put other bytes in the place of the key, and make record and manifest agree, as sitecert would."""
    (repository.root / KEY).write_bytes(content)
    repository.refresh_record(ONE)
    assert repository.run("compile").code == 0


def test_the_right_key_is_proved(repository: Repository) -> None:
    """It opens, and its public key is that of the request; nothing is written."""
    before = repository.tree()
    done = audit(repository)
    assert (done.code, done.err) == (0, "1 key: 1 proved\n")
    assert done.out == "park-nicollet\n  generation 1  proved     open, RSA 2048, for 1 X25519\n"
    assert repository.tree() == before


def test_another_key_in_the_file_is_found(repository: Repository) -> None:
    """Encrypted to the right recipients, in agreement with every digest: only opening it tells."""
    recipients = (parse_recipient(str(identity().to_public())),)
    exchange(repository, encrypt_key(rsa_key("planted"), recipients))
    assert repository.run("compile", "--check").code == 0, "nothing else can know"
    assert audit(repository, "--format", "text").code == 0, "nor can an audit that opens nothing"
    done = audit(repository)
    assert done.code == 1
    assert f"{KEY}:1:1: error[SC732]: holds another key than its request was made with" in done.err
    assert "generation 1  wrong      open" in done.out


def test_another_key_is_found_beside_its_certificate(repository: Repository) -> None:
    """The message names the certificate, once there is one."""
    repository.certify()
    exchange(repository, encrypt_key(rsa_key("planted"), (parse_recipient(str(identity().to_public())),)))
    assert "holds another key than its certificate was made with" in audit(repository).err


@pytest.mark.parametrize(
    ("plain", "told"),
    [
        (b"no key at all", "what was encrypted is not a private key"),
        (
            ed25519.Ed25519PrivateKey.generate().private_bytes(
                serialization.Encoding.PEM,
                serialization.PrivateFormat.PKCS8,
                serialization.NoEncryption(),
            ),
            "what was encrypted is not an RSA key",
        ),
    ],
)
def test_what_is_no_key_is_told(repository: Repository, plain: bytes, told: str) -> None:
    """A file that opens and holds something else."""
    exchange(repository, pyrage.encrypt(plain, [identity().to_public()], armored=True))
    done = audit(repository)
    assert done.code == 1
    assert f"error[SC731]: {told}" in done.err


def test_an_identity_that_opens_nothing(repository: Repository) -> None:
    """The wrong one proves nothing, and that is a problem: somebody asked."""
    stranger = identity_file(repository, pyrage.x25519.Identity.generate())
    done = audit(repository, "-i", stranger)
    assert done.code == 1
    assert "error[SC731]: the private key is not encrypted to any of the identities given" in done.err
    both = audit(repository, "-i", stranger, "-i", identity_file(repository))
    assert both.code == 0


def test_what_is_no_identity_is_usage(repository: Repository, tmp_path: Path) -> None:
    """Said once, not for every key; and nothing of the file is repeated."""
    path = tmp_path / "junk.txt"
    path.write_text("AGE-SECRET-KEY-1JUNK\n")
    done = audit(repository, "-i", path)
    assert done.code == 3
    assert "an identity is not one that sitecert reads" in done.err
    assert "1JUNK" not in done.err


def test_without_an_identity_the_outside_is_looked_at(repository: Repository) -> None:
    """In CI, where there is no secret: who could open the files, by their headers."""
    done = sitecert("-C", repository.root, "key", "audit")
    assert done.code == 0
    assert done.out == "park-nicollet\n  generation 1  unopened   open, for 1 X25519\n"
    assert "no key was opened" in done.err


def test_one_recipient_too_many_is_found_without_an_identity(repository: Repository) -> None:
    """The record names one; the header has two stanzas."""
    known = parse_recipient(str(identity().to_public()))
    stranger = parse_recipient(str(pyrage.x25519.Identity.generate().to_public()))
    (repository.root / KEY).write_bytes(encrypt_key(rsa_key("planted"), (known, stranger)))
    repository.refresh_record(ONE)
    done = sitecert("-C", repository.root, "key", "audit")
    assert done.code == 1
    assert "error[SC733]: can be opened by 2 X25519; its record names 1 X25519" in done.err
    assert "SC733" in repository.run("compile", "--check").codes


def test_another_ssh_key_is_found_without_an_identity(repository: Repository) -> None:
    """An SSH key's stanza has a tag, which the recipient's must give."""
    own, other = (ssh_recipient(ed25519.Ed25519PrivateKey.generate()) for _ in range(2))
    repository.configure(recipients=(own,))
    (repository.root / KEY).write_bytes(encrypt_key(rsa_key("planted"), (parse_recipient(other),)))
    repository.refresh_record(ONE, recipients=(parse_recipient(own).fingerprint,))
    assert "can be opened by other SSH keys than its record names" in audit(repository).err
    (repository.root / KEY).write_bytes(encrypt_key(rsa_key("planted"), (parse_recipient(own),)))
    repository.refresh_record(ONE)
    assert "SC733" not in audit(repository).err


def ssh_recipient(key: ed25519.Ed25519PrivateKey) -> str:
    """Return the line of a `.pub` file."""
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.OpenSSH, serialization.PublicFormat.OpenSSH)
        .decode()
    )


def test_changed_recipients_are_due(repository: Repository) -> None:
    """Not wrong: `key rewrap` mends it."""
    second = str(pyrage.x25519.Identity.generate().to_public())
    repository.configure(recipients=(str(identity().to_public()), second))
    done = audit(repository)
    assert done.code == 2
    assert "warning[SC412]: is not encrypted to the recipients of sitecert.yaml" in done.err
    assert "help: run `sitecert key rewrap -i IDENTITY`" in done.err
    assert "not for today's recipients" in done.out


def test_every_generation_and_every_custody(repository: Repository) -> None:
    """The one before, the open one, and a key that is on its server."""
    repository.certify()
    repository.site(key="{generation: 2}")
    repository.site("regions", common_name="regions.example.org", key="{custody: server}")
    repository.run("compile")
    lines = audit(repository).out.splitlines()
    assert lines == [
        "park-nicollet",
        "  generation 1  proved     certified, RSA 2048, for 1 X25519",
        "  generation 2  proved     open, RSA 2048, for 1 X25519",
        "regions",
        "  generation 1  elsewhere  open, the key is not in the repository",
    ]
    assert audit(repository, "regions").out.splitlines() == lines[3:]


def test_a_site_with_errors_is_audited_all_the_same(repository: Repository) -> None:
    """Its key stands, whatever its file says today."""
    repository.write("sites/park-nicollet.yaml", a_site_file(version="wrong"))
    assert audit(repository).err == "1 key: 1 proved\n"


def test_a_configuration_that_cannot_be_read_is_told_and_no_key_called_outdated(
    repository: Repository,
) -> None:
    """Who the recipients are today is not known then."""
    repository.configure("policy: {issuers: public}\n")
    done = audit(repository)
    assert done.code == 1
    assert "error[SC103]: policy.issuers must be a list" in done.err
    assert "SC412" not in done.err
    assert "proved     open" in done.out


def test_json_is_as_published(repository: Repository) -> None:
    """By its own schema, with the fingerprints of those who can open the key."""
    done = audit(repository, "-i", identity_file(repository), "--format", "json")
    document = json.loads(done.out)
    validator("keys").validate(document)
    [key] = document["keys"]
    recipient = str(identity().to_public())
    assert key["recipients"] == [sha256(recipient.encode()).hexdigest()]
    spki = (
        repository.request()
        .public_key()
        .public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)
    )
    assert (key["spki_sha256"], key["proof"], key["bits"]) == (sha256(spki).hexdigest(), "proved", 2048)


def test_a_damaged_file_is_told(repository: Repository) -> None:
    """As every other command does, with the way back."""
    (repository.root / KEY).write_bytes(b"-----BEGIN AGE ENCRYPTED FILE-----\njunk")
    done = audit(repository)
    assert done.code == 1
    assert f"{KEY}:1:1: error[SC401]" in done.err
