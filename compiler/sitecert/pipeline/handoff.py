"""Hand a certificate over: find what stands for a target, open the key in memory, write the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.emit.templates import Templates
from sitecert.handoff.pack import Pack, write_tar
from sitecert.handoff.passphrase import read_passphrase
from sitecert.handoff.server import OpenKey, server_pack
from sitecert.load.data import read_templates
from sitecert.load.output import read_site
from sitecert.model.certificate import IssuedCertificate
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import KEY, generation_folder, site_folder
from sitecert.model.plan import SitePlan
from sitecert.model.runbook import KeyDelivery
from sitecert.model.site import InstallOn, Site
from sitecert.pipeline.compile import Compilation, Options
from sitecert.pipeline.render import Installer, installers
from sitecert.pipeline.survey import Survey
from sitecert.pki.customer_keys import open_customer_key
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.keys import decrypt_key, spki_sha256
from sitecert.pki.protected_keys import new_passphrase
from sitecert.plan.generations import read_generations
from sitecert.plan.site import plan_site
from sitecert.problems import Problem, errors
from sitecert.problems.codes.handoff import (
    KEY_NOT_OPENED,
    NO_SUCH_TARGET,
    NOT_ITS_KEY,
    NOTHING_TO_INSTALL,
    STALE,
    TARGET_EXISTS,
)
from sitecert.runbook.load_balancer import TARGET as LOAD_BALANCER
from sitecert.write.pack import is_taken, write_new_file, write_new_folder

__all__ = ["Delivery", "KeySource", "find_delivery", "hand_over", "read_passphrase"]

TAR = ".tar"
IN_THE_CLEAR = "pipe the key in as `age -d` gives it out: PEM, without a passphrase"


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to one target of a site: its runbook as it stands under `out/`, and the certificate.

    `encrypted_key` is the age file (empty where the key is on the target) and `key_path` where it lies.
    """

    site: str
    installer: Installer
    issued: IssuedCertificate
    encrypted_key: bytes = field(repr=False)
    key_path: str

    @property
    def target(self) -> str:
        """The server's name, or `load-balancer`."""
        return self.installer.runbook.target

    @property
    def needs_key(self) -> bool:
        """Whether the pack holds the private key; else it is on the target already."""
        return bool(self.key.forms)

    @property
    def key(self) -> KeyDelivery:
        """How the target is given the private key."""
        return self.installer.runbook.key


