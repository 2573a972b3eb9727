"""Keys and requests: new or kept, and why; and those that were swapped."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.generation import Generation, Stage
from sitecert.model.layout import CHAIN, IRREPLACEABLE, KEY, LEAF, REQUEST, generation_folder
from sitecert.model.review import Mark, Remark, Topic
from sitecert.model.site import Custody
from sitecert.pki.requests import request_differences
from sitecert.problems import Problem
from sitecert.problems.codes.review import (
    CERTIFICATE_SWAPPED,
    GENERATION_LOST,
    KEY_REWRAPPED,
    KEY_SWAPPED,
    REQUEST_SWAPPED,
)
from sitecert.review.change import SiteChange

BORN = {
    Custody.REPOSITORY: "made here and encrypted to the recipients",
    Custody.SERVER: "made on the server, which it never leaves",
    Custody.CUSTOMER: "made by the customer, and it has to travel",
}


def key_remarks(change: SiteChange) -> Iterator[Remark]:
    """Say whether the key is new or kept, why, and how the key policy changes."""
    site = change.after.site
    if site is None:
        return
    number = site.key.generation
    place = change.place("/key")
    current, past = change.after.generations.get(number), change.before.generations.get(number)
    if current is None and is_damaged(change, number):
        yield Remark(
            Topic.KEY, Mark.ALERT, f"generation {number} is damaged: nothing can be said of its key", place
        )
    elif current and current.spki_sha256 and (past is None or past.spki_sha256 != current.spki_sha256):
        text = f"a new key, RSA {_bits(current)}, {BORN[site.key.custody]}: {_why(change, past, current)}"
        yield Remark(Topic.KEY, Mark.ADDED, text, place)
    elif current and current.spki_sha256:
        why = "nothing asks for another" if current.stage is Stage.OPEN else f"it is {current.stage}"
        yield Remark(Topic.KEY, Mark.KEPT, f"generation {number} keeps its key: {why}")
    elif current is None or current.spki_sha256 is None:
        yield Remark(
            Topic.KEY,
            Mark.CHANGED,
            f"generation {number} has no key yet; it is {BORN[site.key.custody]}",
            place,
        )
    if current and current.disclosed and not (past and past.disclosed):
        yield Remark(
            Topic.KEY, Mark.ALERT, f"the key of generation {number} came in the clear: it counts as disclosed"
        )
    yield from _policy_remarks(change)


def is_damaged(change: SiteChange, number: int) -> bool:
    """Tell whether files of a generation stand under `out/` that do not make a whole one."""
    folder = generation_folder(change.name, number)
    return any(f"{folder}/{name}" in change.after.digests for name in IRREPLACEABLE)


def _policy_remarks(change: SiteChange) -> Iterator[Remark]:
    if change.sites is None:
        return
    before, after = (site.key for site in change.sites)
    for what, old, new in (
        ("security", before.security, after.security),
        ("custody", before.custody, after.custody),
        ("passphrase", before.passphrase, after.passphrase),
    ):
        if old != new:
            place = change.place(f"/key/{what}")
            yield Remark(Topic.KEY, Mark.CHANGED, f"key.{what}: {_said(old)} becomes {_said(new)}", place)


def _said(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _bits(generation: Generation) -> int:
    if generation.request is not None:
        return generation.request.content.key_bits
    return generation.certificate.leaf.key_bits if generation.certificate else 0


def _why(change: SiteChange, past: Generation | None, current: Generation) -> str:
    """Return the cause of a new key, in a clause."""
    if not change.before.is_there:
        return "the site is new"
    if change.sites and change.sites[0].key.generation < current.number:
        return f"key.generation is {current.number}"
    if past is None or past.request is None or current.request is None:
        return "there was none yet"
    differences = request_differences(current.request.content, past.request.content)
    return ", ".join(each.what for each in differences) + " changed" if differences else "nobody asked for it"


def swapped(change: SiteChange) -> Iterator[Problem]:
    """Find what took another's place under `out/` although nothing asked for that."""
    for number, past in change.before.generations.items():
        current = change.after.generations.get(number)
        if current is None:
            yield from _lost(change, past)
            continue
        yield from _swapped_request(change, past, current)
        yield from _swapped_certificate(change, past, current)
        yield from _swapped_key(change, past, current)


def _swapped_request(change: SiteChange, past: Generation, current: Generation) -> Iterator[Problem]:
    if past.request is None or current.request is None or past.request == current.request:
        return
    path = f"generation-{past.number}/{REQUEST}"
    other = "key" if past.spki_sha256 != current.spki_sha256 else "text"
    if past.stage is not Stage.OPEN:
        message = f"was {past.stage} and has another {other} now"
    elif not request_differences(current.request.content, past.request.content):
        message = f"has another {other} than before, but asks for nothing else"
    else:
        return
    yield REQUEST_SWAPPED.at(change.folder_place(path), message, site=change.name)


def _swapped_certificate(change: SiteChange, past: Generation, current: Generation) -> Iterator[Problem]:
    if past.certificate is None:
        return
    place = change.folder_place(f"generation-{past.number}/{LEAF}")
    if current.certificate is None:
        yield CERTIFICATE_SWAPPED.at(place, "is gone: the generation had a certificate", site=change.name)
    elif current.certificate.leaf != past.certificate.leaf:
        old, new = past.certificate.leaf, current.certificate.leaf
        message = f"serial {new.serial} took the place of serial {old.serial}"
        yield CERTIFICATE_SWAPPED.at(place, message, site=change.name)
    elif current.certificate.chain != past.certificate.chain:
        place = change.folder_place(f"generation-{past.number}/{CHAIN}")
        yield CERTIFICATE_SWAPPED.at(
            place, "another chain took its place; the certificate stayed", site=change.name
        )


def _swapped_key(change: SiteChange, past: Generation, current: Generation) -> Iterator[Problem]:
    is_same_pair = past.spki_sha256 == current.spki_sha256
    if past.encrypted_key is None or not is_same_pair or past.encrypted_key == current.encrypted_key:
        return
    place = change.folder_place(f"generation-{past.number}/{KEY}")
    if current.encrypted_key is None:
        yield KEY_SWAPPED.at(place, "is gone, but its request stayed", site=change.name)
    elif past.recipients == current.recipients:
        yield KEY_SWAPPED.at(place, "has other bytes for the same request and recipients", site=change.name)
    else:
        yield KEY_REWRAPPED.at(place, "is encrypted to other recipients than before", site=change.name)


def _lost(change: SiteChange, past: Generation) -> Iterator[Problem]:
    """Report a certified generation that went although none superseded it."""
    newer = [
        number
        for number, each in change.after.generations.items()
        if each.certificate and number > past.number
    ]
    if past.certificate is None or newer or not change.after.is_there:
        return
    place = change.folder_place(f"generation-{past.number}")
    yield GENERATION_LOST.at(
        place, "had a certificate and is gone; no newer one has taken its place", site=change.name
    )
