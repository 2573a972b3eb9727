"""What `sitecert intake` files and refuses: compiled requests, issued certificates."""

from __future__ import annotations

import subprocess
from datetime import date, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import rsa

from intake.taking import NAMES, codes, pem_key, take
from support.authority import ALLOWED_DAYS, NOT_BEFORE, Authority, pem, rsa_key
from support.commands import INTERNAL_SITE, SITE, answer, at, files, given, repository, sitecert


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 2, 0)])
def test_a_bundle_in_any_order_is_filed_leaf_first_without_the_root(
    root: Path, tmp_path: Path, authority: Authority, order: tuple[int, ...]
) -> None:
    """OpenSSL proves the chain that was filed up to the root that was left out."""
    bundle = (answer(root, authority), authority.intermediate, authority.root)
    ran = take(root, given(tmp_path, "bundle.pem", *(bundle[index] for index in order)), "-v")
    assert ran.code == 0
    assert "note[SC508]" in ran.err
    assert "filed the certificate for smartweb.parknicollet.com, smartweb-dr.parknicollet.com" in ran.err
    folder = root / "out/park-nicollet/generation-1"
    served = x509.load_pem_x509_certificates((folder / "server.crt").read_bytes())
    assert served == list(bundle[:2])
    anchor = given(tmp_path, "root.pem", authority.root)
    command = ["openssl", "verify", "-no_check_time", "-CAfile", anchor, "-untrusted", folder / "chain.crt"]
    assert subprocess.run([*command, folder / "leaf.crt"], check=False, capture_output=True).returncode == 0
    assert sitecert("-C", root, "compile", "--check").code == 0


def test_files_are_taken_one_by_one(root: Path, tmp_path: Path, authority: Authority) -> None:
    """The leaf alone is filed with a warning; its issuer can follow; the same again has nothing to do."""
    leaf = given(tmp_path, "leaf.crt", answer(root, authority))
    issuer = given(tmp_path, "issuer.crt", authority.intermediate)
    assert codes(root, leaf) == (0, ["SC506"])
    assert not (root / "out/park-nicollet/generation-1/chain.crt").exists()
    assert codes(root, issuer) == (0, [])
    stands = files(root / "out")
    for again in ([leaf], [issuer], [issuer, leaf]):
        ran = take(root, *again)
        assert (ran.code, "generation-1/" in ran.out) == (0, False)
        assert "nothing to do" in ran.err
        assert files(root / "out") == stands


def test_standard_input_and_crlf(root: Path, authority: Authority) -> None:
    """A certificate can be pasted, with the line ends of the mail that it came in."""
    text = b"Dear customer,\r\n" + pem(answer(root, authority), authority.intermediate).replace(
        b"\n", b"\r\n"
    )
    ran = sitecert("-C", root, "intake", "park-nicollet", "-", *at(), piped=text)
    assert (ran.code, "SC5" in ran.err) == (0, False)


def test_a_certificate_for_another_key_is_never_accepted(
    root: Path, tmp_path: Path, authority: Authority
) -> None:
    """Not even with every code that can be overruled."""
    path = given(
        tmp_path,
        "a.pem",
        authority.issue(rsa_key("other").public_key(), NAMES, days=ALLOWED_DAYS),
        authority.intermediate,
    )
    accept = [word for code in ("SC504", "SC510", "SC515", "SC516") for word in ("--accept", code)]
    assert codes(root, path, *accept) == (1, ["SC503"])


def test_the_previous_generations_certificate_is_recognised(
    root: Path, tmp_path: Path, authority: Authority
) -> None:
    """The message says whose it is."""
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    assert take(root, path).code == 0
    (root / "sites/park-nicollet.yaml").write_text(INTERNAL_SITE + "key: {generation: 2}\n")
    assert sitecert("-C", root, "compile").code == 0
    ran = take(root, path)
    assert ran.code == 1
    assert "error[SC542]: it is the certificate of generation 1 again (valid until 2028-04-04)" in ran.err
    late = given(tmp_path, "b.pem", answer(root, authority, days=700), authority.intermediate)
    assert "not that of generation 2's request, but that of generation 1" in take(root, late).err


def test_names_are_compared(root: Path, tmp_path: Path, authority: Authority) -> None:
    """Missing names stop unless accepted, added ones are told, a wildcard answers for one level."""
    request = x509.load_pem_x509_csr((root / "out/park-nicollet/generation-1/server.csr").read_bytes())
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    one = given(
        tmp_path,
        "one.pem",
        authority.issue(key, [NAMES[0], "www.example.org"], days=ALLOWED_DAYS),
        authority.intermediate,
    )
    ran = take(root, one)
    assert ran.code == 1
    assert (
        "it does not answer for smartweb-dr.parknicollet.com; it does for smartweb.parknicollet.com"
        in ran.err
    )
    assert "it also answers for www.example.org" in ran.err
    wildcard = given(
        tmp_path,
        "wild.pem",
        authority.issue(key, ["*.parknicollet.com"], days=ALLOWED_DAYS),
        authority.intermediate,
    )
    assert codes(root, wildcard) == (0, ["SC505", "SC552"])


