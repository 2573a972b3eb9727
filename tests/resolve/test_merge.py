"""Defaults and a site's own settings."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from sitecert.model.document import Entry, Mapping, Node, Place, Scalar, Sequence
from sitecert.resolve.merge import flatten, merge

KEYS = st.sampled_from(["customer", "subject", "key", "state", "alt_names", "0"])


def _node(path: str, value: object) -> Node:
    place = Place(path, 1, 1)
    if isinstance(value, dict):
        entries = (
            Entry(Scalar(key, plain=True, place=place), _node(path, item)) for key, item in value.items()
        )
        return Mapping(tuple(entries), place)
    if isinstance(value, list):
        return Sequence(tuple(_node(path, item) for item in value), place)
    return Scalar(str(value), plain=True, place=place)


def _mapping(path: str, value: dict[str, object]) -> Mapping:
    node = _node(path, value)
    assert isinstance(node, Mapping)
    return node


def _value(node: Node) -> object:
    if isinstance(node, Mapping):
        return {entry.key.text: _value(entry.value) for entry in node.entries}
    if isinstance(node, Sequence):
        return [_value(item) for item in node.items]
    return node.text


VALUES = st.recursive(
    st.text("ab", max_size=2),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(KEYS, inner, max_size=3),
    max_leaves=8,
)
MAPPINGS = st.dictionaries(KEYS, VALUES, max_size=4)


def _expected(defaults: object, own: object) -> object:
    """Say what merging means, in plain values."""
    if not isinstance(defaults, dict) or not isinstance(own, dict):
        return own
    both = {key: _expected(defaults[key], own[key]) for key in defaults.keys() & own.keys()}
    return {**defaults, **own, **both}


@given(MAPPINGS, MAPPINGS)
def test_mappings_merge_and_all_else_is_replaced(defaults: dict[str, object], own: dict[str, object]) -> None:
    """The site wins; a mapping in both is merged by key; a list is replaced."""
    assert _value(merge(_mapping("d", defaults), _mapping("s", own))) == _expected(defaults, own)


@given(MAPPINGS, MAPPINGS)
def test_merging_twice_changes_nothing(defaults: dict[str, object], own: dict[str, object]) -> None:
    """What a site has taken from the defaults it does not take again."""
    inherited = _mapping("d", defaults)
    merged = merge(inherited, _mapping("s", own))
    assert merge(inherited, merged) == merged


@given(MAPPINGS)
def test_nothing_adds_nothing(own: dict[str, object]) -> None:
    """Empty defaults leave a site as it is, an empty site has the defaults."""
    nothing = _mapping("s", {})
    assert _value(merge(nothing, _mapping("s", own))) == own
    assert _value(merge(_mapping("d", own), nothing)) == own


@given(MAPPINGS, MAPPINGS)
def test_every_value_keeps_its_place(defaults: dict[str, object], own: dict[str, object]) -> None:
    """A value is placed in the file that wrote it: the site's, wherever the site says it."""
    written = dict(flatten(_mapping("s", own)))
    for pointer, node in flatten(merge(_mapping("d", defaults), _mapping("s", own))):
        assert node.place.path == ("s" if pointer in written else "d")
