"""Rules over the keys of the whole repository."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence

from sitecert.model.document import Place
from sitecert.model.generation import Generation
from sitecert.model.layout import KEY, generation_folder
from sitecert.pki.age_files import describe_stanzas, read_stanzas, stanza_of
from sitecert.pki.errors import KeyMaterialError
from sitecert.pki.public_keys import certificate_rsa_key, request_rsa_key
from sitecert.pki.recipients import Recipient
from sitecert.pki.weak_keys import weaknesses
from sitecert.problems import Problem
from sitecert.problems.codes.generations import KEY_USED_TWICE, WEAK_KEY
from sitecert.problems.codes.keys import OTHER_RECIPIENTS, UNPROVED


def check_keys_differ(keys: Iterable[tuple[str, int, str]]) -> tuple[Problem, ...]:
    """Report each public key that more than one generation uses; `keys` are (site, number, SPKI SHA-256)."""
    holders: defaultdict[str, list[tuple[str, int]]] = defaultdict(list)
    for site, number, spki in keys:
        holders[spki].append((site, number))
    return tuple(
        KEY_USED_TWICE.at(
            Place(generation_folder(site, number), 1, 1),
            f"has the same key as {_others(holding, (site, number))}",
            site=site,
        )
        for holding in holders.values()
        if len(holding) > 1
        for site, number in holding
    )


def _others(holding: list[tuple[str, int]], own: tuple[str, int]) -> str:
    return ", ".join(generation_folder(*each) for each in holding if each != own)


def check_weak_keys(generations: Iterable[tuple[str, int, Generation]]) -> tuple[Problem, ...]:
    """Report each weak key among requests and certificates; the triples are (site, number, generation)."""
    return tuple(
        WEAK_KEY.at(Place(generation_folder(site, number), 1, 1), f"its key is weak: {clause}", site=site)
        for site, number, generation in generations
        for clause in _weaknesses(generation)
    )


def _weaknesses(generation: Generation) -> tuple[str, ...]:
    key = None
    if generation.request is not None:
        key = request_rsa_key(generation.request.pem)
    elif generation.certificate is not None:
        key = certificate_rsa_key(generation.certificate.leaf_pem)
    return weaknesses(key) if key is not None else ()


def check_header(site: str, generation: Generation, recipients: Sequence[Recipient]) -> tuple[Problem, ...]:
    """Hold the header of a key file against its record: all that it tells without an identity.

    Where all that the record names are known, kinds and SSH keys are compared; else only their number is.
    """
    if generation.encrypted_key is None:
        return ()
    place = Place(f"{generation_folder(site, generation.number)}/{KEY}", 1, 1)
    try:
        found = read_stanzas(generation.encrypted_key)
    except KeyMaterialError as error:
        return (UNPROVED.at(place, str(error), site=site),)
    known = {each.fingerprint: stanza_of(each) for each in recipients}
    named = [known[each] for each in generation.recipients if each in known]
    are_known = len(named) == len(generation.recipients)
    if len(found) == len(generation.recipients) and (not are_known or Counter(named) == Counter(found)):
        return ()
    expected = describe_stanzas(named) if are_known else str(len(generation.recipients))
    message = f"can be opened by {describe_stanzas(found)}; its record names {expected}"
    if are_known and expected == describe_stanzas(found):
        message = "can be opened by other SSH keys than its record names"
    return (OTHER_RECIPIENTS.at(place, message, site=site),)