def test_a_missing_name_can_be_accepted(root: Path, tmp_path: Path, authority: Authority) -> None:
    """It is then a warning, and says that it was accepted."""
    request = x509.load_pem_x509_csr((root / "out/park-nicollet/generation-1/server.csr").read_bytes())
    key = request.public_key()
    assert isinstance(key, rsa.RSAPublicKey)
    path = given(
        tmp_path, "one.pem", authority.issue(key, NAMES[:1], days=ALLOWED_DAYS), authority.intermediate
    )
    refused = take(root, path)
    assert refused.err.endswith("park-nicollet: nothing was filed; it may be overruled with --accept SC504\n")
    ran = take(root, path, "--accept", "sc504")
    assert ran.code == 0
    assert "warning[SC504]" in ran.err
    assert "(accepted)" in ran.err


def test_dates_are_compared(root: Path, tmp_path: Path, authority: Authority) -> None:
    """Expired stops; not valid yet warns."""
    path = given(tmp_path, "a.pem", answer(root, authority, days=200), authority.intermediate)
    last = NOT_BEFORE.date() + timedelta(days=199)
    assert codes(root, path, on=at(last + timedelta(days=1))) == (1, ["SC516"])
    assert codes(root, path, on=at(date(2025, 12, 31))) == (0, ["SC517", "SC584"])


def test_a_second_certificate_needs_a_new_generation(
    root: Path, tmp_path: Path, authority: Authority
) -> None:
    """What is filed may be in service."""
    first, second = answer(root, authority), answer(root, authority)
    assert take(root, given(tmp_path, "a.pem", first, authority.intermediate)).code == 0
    assert codes(root, given(tmp_path, "b.pem", second, authority.intermediate)) == (1, ["SC509"])
    assert codes(root, given(tmp_path, "c.pem", first, second)) == (1, ["SC502"])


def test_strangers(root: Path, tmp_path: Path, authority: Authority) -> None:
    """A CA's foreign certificate is left out; two servers' certificates are refused, and named."""
    leaf, other = answer(root, authority), Authority("other")
    both = given(
        tmp_path,
        "b.pem",
        leaf,
        authority.issue(rsa_key("other").public_key(), ["a.example.org"], days=ALLOWED_DAYS),
    )
    assert codes(root, both) == (1, ["SC502"])
    assert "CN=a.example.org" in take(root, both).err
    assert codes(root, given(tmp_path, "c.pem", other.intermediate)) == (1, ["SC502"])
    path = given(tmp_path, "a.pem", other.intermediate, leaf, authority.intermediate)
    assert codes(root, path) == (0, ["SC507"])


