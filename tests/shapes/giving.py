"""Files given to `intake` as a person gives them, out of a folder of their own."""

from __future__ import annotations

from pathlib import Path

from shapes.returned import PASSWORD, Files
from support.commands import Ran, at, sitecert


def give(
    root: Path, files: Files, *options: object, needs_password: bool = False, piped: bool = False
) -> Ran:
    """Run `intake` on files, or on one that is piped in; those in a folder are given as that folder."""
    inbox = root.parent / "inbox"
    for name, content in files.items():
        (inbox / name).parent.mkdir(parents=True, exist_ok=True)
        (inbox / name).write_bytes(content)
    password = root.parent / "password"
    password.write_text(f"{PASSWORD}\n")
    more = (*(("--password-file", password) if needs_password else ()), *at(), *options)
    command = ("-C", root, "intake", "park-nicollet")
    if piped:
        return sitecert(*command, "-", *more, piped=b"".join(files.values()))
    return sitecert(*command, *sorted({inbox / Path(name).parts[0] for name in files}), *more)
