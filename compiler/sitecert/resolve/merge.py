"""Defaults and a site's own settings made one, every value keeping the place where it was written."""

from __future__ import annotations

from collections.abc import Iterator

from sitecert.model.document import Entry, Mapping, Node, Sequence


def merge(defaults: Mapping, own: Mapping) -> Mapping:
    """Return `own` with what only `defaults` has: mappings merge by key, a list or a value of `own` wins."""
    inherited = {entry.key.text: entry for entry in defaults.entries}
    merged = [_merge_entry(inherited.pop(entry.key.text, None), entry) for entry in own.entries]
    return Mapping((*merged, *inherited.values()), own.place)


def _merge_entry(default: Entry | None, own: Entry) -> Entry:
    if default is not None and isinstance(default.value, Mapping) and isinstance(own.value, Mapping):
        return Entry(own.key, merge(default.value, own.value))
    return own


def flatten(node: Node, pointer: str = "") -> Iterator[tuple[str, Node]]:
    """Yield every node with its JSON pointer (RFC 6901; no key of ours needs escaping), `node` first."""
    yield pointer, node
    if isinstance(node, Mapping):
        for entry in node.entries:
            yield from flatten(entry.value, f"{pointer}/{entry.key.text}")
    elif isinstance(node, Sequence):
        for index, item in enumerate(node.items):
            yield from flatten(item, f"{pointer}/{index}")
