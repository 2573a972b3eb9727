"""By when the certificate is needed: from the certificate in service and the change window."""

from __future__ import annotations

from datetime import date, timedelta

from sitecert.emit.documents.dates import instant
from sitecert.emit.documents.view import Sentence, sentence
from sitecert.model.generation import Generation
from sitecert.model.site import Site
from sitecert.model.window import read_window

LEAD = timedelta(days=7)
"""To judge what came, to have the change approved, and to ask again where it is not right."""


def needed_by(site: Site, previous: Generation | None, at: date) -> tuple[Sentence, ...]:
    """Return by when the certificate is needed, and why; nothing where no date is known.

    `previous` is the generation in service, `at` today.
    """
    window = read_window(site.change.window)
    ends = previous.certificate.leaf.not_after if previous and previous.certificate else None
    reasons = []
    dates = []
    if ends is not None:
        dates.append(ends.date())
        reasons.append(sentence(f"The certificate in service ends on {instant(ends)}."))
    if window is not None:
        dates.append(window.start.date())
        reasons.append(sentence(f"The change window is {window}."))
    if not dates:
        return ()
    return (_moment(min(dates), at), *reasons)


def _moment(deadline: date, at: date) -> Sentence:
    if deadline <= at:
        return sentence("At once: the day on which it was needed has come.")
    if deadline - LEAD <= at:
        return sentence(f"As soon as possible, before {deadline}.")
    return sentence(
        f"{deadline - LEAD}, which leaves a week for its check and for the approval of the change."
    )
