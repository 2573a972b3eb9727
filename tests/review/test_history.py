"""What `review` says of each pull request of a scripted history, in every format."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest

from review.pull_requests import PULL_REQUESTS
from review.states import History, a_history
from sitecert.pipeline.review import Asked, review
from sitecert.report.review import RENDERERS
from support.repository import TODAY

EXPECTED = Path(__file__).parent / "history"
FORMATS = tuple(RENDERERS)
ANEW = os.environ.get("SITECERT_TESTS_EXPECT_ANEW") == "yes"
"""Writes what is expected instead of comparing; the diff of the files is then what is judged."""


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    """Return the repository from which every pull request begins."""
    return a_history(tmp_path_factory.mktemp("history") / "repository")


@pytest.mark.parametrize("name", PULL_REQUESTS)
def test_pull_request(history: History, name: str) -> None:
    """Every format says what the committed expectation says."""
    history.branch(name)
    PULL_REQUESTS[name](history)
    history.commit(name)
    reviewed = review(history.repository.root, Asked(base="main"), TODAY)
    for form, render in RENDERERS.items():
        told = normalised(render(reviewed.review, reviewed.problems, reviewed.texts))
        path = EXPECTED / name / f"{form}.txt"
        if ANEW:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(told, encoding="utf-8")
        assert told == path.read_text(encoding="utf-8"), path


def normalised(text: str) -> str:
    """Return text in which what differs from run to run, keys and what depends on them, does not."""
    text = re.sub(r"age1[a-z0-9]{58}", lambda _: f"age1{'x' * 58}", text)
    text = re.sub(r"\(([0-9a-f]{10})\)", f"({'c' * 10})", text)
    text = re.sub(r"\b[0-9a-f]{64}\b", "f" * 64, text)
    return re.sub(r"\b[0-9a-f]{40}\b", "c" * 40, text)
