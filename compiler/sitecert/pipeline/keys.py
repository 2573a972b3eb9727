"""Make a generation's key and request, and prove the request before anything is written."""

from __future__ import annotations

from dataclasses import replace

from sitecert.model.generation import Generation
from sitecert.model.plan import SitePlan
from sitecert.model.site import Site
from sitecert.pki.keys import encrypt_key, generate_key
from sitecert.pki.recipients import Recipient
from sitecert.pki.requests import build_request, read_request, request_differences
from sitecert.problems import Problem
from sitecert.problems.codes.generations import WRONG_REQUEST


class RequestNotAsAsked(Exception):  # noqa: N818 - it carries problems
    """A request that, parsed back, does not say what the site says; `problems` tell where."""

    def __init__(self, problems: tuple[Problem, ...]) -> None:
        """Carry the problems to whoever reports them."""
        super().__init__("a request does not say what its site says")
        self.problems = problems


def make_generation(plan: SitePlan, recipients: tuple[Recipient, ...]) -> Generation:
    """Return the plan's current generation with a new key, encrypted, and its request.

    The key exists in memory alone. Raises RequestNotAsAsked where the request, parsed again, differs
    from the site (promise 3).
    """
    site = plan.site
    key = generate_key(site.key.bits)
    request = read_request(build_request(key, site.request))
    differences = request_differences(site.request, request.content)
    if differences:
        raise RequestNotAsAsked(
            tuple(_wrong(site, each.what, each.asked, each.found) for each in differences)
        )
    return replace(
        plan.current,
        request=request,
        encrypted_key=encrypt_key(key, recipients),
        recipients=tuple(recipient.fingerprint for recipient in recipients),
    )


def _wrong(site: Site, what: str, asked: str, found: str) -> Problem:
    message = f"{what}: the request made says {found}, not {asked}"
    return WRONG_REQUEST.at(site.place(""), message, site=site.name)
