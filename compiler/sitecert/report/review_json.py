"""What a change means, as data (schema/review.schema.json)."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence

from sitecert import __version__
from sitecert.model.review import Remark, Review, Risk, SiteReview, StateLabel
from sitecert.problems import Problem
from sitecert.report.problems import FORMAT_VERSION, problem_data


def review_json(review: Review | None, problems: Sequence[Problem], texts: Mapping[str, str]) -> str:
    """Return the review as one JSON document; the problems alone where there was nothing to compare."""
    del texts
    document: dict[str, object] = {"format_version": FORMAT_VERSION}
    if review is not None:
        document |= {
            "sitecert": __version__,
            "base": _state(review.base),
            "head": _state(review.head),
            "risk": _risk(review.risk),
            "remarks": [_remark(each) for each in review.remarks],
            "sites": [_site(each) for each in review.sites],
            "reached": list(review.reached),
            "other_paths": list(review.other_paths),
        }
    document["problems"] = [problem_data(each) for each in problems]
    return json.dumps(document, indent=2) + "\n"


def _state(state: StateLabel) -> dict[str, str]:
    return {"name": state.name, "commit": state.commit}


def _risk(risk: Risk) -> dict[str, object]:
    return {"level": risk.level.value, "reasons": list(risk.reasons)}


def _site(site: SiteReview) -> dict[str, object]:
    return {
        "name": site.name,
        "acts": [act.value for act in site.acts],
        "risk": _risk(site.risk),
        "remarks": [_remark(each) for each in site.remarks],
    }


def _remark(remark: Remark) -> dict[str, object]:
    place = remark.place
    where = {"path": place.path, "line": place.line, "column": place.column} if place else None
    return {"topic": remark.topic.value, "mark": remark.mark.value, "text": remark.text, "place": where}
