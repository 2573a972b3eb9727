"""Hand over to a server: find what stands for a target, open the key in memory, write the pack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path

from sitecert.emit.generation import openssl_config
from sitecert.emit.templates import Templates
from sitecert.handoff.pack import ARCHIVES, Pack
from sitecert.handoff.passphrase import read_passphrase
from sitecert.handoff.server import OpenKey, request_pack, server_pack
from sitecert.load.data import read_templates
from sitecert.model.generation import Generation
from sitecert.model.plan import SitePlan
from sitecert.model.runbook import KeyDelivery
from sitecert.model.site import InstallOn, Site
from sitecert.pipeline.packs import new_pack, taken
from sitecert.pipeline.private_key import KeySource, open_private_key
from sitecert.pipeline.render import RenderedRunbook, installers, request_maker
from sitecert.pipeline.standing import find_standing
from sitecert.pipeline.survey import Survey
from sitecert.pki.protected_keys import new_passphrase
from sitecert.problems import Problem
from sitecert.problems.codes.handoff import NO_SUCH_TARGET, NOTHING_TO_INSTALL
from sitecert.runbook.load_balancer import TARGET as LOAD_BALANCER
from sitecert.write.pack import is_taken

__all__ = ["Delivery", "KeySource", "find_delivery", "hand_over", "read_passphrase"]


@dataclass(frozen=True, slots=True)
class Delivery:
    """What goes to one target of a site: its runbook as it stands under `out/`, and what it is about.

    That is the certificate of `generation`, or, where that has none, the request that the target is to
    make: then `config` is what `openssl.cnf` holds.
    """

    site: str
    rendered: RenderedRunbook
    generation: Generation
    config: bytes = b""

    @property
    def target(self) -> str:
        """The server's name, or `load-balancer`."""
        return self.rendered.runbook.target

    @property
    def needs_key(self) -> bool:
        """Whether the pack holds the private key; else it is on the target already, or made there."""
        return bool(self.key.forms)

    @property
    def key(self) -> KeyDelivery:
        """How the target is given the private key."""
        return self.rendered.runbook.key


@dataclass(frozen=True, slots=True)
class HandedOver:
    """The pack that was written, as an archive or a folder, and the passphrase of its key if it has one."""

    pack: Pack
    is_archive: bool
    passphrase: str | None = field(repr=False)


def find_delivery(survey: Survey, name: str, target: str) -> tuple[Delivery | None, tuple[Problem, ...]]:
    """Return what goes to a target of the site `name`, where all of it stands as the site says.

    A server whose request is awaited gets what makes that request, whatever it has in service.
    """
    plan, problems = find_standing(survey, name)
    if plan is None:
        return None, problems
    found = _find(plan, target)
    return (None, (*problems, found)) if isinstance(found, Problem) else (found, problems)


def hand_over(
    delivery: Delivery, source: KeySource, passphrase: str | None, output: Path
) -> HandedOver | Problem:
    """Write the pack to `output`: a new folder, or an archive where the name ends in `.tar` or `.zip`.

    Where the pack holds the key, it is opened in memory and protected by `passphrase`, or by a new one.
    Raises OSError where the disk refuses; nothing is left then.
    """
    if is_taken(output):
        return taken(output)
    key = None
    if delivery.needs_key:
        command = f"sitecert handoff {delivery.site} --server {delivery.target} -o DIR --key -"
        opened = open_private_key(delivery.site, delivery.generation, source, command)
        if isinstance(opened, Problem):
            return opened
        key = OpenKey(opened, passphrase or new_passphrase(alphanumeric=delivery.key.alphanumeric))
    pack = _pack(delivery, key)
    try:
        with new_pack(pack, output):
            pass
    except FileExistsError:
        return taken(output)
    return HandedOver(pack, output.suffix in ARCHIVES, key.passphrase if key else None)


def _find(plan: SitePlan, target: str) -> Delivery | Problem:
    site, templates = plan.site, Templates(read_templates())
    requester = request_maker(templates, plan)
    if requester is not None:
        if requester.runbook.target != target:
            return _no_such_target(site, target, [requester.runbook.target])
        return Delivery(site.name, requester, plan.current, openssl_config(templates, site, plan.current))
    generation = plan.installed
    if generation is None:
        return NOTHING_TO_INSTALL.at(site.place(""), "no certificate was taken in yet", site=site.name)
    made = installers(templates, plan)
    rendered = next((each for each in made if each.runbook.target == target), None)
    if rendered is None:
        return _no_such_target(site, target, [each.runbook.target for each in made])
    return Delivery(site.name, rendered, generation)


def _pack(delivery: Delivery, key: OpenKey | None) -> Pack:
    runbook, scripts = delivery.rendered.runbook, delivery.rendered.scripts
    issued = delivery.generation.certificate
    if issued is None:
        return request_pack(delivery.site, runbook, scripts, delivery.config)
    return server_pack(delivery.site, runbook, scripts, issued, key)


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
