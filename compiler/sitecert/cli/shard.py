"""`--shard I/N`: one of N equal parts of a list of sites."""

from __future__ import annotations

import re
from typing import Any

import click

Shard = tuple[int, int]


class ShardType(click.ParamType[Shard]):
    """Reads `I/N`, with 1 <= I <= N."""

    name = "shard"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Shard:  # noqa: ANN401 - click's own signature
        """Return (I, N)."""
        match = re.fullmatch(r"([0-9]{1,4})/([0-9]{1,4})", str(value))
        if match is None or not 1 <= int(match[1]) <= int(match[2]):
            self.fail(f"{value!r} is not I/N with I from 1 to N", param, ctx)
        return int(match[1]), int(match[2])


SHARD = ShardType()


def part(names: tuple[str, ...], shard: Shard | None) -> tuple[str, ...]:
    """Return the I-th of N parts: every N-th name, so that parts are of one size."""
    return names if shard is None else names[shard[0] - 1 :: shard[1]]
