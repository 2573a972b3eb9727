"""What a repository's policy, and a CA's lint, make of a generation that is new or changed."""

from __future__ import annotations

from sitecert.model.configuration import Policy
from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import LEAF, generation_folder
from sitecert.model.site import Site
from sitecert.policy.certificates import check_certificate
from sitecert.policy.requests import check_request
from sitecert.policy.waivers import apply_waivers
from sitecert.problems import Problem


def judge_generation(site: Site, generation: Generation, policy: Policy) -> tuple[Problem, ...]:
    """Return the problems of a generation's certificate, or of its request before there is one.

    They are weighed by the policy, and waived where the site waives them. Linting takes a second to
    start: call this where something came or changed, never over a whole repository.
    """
    found: tuple[Problem, ...] = ()
    if generation.certificate is not None:
        place = Place(f"{generation_folder(site.name, generation.number)}/{LEAF}", 1, 1)
        found = check_certificate(site, generation.certificate, policy, place)
    elif generation.request is not None:
        found = check_request(site, generation.request)
    return apply_waivers(site, found, policy)
