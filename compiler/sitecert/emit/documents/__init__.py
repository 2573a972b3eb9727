"""The change-control document: everything decided here, laid out by `templates/documents/`."""

from __future__ import annotations

from collections.abc import Mapping

from sitecert.emit.documents import words
from sitecert.emit.documents.dates import validity_schedule
from sitecert.emit.documents.facts import digests, names, record, short_description, summary, systems
from sitecert.emit.documents.notices import notices
from sitecert.emit.documents.plans import expected, impacts, implementation_rules, targets, test_rules, tests
from sitecert.emit.documents.prerequisites import prerequisites
from sitecert.emit.documents.view import ChangeDocument, sentence
from sitecert.emit.templates import Templates
from sitecert.model.generation import Generation
from sitecert.model.runbook import Runbook
from sitecert.model.site import IssuerKind, Site

__all__ = ["ChangeDocument", "change_document", "render_html", "render_markdown"]


def change_document(
    site: Site,
    generation: Generation,
    runbooks: tuple[Runbook, ...],
    script_digests: Mapping[str, str],
    change_digest: str | None,
    in_service: Generation | None = None,
) -> ChangeDocument:
    """Return what the change-control document of a site's generation says.

    `runbooks` are those of this generation, in the order in which they are run; `script_digests` maps
    each script's path below `runbooks/` to its SHA-256 (hex); `change_digest` is None before there is a
    certificate; `in_service` is the generation that this one takes the place of, where it is known.
    The sections are those that a hospital's change board expects (ServiceNow's
    `change_request` among them); kb39324 recommends the document before its step 7.
    """
    issued = generation.certificate
    is_public = site.issuer is IssuerKind.PUBLIC
    plan = targets(generation, runbooks, script_digests)
    return ChangeDocument(
        title=sentence("Change control: TLS certificate of {}", site.common_name.value),
        short_description=short_description(site),
        is_awaited=issued is None,
        notices=notices(site, generation),
        summary=summary(site, generation),
        systems=systems(site),
        record=record(site),
        justification=words.justification(site, generation, in_service),
        functions=words.functions(site),
        prerequisites=prerequisites(site, generation, plan),
        implementation=implementation_rules(site, plan),
        targets=plan,
        test_rules=test_rules(site) if issued else (),
        expected=expected(issued.leaf) if issued else (),
        tests=tests(site, names(site, generation)) if issued else (),
        clinical_tests=words.clinical_tests(site, generation),
        backout=words.backout(generation, plan, in_service),
        decision=site.change.contact,
        backout_targets=tuple(target for target in reversed(plan) if target.backout or target.undo),
        impacts=impacts(plan),
        risks=words.risks(site, generation),
        downtime=words.downtime(site),
        communication=words.communication(),
        approvers=words.approvers(site),
        review=words.review(generation),
        review_actions=words.review_actions(site, generation),
        recurrence=words.recurrence(site, generation),
        validity=validity_schedule(issued.leaf.not_before.date()) if issued and is_public else (),
        digests=digests(generation, plan, change_digest),
    )


def render_markdown(templates: Templates, document: ChangeDocument) -> str:
    """Return `change-control.md`: CommonMark with tables."""
    return templates.render("documents/change-control.md.j2", document=document)


def render_html(templates: Templates, document: ChangeDocument) -> str:
    """Return `change-control.html`: one page that needs nothing else and prints well."""
    return templates.render("documents/change-control.html.j2", document=document)