@pytest.mark.parametrize(
    ("content", "code", "clause"),
    [
        (b"", "SC520", "is empty"),
        (b"\n \n", "SC520", "is empty"),
        (b"hello", "SC521", "holds nothing that can be read as a certificate"),
        (b"\x30\x82\x03\x00" + bytes(100), "SC525", "is cut off: 104 of 772 bytes are there"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n", "SC526", "damaged"),
        (b"-----BEGIN CERTIFICATE-----\n????\n-----END CERTIFICATE-----\n", "SC526", "not base64"),
        (b"-----BEGIN CERTIFICATE-----\nAAAA\n", "SC525", "a CERTIFICATE but no end"),
        (b"-----BEGIN PRIVATE KEY-----\nAAAA\n", "SC525", "a PRIVATE KEY but no end"),
        (b"-----BEGIN PKCS7-----\nAAAA\n-----END PKCS7-----\n", "SC526", "is a PKCS7 that is damaged"),
        (b"x" * ((1 << 20) + 1), "SC529", "more than 1 MiB"),
    ],
)
def test_what_cannot_be_read_is_told(
    root: Path, tmp_path: Path, content: bytes, code: str, clause: str
) -> None:
    """The file is named, with what is off."""
    ran = take(root, given(tmp_path, "a.pem", content))
    assert ran.code == 1
    assert f"{tmp_path / 'a.pem'}:1:1: error[{code}]" in ran.err
    assert clause in ran.err


def test_several_sites_at_once_are_refused(tmp_path: Path) -> None:
    """A pattern that names two sites cannot say which of them a certificate is for."""
    root = repository(tmp_path / "certs", one=SITE, two=SITE)
    ran = sitecert("-C", root, "intake", "*", given(tmp_path, "a.pem", b""))
    assert (ran.code, "names 2" in ran.err) == (3, True)


def test_a_folder_is_taken_in(root: Path, tmp_path: Path, authority: Authority) -> None:
    """Its files count one by one; a link in it is refused and leads nowhere; instructions stop nothing."""
    folder = tmp_path / "from the CA"
    (folder / "chain").mkdir(parents=True)
    given(folder, "INSTALL.html", b"<html><body>How to install</body></html>")
    given(folder / "chain", "issuer.crt", authority.intermediate)
    outside = given(tmp_path, "leaf.crt", answer(root, authority))
    (folder / "leaf.crt").symlink_to(outside)
    assert codes(root, folder) == (1, ["SC536", "SC522", "SC502"])
    (folder / "leaf.crt").unlink()
    outside.rename(folder / "leaf.crt")
    assert codes(root, folder) == (0, ["SC522"])
    served = (root / "out/park-nicollet/generation-1/server.crt").read_bytes()
    assert len(x509.load_pem_x509_certificates(served)) == 2


def test_anchors_of_trust(root: Path, tmp_path: Path, authority: Authority) -> None:
    """The chain is proved up to a root that is listed; another root is none."""
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    configuration = root / "sitecert.yaml"
    (root / "root.pem").write_bytes(pem(Authority("stranger").root))
    configuration.write_text(configuration.read_text() + "trust: [root.pem]\n")
    assert codes(root, path) == (1, ["SC564"])
    (root / "root.pem").write_bytes(pem(Authority("stranger").root, authority.root))
    ran = take(root, path)
    assert ran.code == 0
    anchor = next(line for line in ran.out.splitlines() if line.startswith("anchor"))
    assert anchor.split()[1:3] == ["ok", "CN=test"]


@pytest.mark.parametrize(
    ("content", "code", "words"),
    [
        (None, "SC568", "trust: root.pem: cannot be read: no such file or directory"),
        (b"hello", "SC569", "trust: root.pem: there is no PEM certificate"),
        (b"leaf", "SC569", "trust: root.pem: it holds a certificate that is no CA's"),
        (b"key", "SC569", "trust: root.pem: a private key stands beside the certificates"),
    ],
)
def test_a_file_of_trust_that_is_none_is_told_at_its_line(
    root: Path, authority: Authority, content: bytes | None, code: str, words: str
) -> None:
    """By every command that reads the configuration."""
    with (root / "sitecert.yaml").open("a") as file:
        file.write("trust:\n  - root.pem\n")
    made = {
        b"leaf": pem(authority.issue(rsa_key().public_key(), NAMES)),
        b"key": pem(authority.root) + pem_key(rsa_key()),
    }
    if content is not None:
        (root / "root.pem").write_bytes(made.get(content, content))
    ran = sitecert("-C", root, "validate")
    assert ran.code == 1
    assert f"sitecert.yaml:4:5: error[{code}]: {words}" in ran.err


def git(root: Path, *arguments: str) -> None:
    """Run git as somebody."""
    who = ("-c", "user.name=x", "-c", "user.email=x@example.org", "-c", "commit.gpgsign=false")
    subprocess.run(["git", "-C", root, *who, *arguments], check=True, capture_output=True)


def test_a_key_is_looked_for_in_git(root: Path, tmp_path: Path, authority: Authority) -> None:
    """A request that an edit replaced is found with the commit that had it; another site's with its name."""
    git(root, "init", "-q")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "first")
    commit = subprocess.run(["git", "-C", root, "rev-parse", "HEAD"], check=True, capture_output=True)
    path = given(tmp_path, "a.pem", answer(root, authority), authority.intermediate)
    site = root / "sites/park-nicollet.yaml"
    site.write_text(site.read_text().replace("state: Minnesota", "state: Iowa"))
    assert sitecert("-C", root, "compile").code == 0
    git(root, "commit", "-q", "-a", "-m", "second")
    ran = take(root, path)
    assert ran.code == 1
    told = f"but that of generation 1 (in git's commit {commit.stdout.decode()[:12]})"
    assert f"error[SC540]: its public key is not that of generation 1's request, {told}" in ran.err
    (root / "sites/other.yaml").write_text(INTERNAL_SITE.replace("parknicollet", "example"))
    assert sitecert("-C", root, "compile").code == 0
    other = answer(root, authority, site="other")
    ran = take(root, given(tmp_path, "b.pem", other, authority.intermediate))
    assert "error[SC541]: its public key is that of another site: other, generation 1" in ran.err
