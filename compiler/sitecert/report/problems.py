"""Problems, as a compiler shows them and as data (docs/design.md section 5)."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from sitecert.model.document import Place
from sitecert.problems import Problem, Severity
from sitecert.report.style import Style, columns, printable

FORMAT_VERSION = 1
PRIVATE_KEY = re.compile(r"AGE-SECRET-KEY-|PRIVATE KEY-----", re.IGNORECASE)
LONGEST_LINE = 120
"""Characters of a source line that are shown; of a longer one, what stands around the place."""

PLACES_SHOWN = 3
"""How many further places a warning is shown at when it comes again and again."""


def problems_text(
    problems: Sequence[Problem], texts: Mapping[str, str], style: Style, *, every: bool = False
) -> str:
    """Return every problem with the line it is about, and a line that counts them; empty for none.

    What is said again of another place is said there in one line; of a warning that comes more often,
    the rest is counted unless `every` place is asked for. No error is ever left out. `texts` holds the
    text of files by path.
    """
    if not problems:
        return ""
    lines = [line for group in _repeated(problems) for line in _group_lines(group, texts, style, every=every)]
    return "\n".join([*lines, _count(problems)]) + "\n"


def _repeated(problems: Sequence[Problem]) -> list[list[Problem]]:
    """Return the problems with those that say the same brought together, in the order of the first."""
    groups: dict[tuple[str, ...], list[Problem]] = {}
    for each in problems:
        groups.setdefault((each.code, each.severity, each.message, each.hint), []).append(each)
    return list(groups.values())


def _group_lines(
    group: list[Problem], texts: Mapping[str, str], style: Style, *, every: bool
) -> Iterator[str]:
    first, *others = group
    yield _head(first, style)
    yield from _source_lines(first, texts.get(first.place.path), style)
    if first.hint:
        yield f"  {style('help', 'help:')} {printable(first.hint)}"
    shown = others if every or first.severity is Severity.ERROR else others[:PLACES_SHOWN]
    yield from (_head(each, style) for each in shown)
    left = len(others) - len(shown)
    if left:
        yield f"  and {left} more such {first.severity}{'s' * (left != 1)}; -v shows where"


def _head(problem: Problem, style: Style) -> str:
    place = problem.place
    where = style("path", f"{printable(place.path)}:{place.line}:{place.column}")
    label = style(problem.severity.value, f"{problem.severity}[{problem.code}]")
    return f"{where}: {label}: {printable(problem.message)}"


def _source_lines(problem: Problem, text: str | None, style: Style) -> Iterator[str]:
    """Yield the line of the file and the carets below it, where the line is known.

    Nothing of a file that holds a private key is shown: what a command says ends in the logs of CI.
    """
    place = problem.place
    lines = text.split("\n") if text is not None and not PRIVATE_KEY.search(text) else []
    if not 0 < place.line <= len(lines):
        return
    before, marked, after = _excerpt(lines[place.line - 1].rstrip("\r"), place)
    margin = f"{place.line:>3} "
    carets = " " * columns(before) + style(problem.severity.value, "^" * max(1, columns(marked)))
    yield style("dim", f"{margin}| ") + before + marked + after
    yield style("dim", f"{' ' * len(margin)}| ") + carets


def _excerpt(line: str, place: Place) -> tuple[str, str, str]:
    """Return a line, safe to show, in three parts: before the place, the place, after it."""
    start = min(place.column - 1, len(line))
    end = min(start + place.width, len(line))
    first = max(0, min(start - LONGEST_LINE // 2, len(line) - LONGEST_LINE))
    last = first + LONGEST_LINE
    before, marked, after = line[first:start], line[start : min(end, last)], line[end:last]
    return (
        "..." * (first > 0) + printable(before),
        printable(marked),
        printable(after) + "..." * (last < len(line)),
    )


def _count(problems: Sequence[Problem]) -> str:
    counts = Counter(problem.severity for problem in problems)
    return ", ".join(f"{counts[each]} {each}{'s' * (counts[each] != 1)}" for each in Severity if counts[each])


def problem_data(problem: Problem) -> dict[str, object]:
    """Return a problem as the JSON documents carry it."""
    return {
        "code": problem.code,
        "severity": problem.severity.value,
        "path": problem.place.path,
        "line": problem.place.line,
        "column": problem.place.column,
        "pointer": problem.pointer,
        "message": problem.message,
        "hint": problem.hint,
    }


def problems_json(problems: Sequence[Problem]) -> str:
    """Return the problems as one JSON document (schema/problems.schema.json)."""
    document = {"format_version": FORMAT_VERSION, "problems": [problem_data(each) for each in problems]}
    return json.dumps(document, indent=2) + "\n"


def problems_github(problems: Sequence[Problem]) -> str:
    """Return the problems as workflow commands, which GitHub shows at the lines they are about."""
    return "".join(_annotation(problem) for problem in problems)


def _annotation(problem: Problem) -> str:
    command = "notice" if problem.severity is Severity.NOTE else problem.severity.value
    message = f"{problem.message} - {problem.hint}" if problem.hint else problem.message
    return annotation(command, problem.place, problem.code, message)


def annotation(command: str, place: Place, title: str, message: str) -> str:
    """Return one workflow command (`error`, `warning` or `notice`) with its line end."""
    fields = f"file={_property(place.path)},line={place.line},col={place.column},title={_property(title)}"
    return f"::{command} {fields}::{_data(message)}\n"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
