"""What a conversion made, and the openssl commands that do the same."""

from __future__ import annotations

from collections.abc import Sequence

OLD, NEW, ALL = "# openssl 1.0.2 and 1.1.1", "# openssl 3", "# openssl 1.0.2 and later"


def made_lines(names: Sequence[str], certificates: Sequence[str], root: str, key: str) -> tuple[str, ...]:
    """Return what was made: the files, what is in them in its order, and the root that is left out.

    `key` says how the private key lies there, or is empty where there is none.
    """
    numbered = [f"  {number}. {each}" for number, each in enumerate(certificates, 1)]
    return (
        f"made {', '.join(names)}",
        *numbered,
        *((f"  the private key, {key}",) if key else ()),
        *(
            (f"  left out: the root {root}, which servers do not send; `--with-root` keeps it",)
            if root
            else ()
        ),
    )


def commands_text(old: Sequence[str], new: Sequence[str], order: Sequence[str]) -> str:
    """Return the commands for the openssl of each age, once where they are the same."""
    told = [f"#   {number}. {each}" for number, each in enumerate(order, 1)]
    notice = ["# openssl keeps what it finds, as it stands; sitecert writes, in this order:", *told]
    versions = [[ALL, *new]] if list(old) == list(new) else [[OLD, *old], [NEW, *new]]
    paragraphs = [*([notice] if order else []), *versions]
    return "\n".join("".join(f"{line}\n" for line in each) for each in paragraphs)
