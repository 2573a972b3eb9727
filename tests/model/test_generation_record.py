"""A generation's record reads back what it wrote, and nothing else."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.model.record import GenerationRecord, RecordError, read_site_manifest, to_json

RECORDS = st.builds(
    GenerationRecord,
    generation=st.integers(0, 10**6),
    files=st.dictionaries(st.text("abc.-/", max_size=9), st.text("0123456789abcdef", max_size=64)),
    spki_sha256=st.none() | st.text("0123456789abcdef", max_size=64),
    recipients=st.lists(st.text(max_size=9)).map(tuple),
    sealed=st.booleans(),
    disclosed=st.booleans(),
)


@given(RECORDS)
def test_a_record_reads_back(record: GenerationRecord) -> None:
    """What is written is read, and written again it is the same bytes, with LF at the end alone."""
    content = record.to_bytes()
    assert GenerationRecord.from_bytes(content) == record
    assert content.endswith(b"}\n")
    assert b"\r" not in content


@given(RECORDS, st.data())
def test_every_changed_byte_shows(record: GenerationRecord, data: st.DataObject) -> None:
    """Any byte changed, cut off, or added is an error and never another exception."""
    content = bytearray(record.to_bytes())
    at = data.draw(st.integers(0, len(content) - 1))
    content[at] ^= 1 << data.draw(st.integers(0, 7))
    for damaged in (
        bytes(content),
        record.to_bytes()[:at],
        record.to_bytes() + b"\n",
        b" " + record.to_bytes(),
    ):
        with pytest.raises(RecordError):
            GenerationRecord.from_bytes(damaged)


def test_a_newer_format_is_named() -> None:
    """Who meets a record of a later sitecert is told so."""
    with pytest.raises(RecordError, match="format version 2: a newer sitecert"):
        GenerationRecord.from_bytes(to_json({"format_version": 2}))


@given(st.binary(max_size=99) | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(json.dumps))
def test_any_manifest_is_read_or_passed_over(content: bytes | str) -> None:
    """A site's list of digests that is damaged gives none, and no exception."""
    raw = content.encode("utf-8", "surrogatepass") if isinstance(content, str) else content
    assert read_site_manifest(raw) == {}
    assert read_site_manifest(to_json({"files": {"a": "b"}})) == {"a": "b"}
