"""From a parser's events to nodes with places.

The events are read one by one and never composed: composing recurses, and libyaml's crashes on 200 KB of
`[`. No more of a file is parsed than 16 levels deep, whatever its quotes and brackets hide.
"""

from __future__ import annotations

from typing import Any

import yaml
from yaml.events import (
    AliasEvent,
    DocumentStartEvent,
    Event,
    MappingEndEvent,
    ScalarEvent,
    SequenceEndEvent,
    SequenceStartEvent,
    StreamEndEvent,
)

from sitecert.load.characters import check_value
from sitecert.load.findings import Findings
from sitecert.model.document import Entry, Mapping, Node, Place, Scalar, Sequence
from sitecert.problems.codes.files import (
    ALIAS,
    ANCHOR,
    DIRECTIVE,
    DUPLICATE_KEY,
    KEY_NOT_TEXT,
    MANY_DOCUMENTS,
    MERGE_KEY,
    NOT_A_MAPPING,
    TAG,
    TOO_DEEP,
)
from sitecert.problems.wording import LONGEST_SHOWN, quoted

DEEPEST = 16
"""Levels of lists and mappings."""

YAML_TAGS = "tag:yaml.org,2002:"

# libyaml's parser where PyYAML was built with it: many times as fast as PyYAML's own.
PARSER: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class TooDeepError(Exception):
    """A file that is nested too deeply; its problem is among the findings."""


def read_nodes(text: str, findings: Findings) -> Mapping | None:
    """Return the mapping at the top of a YAML text, or None where that cannot be had.

    Raises yaml.MarkedYAMLError for a text that is no YAML, TooDeepError for one that is nested too
    deeply; every other problem is added to the findings.
    """
    return _Reader(PARSER(text), findings).read()


class _Reader:
    """Reads the events of one file."""

    def __init__(self, parser: Any, findings: Findings) -> None:  # noqa: ANN401 - one of two parsers
        self._parser = parser
        self._findings = findings
        self._whole = True

    def read(self) -> Mapping | None:
        self._next()
        start = self._next()
        if isinstance(start, StreamEndEvent):
            self._add_not_a_mapping(self._findings.place(0, 0, 0, 1), "the file is empty")
            return None
        self._refuse_directives(start)
        node = self._node(self._next(), depth=0)
        self._next()
        self._refuse_more(self._next())
        if not isinstance(node, Mapping):
            empty = isinstance(node, Scalar) and node.plain and not node.text
            found = "the file is empty" if empty else "the file holds no `key: value` lines"
            self._add_not_a_mapping(node.place, found)
            return None
        return node if self._whole else None

    def _next(self) -> Event:
        try:
            event: Event = self._parser.get_event()
        except (ValueError, OverflowError) as error:
            # PyYAML's own parser passes on what chr() says of an escape such as "\U99999999".
            mark = self._parser.get_mark()
            raise yaml.MarkedYAMLError(problem="unknown escape", problem_mark=mark) from error
        return event

    def _node(self, event: Event, depth: int) -> Node:
        if isinstance(event, AliasEvent):
            return self._alias(event)
        self._refuse_properties(event)
        if isinstance(event, ScalarEvent):
            return self._scalar(event)
        if depth == DEEPEST:
            message = f"nested more than {DEEPEST} levels deep"
            self._findings.add(TOO_DEEP, self._place(event, event), message)
            raise TooDeepError
        if isinstance(event, SequenceStartEvent):
            return self._sequence(event, depth + 1)
        return self._mapping(event, depth + 1)

    def _alias(self, event: AliasEvent) -> Scalar:
        place = self._place(event, event)
        name = f"*{_shown(str(event.anchor))}"
        self._findings.add(ALIAS, place, f"{name} is an alias, which is not allowed")
        self._whole = False
        return Scalar(name, plain=False, place=place)

    def _scalar(self, event: ScalarEvent) -> Scalar:
        scalar = Scalar(event.value, plain=event.implicit[0], place=self._place(event, event))
        check_value(scalar.text, scalar.place, self._findings)
        return scalar

    def _sequence(self, start: Event, depth: int) -> Sequence:
        items: list[Node] = []
        while not isinstance(event := self._next(), SequenceEndEvent):
            items.append(self._node(event, depth))
        return Sequence(tuple(items), self._place(start, event))

    def _mapping(self, start: Event, depth: int) -> Mapping:
        entries: dict[str, Entry] = {}
        while not isinstance(event := self._next(), MappingEndEvent):
            key = self._key(event, depth)
            value = self._node(self._next(), depth)
            if key is None:
                self._whole = False
            elif key.text in entries:
                first = entries[key.text].key.place.line
                message = f"{quoted(key.text)} is written twice, first in line {first}"
                self._findings.add(DUPLICATE_KEY, key.place, message)
            else:
                entries[key.text] = Entry(key, value)
        return Mapping(tuple(entries.values()), self._place(start, event))

    def _key(self, event: Event, depth: int) -> Scalar | None:
        """Return a key, or None where it cannot be one."""
        key = self._node(event, depth)
        if isinstance(event, AliasEvent):
            return None
        if not isinstance(key, Scalar) or not key.text:
            found = "nothing" if isinstance(key, Scalar) else "a list or mapping"
            self._findings.add(KEY_NOT_TEXT, key.place, f"{found} stands where a key is expected")
            return None
        if key.plain and key.text == "<<":
            self._findings.add(MERGE_KEY, key.place, "<< merges mappings, which is not allowed")
            return None
        return key

    def _refuse_properties(self, event: Event) -> None:
        anchor: str | None = getattr(event, "anchor", None)
        tag: str | None = getattr(event, "tag", None)
        if anchor is not None:
            message = f"&{_shown(anchor)} is an anchor, which is not allowed"
            self._findings.add(ANCHOR, self._place(event, event), message)
        if tag is not None:
            message = f"{quoted(tag.replace(YAML_TAGS, '!!'))} is a tag, which is not allowed"
            self._findings.add(TAG, self._place(event, event), message)

    def _refuse_directives(self, start: Event) -> None:
        if isinstance(start, DocumentStartEvent) and (start.version or start.tags):
            place = self._findings.place(0, 0, 1, 0)
            self._findings.add(DIRECTIVE, place, "a line that begins with % is not allowed")

    def _refuse_more(self, event: Event) -> None:
        if isinstance(event, DocumentStartEvent):
            place = self._place(event, event)
            self._findings.add(MANY_DOCUMENTS, place, "a second document begins here; a file holds one")

    def _add_not_a_mapping(self, place: Place, message: str) -> None:
        self._findings.add(NOT_A_MAPPING, place, message)

    def _place(self, start: Event, end: Event) -> Place:
        first: Any = start.start_mark
        last: Any = end.end_mark
        return self._findings.place(first.line, first.column, last.line, last.column)


def _shown(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[:LONGEST_SHOWN] + "..."
