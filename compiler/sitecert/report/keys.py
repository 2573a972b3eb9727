"""What was found of the private keys under `out/`, and what was done to them."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from itertools import groupby

from sitecert.model.keys import AuditedKey, Proof
from sitecert.problems import Problem
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, printable

ROLES = {
    Proof.PROVED: "+",
    Proof.WRONG: "error",
    Proof.UNPROVED: "warning",
    Proof.UNOPENED: "dim",
    Proof.ELSEWHERE: "dim",
}


def audit_text(keys: Sequence[AuditedKey], style: Style) -> str:
    """Return each site, and under it what is known of the key of each generation."""
    lines = []
    for site, group in groupby(keys, key=lambda key: key.site):
        lines.append(style("path", printable(site)))
        lines += [_line(key, style) for key in group]
    return "".join(f"{line}\n" for line in lines)


def _line(key: AuditedKey, style: Style) -> str:
    facts = [key.stage.value]
    if key.proof is Proof.ELSEWHERE:
        facts.append("the key is not in the repository")
    if key.bits is not None:
        facts.append(f"RSA {key.bits}")
    if key.header:
        facts.append(f"for {key.header}")
    if key.is_outdated:
        facts.append("not for today's recipients")
    if key.disclosed:
        facts.append("disclosed")
    word = style(ROLES[key.proof], f"{key.proof:<9}")
    return f"  generation {key.generation}  {word}  {', '.join(facts)}"


def audit_total(keys: Sequence[AuditedKey]) -> str:
    """Return the one-line total."""
    counts = Counter(key.proof for key in keys)
    told = ", ".join(f"{counts[proof]} {proof}" for proof in Proof if counts[proof])
    return f"{_keys(len(keys))}: {told or 'nothing to prove'}"


def audit_json(keys: Sequence[AuditedKey], problems: Sequence[Problem]) -> str:
    """Return keys and problems as one JSON document (schema/keys.schema.json)."""
    document = {
        "format_version": FORMAT_VERSION,
        "keys": [
            {
                "site": key.site,
                "generation": key.generation,
                "stage": key.stage.value,
                "proof": key.proof.value,
                "path": None if key.proof is Proof.ELSEWHERE else key.path,
                "spki_sha256": key.spki_sha256,
                "bits": key.bits,
                "recipients": list(key.recipients),
                "header": key.header,
                "outdated": key.is_outdated,
                "disclosed": key.disclosed,
            }
            for key in keys
        ],
        "problems": [problem_data(each) for each in problems],
    }
    return json.dumps(document, indent=2) + "\n"


def rewrap_total(done: int, kept: int) -> str:
    """Return the one-line total of a rewrap."""
    if not done:
        return f"{_keys(kept)}: nothing to do" if kept else "nothing was encrypted anew"
    return f"{_keys(done)} encrypted anew, {kept} as {'it was' if kept == 1 else 'they were'}"


def _keys(count: int) -> str:
    return f"{count} key{'s' * (count != 1)}"
