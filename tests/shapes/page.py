"""docs/shapes.md, made from the tables that the tests run (`make docs`)."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

from shapes.defects import DEFECTS
from shapes.shapes import CUSTOMERS_SHAPES, SHAPES, Shape

PAGE = Path(__file__).parents[2] / "docs" / "shapes.md"
INTRODUCTION = """\
# What `intake` reads, and what it refuses

Files are told by their content, never by their names. Each row is a test (`tests/shapes/`): one certificate,
issued for one request, is given to `sitecert intake` in that shape.

<!-- Made from tests/shapes/ by `make docs`: edit it there. -->
"""
PASSWORD = "the file's password, by `--password-file`"  # noqa: S105 - words about one


def page() -> str:
    """Return the page as Markdown."""
    return "\n".join(
        [
            INTRODUCTION,
            f"## {len(SHAPES)} shapes of what a CA returned\n",
            "All of `out/` is the same, byte for byte, for every one of them.\n",
            *_shapes(SHAPES),
            f"\n## {len(CUSTOMERS_SHAPES)} shapes of what a customer sends who made the key\n",
            "With `key.custody: customer`. A key that came without a password is taken in with",
            "`--accept SC515`, and stays marked as disclosed.\n",
            *_shapes(CUSTOMERS_SHAPES),
            f"\n## {len(DEFECTS)} returns that are refused\n",
            "Nothing is filed. What each code means stands in [rules.md](rules.md).\n",
            "| what came | code |",
            "| --- | --- |",
            *(f"| {each.title} | [{each.code}](rules.md#{each.code.lower()}) |" for each in DEFECTS),
            "",
        ]
    )


def _shapes(shapes: Iterable[Shape]) -> Iterator[str]:
    yield "| shape | opened by |"
    yield "| --- | --- |"
    for shape in shapes:
        yield f"| {shape.title} | {PASSWORD if shape.needs_password else ''} |".replace("|  |", "| |")


if __name__ == "__main__":
    sys.stdout.write(page())
