"""Hand a request to its customer, which seals the generation (docs/design.md, the life of a generation)."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from sitecert.emit.customer import customer_request, render_html, render_mail, render_markdown
from sitecert.emit.generation import openssl_config
from sitecert.emit.templates import OverrideError, Templates
from sitecert.handoff.customer import MAIL, SHEET_HTML, SHEET_MARKDOWN, customer_pack
from sitecert.handoff.pack import Pack
from sitecert.load.data import read_overrides, read_templates
from sitecert.model.artifact import Change
from sitecert.model.generation import Generation
from sitecert.model.plan import SitePlan
from sitecert.model.site import Custody, IssuerKind
from sitecert.pipeline.compile import Compilation, Options
from sitecert.pipeline.packs import is_there, new_pack, taken
from sitecert.pipeline.standing import find_kept, own_problems
from sitecert.pipeline.survey import Survey
from sitecert.problems import Problem, errors
from sitecert.problems.codes.handoff import HAS_CERTIFICATE, NOBODY_TO_ASK, REQUEST_AWAITED


@dataclass(frozen=True, slots=True)
class Handed:
    """What came of it: the problems, the pack where there is one, and what sealing changed.

    `sealed` is the generation that is frozen now; None where the customer makes key and request, so that
    there is nothing of ours to freeze. `is_new` says that the pack was not there before.
    """

    problems: tuple[Problem, ...]
    pack: Pack | None = None
    sealed: Generation | None = None
    changes: tuple[Change, ...] = ()
    is_new: bool = False


class _NotSealed(Exception):  # noqa: N818 - it carries problems
    """The generation could not be sealed; `handed` tells why."""

    def __init__(self, handed: Handed) -> None:
        super().__init__("the generation could not be sealed")
        self.handed = handed


def hand_to_customer(survey: Survey, name: str, output: Path, at: date) -> Handed:
    """Write the customer's pack to `output` and seal the generation; the caller holds the repository's lock.

    The pack is built beside its name, then the generation is sealed, then the pack takes its name. So
    nobody holds a request that a compile may still replace, and where there is no room nothing is sealed.
    A kill between the last two leaves a sealed generation, which harms nothing: the next run gives the
    same pack. A pack that is there already stays. Raises OSError where the disk refuses.
    """
    plan, problems = find_kept(survey, name)
    if plan is None:
        return Handed(problems)
    pack = _refusal(plan) or _pack(survey, plan, at)
    if isinstance(pack, Problem):
        return Handed((*problems, pack))
    if is_there(pack, output):
        return _sealed(survey, plan, Handed(problems, pack))
    try:
        with new_pack(pack, output):
            handed = _seal_or_stop(survey, plan, Handed(problems, pack, is_new=True))
    except FileExistsError:
        return Handed((*problems, taken(output)))
    except _NotSealed as error:
        return error.handed
    return handed


def _refusal(plan: SitePlan) -> Problem | None:
    """Return why there is nothing to ask a customer for, if so."""
    site, current = plan.site, plan.current
    if site.issuer is IssuerKind.SELF_SIGNED:
        message = "issuer: self-signed: no CA is asked, and no customer needs the request"
        hint = f"sign it with `sitecert self-sign {site.name} -i IDENTITY`, then hand over with `--server`"
        return NOBODY_TO_ASK.at(site.place("/issuer"), message, hint=hint, pointer="/issuer", site=site.name)
    if current.certificate is not None:
        pointer = "/key/generation"
        message = (
            f"generation {current.number} has its certificate, valid until"
            f" {current.certificate.leaf.not_after:%Y-%m-%d}"
        )
        return HAS_CERTIFICATE.at(site.place(pointer), message, pointer=pointer, site=site.name)
    if current.request is None and site.key.custody is Custody.SERVER:
        server = site.servers[0].name
        message = f"the request of generation {current.number} is yet to be made on {server}"
        hint = (
            f"take `sitecert handoff {site.name} --server {server} -o DIR` there, then"
            f" `sitecert intake {site.name} FILE`"
        )
        return REQUEST_AWAITED.at(site.place("/key/custody"), message, hint=hint, site=site.name)
    return None


def _pack(survey: Survey, plan: SitePlan, at: date) -> Pack | Problem:
    """Return the pack, or the problem that a template of the repository fails."""
    site, current = plan.site, plan.current
    overrides, _ = read_overrides(survey.root)
    templates = Templates(read_templates(), overrides)
    asked = customer_request(site, current, plan.previous, at)
    try:
        texts = {
            SHEET_MARKDOWN: render_markdown(templates, asked),
            SHEET_HTML: render_html(templates, asked),
            MAIL: render_mail(templates, asked),
        }
    except OverrideError as error:
        return error.problem(site.name)
    request = None if current.request is None else current.request.pem
    return customer_pack(site.name, current.number, request, openssl_config(templates, site, current), texts)


def _seal_or_stop(survey: Survey, plan: SitePlan, handed: Handed) -> Handed:
    """Seal the generation; raises _NotSealed, so that the pack does not appear."""
    sealed = _sealed(survey, plan, handed)
    if sealed.pack is None:
        raise _NotSealed(sealed)
    return sealed


def _sealed(survey: Survey, plan: SitePlan, handed: Handed) -> Handed:
    """Seal the generation and compile the site; return the same with it, without a pack where that fails."""
    name, current = plan.site.name, plan.current
    if current.request is None:
        return handed
    sealed = replace(current, sealed=True)
    why = "its request was handed to the customer"
    outcome = Compilation(survey, (name,), Options(), {name: sealed}, why).write(lambda _name: None)
    problems = own_problems(outcome.problems, name)
    if errors(problems):
        return Handed(problems, changes=outcome.changes)
    return replace(handed, problems=problems, sealed=sealed, changes=outcome.changes)
