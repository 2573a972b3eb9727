"""Keys that are born elsewhere: on the server, or with the customer."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization

from sitecert.model.record import GenerationRecord
from support.authority import ALLOWED_DAYS, Authority, pem, rsa_key
from support.repository import Repository, a_repository, a_site_file, private_key_of

OUT = "out/park-nicollet"
ONE = f"{OUT}/generation-1"
RUNBOOKS = f"{OUT}/runbooks/smartweb.parknicollet.com"
SERVER, CUSTOMER = "{custody: server}", "{custody: customer}"


def custody(tmp_path: Path, key: str) -> Repository:
    """Return a compiled repository whose site has a key policy."""
    repository = a_repository(tmp_path / "certs", park_nicollet=a_site_file(key=key))
    assert repository.run("compile").code == 0
    return repository


def on_the_server(repository: Repository, tmp_path: Path, name: str = "server") -> Path:
    """Make a request as request.sh does: with the real openssl and the compiled configuration."""
    request = tmp_path / f"{name}.csr"
    config = repository.root / ONE / "openssl.cnf"
    command = ["openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", config]
    command += ["-keyout", tmp_path / f"{name}.key", "-out", request]
    subprocess.run(command, check=True, capture_output=True)
    return request


@pytest.mark.system("openssl")
def test_the_servers_request_is_awaited_taken_in_and_answered(tmp_path: Path) -> None:
    """request.sh and openssl.cnf; then the request; then the certificate, and install.sh for it."""
    repository = custody(tmp_path, SERVER)
    assert set(repository.tree(ONE)) == {f"{ONE}/manifest.json", f"{ONE}/openssl.cnf"}
    assert list(repository.tree(RUNBOOKS)) == [f"{RUNBOOKS}/request.sh"]

    taken = repository.intake(on_the_server(repository, tmp_path))
    assert taken.code == 0, taken.text
    assert taken.why(f"{ONE}/server.csr") == ("+", "the server's request was taken in")
    assert taken.why(f"{RUNBOOKS}/request.sh") == ("-", "the server's request was taken in")
    assert repository.run("compile", "--check").code == 0
    assert not list((repository.root / "out").rglob("*.age"))

    assert repository.certify().code == 0
    assert list(repository.tree(RUNBOOKS)) == [f"{RUNBOOKS}/install.sh"]
    assert repository.run("compile", "--check").code == 0


@pytest.mark.system("openssl")
def test_an_edit_drops_the_servers_request(tmp_path: Path) -> None:
    """The server is asked for another one, and the plan says why."""
    repository = custody(tmp_path, SERVER)
    request = on_the_server(repository, tmp_path)
    repository.intake(request)
    repository.site(key=SERVER, alt_names="[smartweb-dr.parknicollet.com]")
    plan = repository.run("plan")
    why = "alt_names changed: the server's request is awaited"
    assert plan.why(f"{ONE}/server.csr") == ("-", why)
    assert plan.why(f"{RUNBOOKS}/request.sh") == ("+", why)
    assert repository.run("compile").changes == plan.changes
    assert set(repository.tree(ONE)) == {f"{ONE}/manifest.json", f"{ONE}/openssl.cnf"}

    refused = repository.intake(request)
    assert (refused.code, refused.codes) == (1, {"SC512"})
    assert repository.run("compile", "--check").code == 0
    assert repository.intake(on_the_server(repository, tmp_path, "second")).code == 0


def sent_by_the_customer(tmp_path: Path) -> Path:
    """Return the article's .pem: certificate, issuer and private key in one file."""
    authority = Authority()
    key = rsa_key("customer")
    certificate = authority.issue(key.public_key(), ["smartweb.parknicollet.com"], days=ALLOWED_DAYS)
    plain = key.private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    path = tmp_path / "sent.pem"
    path.write_bytes(plain + pem(certificate, authority.intermediate))
    return path


def test_a_customers_key_is_refused_or_filed_encrypted(tmp_path: Path) -> None:
    """In the clear only where a person accepts that; it is marked, and a second intake changes nothing."""
    repository = custody(tmp_path, CUSTOMER)
    assert not (repository.root / ONE).exists(), "no request is compiled"
    before = repository.tree()
    sent = sent_by_the_customer(tmp_path)
    refused = repository.intake(sent)
    assert (refused.code, refused.codes, repository.tree()) == (1, {"SC515", "SC551"}, before)

    taken = repository.intake(sent, accept="SC515")
    assert taken.code == 0, taken.text
    assert GenerationRecord.from_bytes(repository.read(f"{ONE}/manifest.json")).disclosed
    opened = serialization.load_pem_private_key(private_key_of(repository, f"{ONE}/server.key.age"), None)
    assert opened.private_numbers() == rsa_key("customer").private_numbers()  # type: ignore[union-attr]
    assert not (repository.root / ONE / "server.csr").exists()
    assert repository.run("compile", "--check").code == 0
    after = repository.tree()
    assert repository.intake(sent, accept="SC515").code == 0
    assert repository.tree() == after


@pytest.mark.parametrize("key", [SERVER, CUSTOMER])
def test_the_repositorys_key_is_not_dropped_by_an_edit(tmp_path: Path, key: str) -> None:
    """SC414, and nothing changes, until a person lets the key go."""
    repository = custody(tmp_path, "{custody: repository}")
    before = repository.tree()
    repository.site(key=key)
    result = repository.run("compile")
    assert (result.code, result.codes, repository.tree()) == (1, {"SC414"}, before)
    result = repository.run("compile", "--prune-keys")
    assert result.code == 0
    assert not list((repository.root / "out").rglob("*.age"))
    assert result.why(f"{ONE}/server.key.age")[1].startswith(f"key.custody is {key[10:-1]} now")
    assert repository.run("compile", "--check").code == 0


@pytest.mark.system("openssl")
@pytest.mark.parametrize("key", ["{custody: repository}", CUSTOMER])
def test_a_servers_request_gives_way_to_another_custody(tmp_path: Path, key: str) -> None:
    """An open request of the server's is dropped: its key is still there, and nothing was issued."""
    repository = custody(tmp_path, SERVER)
    repository.intake(on_the_server(repository, tmp_path))
    repository.site(key=key)
    assert repository.run("compile").code == 0
    assert (repository.root / ONE / "server.key.age").exists() == ("repository" in key)
    assert not (repository.root / RUNBOOKS / "request.sh").exists()
    assert repository.run("compile", "--check").code == 0


def test_another_custody_for_the_next_generation(tmp_path: Path) -> None:
    """Generation 1, with its key from the pack, stays installed just as it was while the server makes 2's."""
    repository = custody(tmp_path, "{custody: repository}")
    repository.certify()
    script = repository.read(f"{RUNBOOKS}/install.sh")
    repository.site(key="{custody: server, generation: 2}")
    assert repository.run("compile").code == 0
    assert repository.read(f"{RUNBOOKS}/install.sh") == script
    assert (repository.root / RUNBOOKS / "request.sh").exists()
