"""What is served where a site's certificate is installed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import groupby

from sitecert import __version__
from sitecert.model.certificate import CertificateFacts
from sitecert.model.verification import Check, Endpoint, SentCertificate, Served, Verification
from sitecert.problems import Problem, Severity, errors
from sitecert.report.moments import instant
from sitecert.report.problems import FORMAT_VERSION, problem_data
from sitecert.report.style import Style, columns, printable

Findings = Mapping[Check, Sequence[Problem]]

OK, DUE, WRONG = "ok", "due", "wrong"
ROLES = {OK: "+", DUE: "warning", WRONG: "error"}
UNKNOWN = {Served.OTHER: "another certificate", Served.NOTHING: "no handshake"}


def verification_text(
    seen: Verification, findings: Findings, style: Style, hidden: Collection[Severity] = ()
) -> str:
    """Return each place, and under it each name with what is served for it, and what is wrong there.

    What is wrong in the same way for several names in a row is said once, after the last of them;
    problems of a `hidden` severity are not told, but count for the word at the name.
    """
    width = max(columns(each.name.value) for each in seen.checks)
    lines = []
    for endpoint, checks in groupby(seen.checks, key=lambda check: check.endpoint):
        lines.append(_endpoint_line(endpoint, style))
        for problems, alike in groupby(checks, key=lambda check: tuple(findings[check])):
            lines += [_name_line(each, findings[each], width, style) for each in alike]
            told = [problem for problem in problems if problem.severity not in hidden]
            lines += [line for problem in told for line in _problem_lines(problem, style)]
    return "".join(f"{line}\n" for line in lines)


def _endpoint_line(endpoint: Endpoint, style: Style) -> str:
    by_way_of = f", asked at {endpoint.connect}" if endpoint.connect != endpoint.address else ""
    return f"{style('path', str(endpoint.address))} ({endpoint.service}{by_way_of})"


def _name_line(check: Check, problems: Sequence[Problem], width: int, style: Style) -> str:
    word = verdict_word(check, problems)
    name = check.name.value + " " * (width - columns(check.name.value))
    return f"  {name}  {style(ROLES[word], f'{word:<5}')}  {_what(check)}"


def _what(check: Check) -> str:
    if check.served is Served.INTERIM:
        what = f"interim certificate of generation {check.generation}"
    else:
        what = UNKNOWN.get(check.served, f"generation {check.generation}")
    return f"{what}, {check.protocol}, chain of {len(check.chain)}" if check.chain else what


def _problem_lines(problem: Problem, style: Style) -> Iterator[str]:
    label = style(problem.severity.value, f"{problem.severity}[{problem.code}]")
    yield f"    {label}: {printable(problem.message)}"
    if problem.hint:
        yield f"      {style('help', 'help:')} {printable(problem.hint)}"


def verdict_word(check: Check, problems: Sequence[Problem]) -> str:
    """Return what to think of one name at one place: `ok`, `due` or `wrong`."""
    if errors(list(problems)):
        return WRONG
    return DUE if check.served.is_due else OK


def verification_total(seen: Verification, findings: Findings) -> str:
    """Return the one-line total."""
    counts = Counter(verdict_word(check, findings[check]) for check in seen.checks)
    places = len({check.endpoint for check in seen.checks})
    what = seen.site if seen.generation is None else f"{seen.site}, generation {seen.generation}"
    told = ", ".join(f"{counts[word]} {word}" for word in ROLES if counts[word])
    asked = f"{len(seen.checks)} handshake{'s' * (len(seen.checks) != 1)}"
    return f"{what}: {asked} at {places} place{'s' * (places != 1)}: {told}"


def verification_json(seen: Verification, findings: Findings, problems: Sequence[Problem]) -> str:
    """Return one look as a JSON document, which is also the evidence (schema/verify.schema.json)."""
    leaf = seen.issued.leaf if seen.issued else None
    document = {
        "format_version": FORMAT_VERSION,
        "sitecert": __version__,
        "site": seen.site,
        "time": instant(seen.made_at),
        "judged_at": instant(seen.judged_at),
        "generation": seen.generation,
        "expected": [_facts(each) for each in (leaf, *seen.issued.chain)] if seen.issued and leaf else [],
        "endpoints": [
            _endpoint_data(endpoint, list(checks), findings)
            for endpoint, checks in groupby(seen.checks, key=lambda check: check.endpoint)
        ],
        "problems": [problem_data(each) for each in problems],
    }
    return json.dumps(document, indent=2) + "\n"


def _endpoint_data(endpoint: Endpoint, checks: Sequence[Check], findings: Findings) -> dict[str, object]:
    return {
        "target": endpoint.target,
        "service": endpoint.service.value,
        "address": str(endpoint.address),
        "connect": str(endpoint.connect),
        "checks": [_check_data(check, findings[check]) for check in checks],
    }


def _check_data(check: Check, problems: Sequence[Problem]) -> dict[str, object]:
    return {
        "name": check.name.value,
        "server_name": check.server_name,
        "verdict": verdict_word(check, problems),
        "served": check.served.value,
        "generation": check.generation,
        "reached": None if check.reached is None else str(check.reached),
        "protocol": check.protocol,
        "cipher": check.cipher,
        "chain": [_sent(each) for each in check.chain],
        "problems": [problem_data(each) for each in problems],
    }


def _sent(certificate: SentCertificate) -> dict[str, object]:
    if certificate.facts is None:
        return {"fingerprint": certificate.fingerprint}
    return _facts(certificate.facts)


def _facts(facts: CertificateFacts) -> dict[str, object]:
    return {
        "fingerprint": facts.fingerprint,
        "subject": facts.subject,
        "issuer": facts.issuer,
        "serial": facts.serial,
        "not_before": instant(facts.not_before),
        "not_after": instant(facts.not_after),
    }
