"""The request that a server made for its own key (`request.sh`), against the site."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from sitecert.intake.case import Question, wrong
from sitecert.model.generation import Generation, Request
from sitecert.model.site import Custody
from sitecert.model.verdict import Field
from sitecert.pki.errors import PkiError
from sitecert.pki.formats.contents import FoundRequest
from sitecert.pki.pem import write_pem
from sitecert.pki.requests import LABELS, read_request, request_differences
from sitecert.problems import Rule
from sitecert.problems.codes import certificates as codes
from sitecert.problems.finding import Finding

ASKED = "the request that `request.sh` makes"


def judge_request(
    question: Question, requests: Sequence[FoundRequest]
) -> tuple[tuple[Finding, ...], Generation | None]:
    """Judge requests that came without a certificate; return the generation with it."""
    judgement = _Judgement(question, requests)
    generation = judgement.generation()
    return tuple(judgement.findings), generation


class _Judgement:
    """One site, and the requests that came for it."""

    def __init__(self, question: Question, requests: Sequence[FoundRequest]) -> None:
        self._question = question
        self._requests = requests
        self.findings: list[Finding] = []

    def generation(self) -> Generation | None:
        """Collect what is wrong, and return the generation with the request."""
        custody, count = self._question.site.key.custody, len(self._requests)
        if custody is not Custody.SERVER:
            message = f"holds a request, but with key.custody: {custody} none comes from outside"
            self._report(codes.REQUEST_NOT_AWAITED, message, "no request", "a request")
            return None
        if count > 1:
            message = f"there are {count} requests where one belongs"
            self._report(codes.REQUEST_NOT_AWAITED, message, "one request", f"{count} requests")
            return None
        try:
            request = read_request(write_pem(LABELS[0], self._requests[0].der))
        except PkiError as error:
            self._report(codes.UNREADABLE_INPUT, str(error), ASKED, str(error))
            return None
        return self._compared(request)

    def _compared(self, request: Request) -> Generation:
        current = self._question.current
        differences = list(request_differences(self._question.site.request, request.content))
        for each in differences:
            message = f"{each.what}: the request says {each.found}, not {each.asked}"
            self._report(
                codes.REQUEST_DIFFERS, message, f"{each.what}: {each.asked}", f"{each.what}: {each.found}"
            )
        is_late = current.sealed or current.certificate is not None
        if is_late and current.request not in (None, request):
            message = f"generation {current.number} is {current.stage} with another request"
            self._report(codes.REQUEST_NOT_AWAITED, message, "the same request", "another request")
        if not self.findings:
            self.findings += _as_asked(request)
        return replace(current, request=request)

    def _report(self, rule: Rule, message: str, asked: str, came: str) -> None:
        path = self._requests[0].origin
        self.findings.append(wrong(self._question.site, path, rule, Field.REQUEST, asked, came, message))


def _as_asked(request: Request) -> Iterator[Finding]:
    names = ", ".join(name.value for name in request.content.alternative_names)
    yield Finding(Field.REQUEST, ASKED, f"the same, for {names}")