@dataclass(frozen=True, slots=True)
class KeySource:
    """Where the private key comes from: the texts of identity files, or the key itself in PEM."""

    identities: tuple[str, ...] = field(default=(), repr=False)
    pem: bytes | None = field(default=None, repr=False)


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The pack that was written, as a tar or as a folder, and the passphrase of its key if it has one."""

    pack: Pack
    is_tar: bool
    passphrase: str | None = field(repr=False)


def find_delivery(survey: Survey, name: str, target: str) -> tuple[Delivery | None, tuple[Problem, ...]]:
    """Return what goes to a target of the site `name`, where all of it stands as the site says."""
    stale = _check_current(survey, name)
    if errors(stale):
        return None, stale
    site = next(site for site in survey.sites if site.name == name)
    plan = _plan(survey, site)
    generation = plan.installed
    if generation is None or generation.certificate is None:
        problem = NOTHING_TO_INSTALL.at(site.place(""), "no certificate was taken in yet", site=name)
        return None, (*stale, problem)
    made = installers(Templates(read_templates()), plan)
    installer = next((each for each in made if each.runbook.target == target), None)
    if installer is None:
        return None, (*stale, _no_such_target(site, target, [each.runbook.target for each in made]))
    return _delivery(site, installer, generation, generation.certificate), stale


def hand_over(
    delivery: Delivery, source: KeySource, passphrase: str | None, output: Path
) -> HandedOver | Problem:
    """Write the pack to `output`: a new folder, or a tar where the name ends in `.tar`.

    Where the pack holds the key, it is opened in memory and protected by `passphrase`, or by a new one.
    Raises OSError where the disk refuses; nothing is left then.
    """
    if is_taken(output):
        return _taken(output)
    key = None
    if delivery.needs_key:
        opened = _open(delivery, source)
        if isinstance(opened, Problem):
            return opened
        key = OpenKey(opened, passphrase or new_passphrase(alphanumeric=delivery.key.alphanumeric))
    installer = delivery.installer
    pack = server_pack(delivery.site, installer.runbook, installer.scripts, delivery.issued, key)
    is_tar = output.suffix == TAR
    try:
        if is_tar:
            write_new_file(output, write_tar(pack))
        else:
            write_new_folder(output, pack.files)
    except FileExistsError:
        return _taken(output)
    return HandedOver(pack, is_tar, key.passphrase if key else None)


def _check_current(survey: Survey, name: str) -> tuple[Problem, ...]:
    """Return what is wrong with a site and its output, with a problem where a compile would change that."""
    outcome = Compilation(survey, (name,), Options()).foresee()
    own = tuple(problem for problem in outcome.problems if problem.site in (None, name))
    folder = site_folder(name)
    changes = [change for change in outcome.changes if change.path.startswith(f"{folder}/")]
    if not changes or errors(own):
        return own
    others = f", and {len(changes) - 1} more" if changes[1:] else ""
    message = f"is not what the site says: {changes[0].why}{others}"
    hint = f"run `sitecert compile {name}`, have its change reviewed, then hand over"
    return (*own, STALE.at(Place(changes[0].path, 1, 1), message, hint=hint, site=name))


def _plan(survey: Survey, site: Site) -> SitePlan:
    """Return the plan of a site that was found to be whole and current."""
    stored, _ = read_site(survey.root, site.name)
    generations, _ = read_generations(stored)
    fingerprints = tuple(recipient.fingerprint for recipient in survey.recipients)
    return plan_site(site, generations, fingerprints, may_drop_keys=False)[0]


def _delivery(
    site: Site, installer: Installer, generation: Generation, issued: IssuedCertificate
) -> Delivery:
    path = f"{generation_folder(site.name, generation.number)}/{KEY}"
    return Delivery(site.name, installer, issued, generation.encrypted_key or b"", path)


def _no_such_target(site: Site, target: str, known: Sequence[str]) -> Problem:
    listed = ", ".join(known)
    if target == LOAD_BALANCER:
        message = f"--server: the load balancer gets no runbook; there are: {listed}"
        hint = "set `install_on: load-balancer` or `both` for a site behind one, or name a server"
        return NO_SUCH_TARGET.at(site.place("/install_on"), message, hint=hint, site=site.name)
    if site.install_on is InstallOn.LOAD_BALANCER and target in {server.name for server in site.servers}:
        message = "install_on: the certificate goes on the load balancer; the servers get no runbook"
        hint = "hand over with `--server load-balancer`, or set `install_on: both`"
        return NO_SUCH_TARGET.at(site.place("/install_on"), message, hint=hint, site=site.name)
    near = get_close_matches(target, known, n=3) or [each for each in known if target and target in each][:3]
    message = f'--server: the site has no "{target}"; there are: {listed}'
    hint = f"did you mean {' or '.join(near)}?" if near else ""
    return NO_SUCH_TARGET.at(site.place("/servers"), message, hint=hint, site=site.name)


def _open(delivery: Delivery, source: KeySource) -> rsa.RSAPrivateKey | Problem:
    """Return the private key, proved to be the certificate's."""
    stored, piped = Place(delivery.key_path, 1, 1), Place("standard input", 1, 1)
    try:
        if source.pem is not None:
            key = open_customer_key(source.pem)
        else:
            key = decrypt_key(delivery.encrypted_key, source.identities)
    except KeyMaterialError as error:
        if source.pem is not None:
            return KEY_NOT_OPENED.at(piped, str(error), hint=IN_THE_CLEAR, site=delivery.site)
        return KEY_NOT_OPENED.at(stored, str(error), hint=_other_way(delivery), site=delivery.site)
    if spki_sha256(key.public_key()) == delivery.issued.leaf.spki_sha256:
        return key
    message = "the key that was opened does not belong to the certificate to be installed"
    return NOT_ITS_KEY.at(piped if source.pem is not None else stored, message, site=delivery.site)


def _other_way(delivery: Delivery) -> str:
    """Return how a key is opened by age itself, which asks for passphrases and knows plugins."""
    again = f"sitecert handoff {delivery.site} --server {delivery.target} -o DIR --key -"
    return (
        "give the identity of one of its recipients; where that has a passphrase: "
        f"`age -d -i ~/.ssh/id_ed25519 {delivery.key_path} | {again}`"
    )


def _taken(output: Path) -> Problem:
    return TARGET_EXISTS.at(Place(str(output), 1, 1), "is there already; a pack overwrites nothing")
