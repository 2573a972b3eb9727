"""The house's plan (docs/design.md, "The flow"), read from the imports."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

SOURCE = Path(__file__).parents[2] / "compiler" / "sitecert"

FOUNDATION = {"model", "problems", "suite", "pki", "markdown"}
STAGES = {
    *("load", "validate", "resolve", "policy", "runbook", "plan", "emit", "write"),
    *("intake", "convert", "handoff", "fleet", "verify", "review", "leaks"),
}
MAY_IMPORT = {
    "model": set(),
    "problems": {"model"},
    "suite": {"model"},
    "markdown": set(),
    "pki": {"model"},
    "report": {"model", "problems", "markdown"},
    "repo": {"model", "problems"},
    **dict.fromkeys(STAGES, FOUNDATION),
    "pipeline": FOUNDATION | STAGES | {"repo"},
    "cli": FOUNDATION | {"pipeline", "report", "load", "write"},
    "__main__": {"cli"},
}
MAY_TOUCH_FILES = {"load", "write", "repo", "cli"}
IN_MEMORY = "archive.open"
"""How `pki.formats.archives` reads an entry of a zip archive that it holds in memory."""

SOCKETS = {"asyncio", "socket", "ssl", "OpenSSL", "http", "urllib"}
TOUCHES_FILES = {"open", "fdopen", "read_text", "read_bytes", "write_text", "write_bytes", "unlink", "rename"}


def modules() -> Iterator[tuple[str, Path, ast.Module]]:
    """Yield every module with its room: the first name below the package."""
    for path in sorted(SOURCE.rglob("*.py")):
        relative = path.relative_to(SOURCE)
        if relative.name != "__init__.py" or len(relative.parts) > 1:
            yield relative.parts[0].removesuffix(".py"), path, ast.parse(path.read_text(encoding="utf-8"))


def imported(tree: ast.Module) -> Iterator[str]:
    """Yield every module that a tree imports, wherever in it."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, "imports are absolute"
            assert node.module
            yield node.module


def rooms() -> set[str]:
    """Return the rooms that there are."""
    return {room for room, _, _ in modules()}


def test_every_room_stands_in_the_plan() -> None:
    """A new room is a decision: it gets its arrows here and its line in the design."""
    assert rooms() <= set(MAY_IMPORT)


@pytest.mark.parametrize("room", sorted(MAY_IMPORT))
def test_arrows_point_one_way(room: str) -> None:
    """A stage imports the foundation and never another stage; nothing imports cli."""
    for own, path, tree in modules():
        if own == room:
            targets = {name.split(".")[1] for name in imported(tree) if name.startswith("sitecert.")} - {room}
            assert targets <= MAY_IMPORT[room], path


def test_git_has_one_door() -> None:
    """Only `repo` imports GitPython."""
    importing = {
        room for room, _, tree in modules() if "git" in {name.split(".")[0] for name in imported(tree)}
    }
    assert importing <= {"repo"}


def test_only_some_rooms_touch_files() -> None:
    """Only load, write, repo and cli open files."""
    for room, path, tree in modules():
        called = {
            node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            for node in ast.walk(tree)
            if isinstance(node, ast.Call) and ast.unparse(node.func) != IN_MEMORY
        }
        assert room in MAY_TOUCH_FILES or not called & TOUCHES_FILES, path


def test_one_room_opens_sockets() -> None:
    """Only `verify` imports what reaches the network."""
    importing = {
        room
        for room, _, tree in modules()
        if SOCKETS & {name.split(".")[0] for name in imported(tree) if name != "urllib.parse"}
    }
    assert importing == {"verify"}


def test_the_clock_is_an_argument() -> None:
    """Only cli asks for today."""
    for room, path, tree in modules():
        asked = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)} & {
            "today",
            "now",
            "utcnow",
        }
        assert room == "cli" or not asked, path
