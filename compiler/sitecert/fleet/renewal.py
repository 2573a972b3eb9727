"""Raise `key.generation` in the text of a site's file, and leave every other character as it is."""

from __future__ import annotations

import re
from collections.abc import Iterator

from sitecert.model.document import Mapping, Node, Place, Scalar, Sequence


def raise_generation(source: str, root: Mapping, number: int) -> str:
    """Return a site file's text with `key.generation: number`; `root` is what the text says, with places.

    What is not there yet is added: to a flow mapping behind its brace, to a block mapping as its last
    line, indented as the others and with the file's line ends. The caller parses the result again: in
    what form the file is written is the person's own affair, and not each form is known here.
    """
    key = root.get("key")
    if not isinstance(key, Mapping):
        return _with_entry(source, root, f"key: {{generation: {number}}}", _last_line(source))
    written = key.get("generation")
    if isinstance(written, Scalar):
        start = _offset(source, written.place)
        return f"{source[:start]}{number}{source[start + written.place.width :]}"
    return _with_entry(source, key, f"generation: {number}", max(each.line for each in _places(key)))


def _with_entry(source: str, mapping: Mapping, entry: str, last_line: int) -> str:
    """Return the text with one more entry in a mapping whose last line is known."""
    start = _offset(source, mapping.place)
    if source[start : start + 1] == "{":
        before, after = source[: start + 1], source[start + 1 :]
        comma = "," if mapping.entries else ""
        space = "" if not comma or after[:1].isspace() else " "
        return f"{before}{entry}{comma}{space}{after}"
    return _with_line(source, last_line, " " * (mapping.place.column - 1) + entry)


def _with_line(source: str, after: int, line: str) -> str:
    """Return the text with a further line behind the line numbered `after`, from 1."""
    ending = "\r\n" if "\r\n" in source else "\n"
    lines = re.split(r"(?<=\n)", source)
    if lines[after - 1].endswith("\n"):
        lines.insert(after, line + ending)
    else:
        lines[after - 1] += ending + line
    return "".join(lines)


def _last_line(source: str) -> int:
    """Return the number of the last line that says something."""
    return source.rstrip().count("\n") + 1


def _offset(source: str, place: Place) -> int:
    """Return where a place begins in the text, in characters."""
    before = re.split(r"(?<=\n)", source)[: place.line - 1]
    return sum(map(len, before)) + place.column - 1


def _places(node: Node) -> Iterator[Place]:
    yield node.place
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from _places(entry.value)
    elif isinstance(node, Sequence):
        for item in node.items:
            yield from _places(item)
