"""The problems of a change in SARIF 2.1.0 (OASIS), as code scanning takes it."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from urllib.parse import quote

from sitecert import __version__
from sitecert.model.review import Review
from sitecert.problems import Problem, Rule
from sitecert.problems.registry import all_rules
from sitecert.report.style import printable

SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
HOME = "https://github.com/sitecert/sitecert"


def review_sarif(review: Review | None, problems: Sequence[Problem], texts: Mapping[str, str]) -> str:
    """Return one run with a result for each problem; a review that compared nothing has failed."""
    del texts
    codes = sorted({problem.code for problem in problems})
    rules = all_rules()
    document = {
        "$schema": SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "sitecert",
                        "semanticVersion": __version__,
                        "informationUri": HOME,
                        "rules": [_rule(rules[code]) for code in codes],
                    }
                },
                "invocations": [{"executionSuccessful": review is not None}],
                "columnKind": "unicodeCodePoints",
                "originalUriBaseIds": {"ROOT": {"description": {"text": "the repository's root"}}},
                "results": [_result(problem, codes.index(problem.code)) for problem in problems],
            }
        ],
    }
    return json.dumps(document, indent=2) + "\n"


def _rule(rule: Rule) -> dict[str, object]:
    return {
        "id": rule.code,
        "shortDescription": {"text": rule.title},
        "fullDescription": {"text": rule.rule},
        "help": {"text": f"{rule.why} To do: {rule.fix}."},
        "helpUri": f"{HOME}/blob/main/docs/rules.md#{rule.code.lower()}",
        "defaultConfiguration": {"level": rule.severity.value},
    }


def _result(problem: Problem, rule_index: int) -> dict[str, object]:
    place = problem.place
    message = f"{problem.message}; {problem.hint}" if problem.hint else problem.message
    return {
        "ruleId": problem.code,
        "ruleIndex": rule_index,
        "level": problem.severity.value,
        "message": {"text": printable(message)},
        "locations": [
            {
                "physicalLocation": {
                    "artifactLocation": {
                        "uri": quote(place.path.encode("utf-8", "surrogateescape")),
                        "uriBaseId": "ROOT",
                    },
                    "region": {
                        "startLine": place.line,
                        "startColumn": place.column,
                        "endColumn": place.column + place.width,
                    },
                }
            }
        ],
    }
