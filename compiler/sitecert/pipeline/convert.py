"""Convert files: read them, choose what goes out, make it, prove it, write it where nothing is yet."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.convert.choice import Choice, choose, unopened_keys
from sitecert.convert.inputs import openssl_inputs, order_to_tell
from sitecert.convert.openssl import Job, Passwords, openssl_commands
from sitecert.convert.outputs import alias_of, write_parts, write_target
from sitecert.convert.wish import Target, Wish
from sitecert.handoff.passphrase import read_passphrase
from sitecert.intake.pieces import refusal_problem, take_apart
from sitecert.model.document import Place
from sitecert.model.runbook import PROTECTED
from sitecert.pki.errors import KeyMaterialError, PkiError
from sitecert.pki.formats.age import is_age
from sitecert.pki.formats.contents import Contents, FoundKey, GivenFile, RefusalKind
from sitecert.pki.formats.pfx_writing import Compatibility
from sitecert.pki.formats.reading import read_contents
from sitecert.pki.issuance import fingerprint
from sitecert.pki.keys import decrypt_key, prove_same_key
from sitecert.problems import Problem
from sitecert.problems.codes.conversion import AGE_NOT_OPENED, KEY_UNPROTECTED, OUTPUT_EXISTS
from sitecert.write.pack import CERTIFICATE_MODE, FILE_MODE, is_taken, new_file, new_folder

__all__ = [
    "Choice",
    "Commands",
    "Compatibility",
    "Contents",
    "Encoding",
    "GivenFile",
    "Passwords",
    "Target",
    "Wish",
    "as_commands",
    "choose",
    "is_age",
    "missing_password",
    "output_taken",
    "read_files",
    "read_output_passphrase",
    "unprotected",
    "write_conversion",
]

ANOTHER_PASSPHRASE = "use another one; 30 random letters and digits are plenty"  # noqa: S105 - advice
NAME_PASSPHRASE = "name a passphrase with `--passphrase-file FILE`"  # noqa: S105 - advice
UNDER_A_PASSWORD = frozenset({RefusalKind.LOCKED, RefusalKind.WRONG_PASSWORD})


@dataclass(frozen=True, slots=True)
class Commands:
    """The openssl commands that do the same: for 1.0.2 and 1.1.1, and for 3.

    `order` names the certificates that sitecert writes, where openssl would keep others or another order.
    """

    old: tuple[str, ...]
    new: tuple[str, ...]
    order: tuple[str, ...]


def read_files(
    files: Sequence[GivenFile], identities: Sequence[str], passwords: Sequence[str], wish: Wish
) -> tuple[Contents, tuple[Problem, ...]]:
    """Return what the files hold, and the problems of what was not read and is needed.

    Files that age encrypted are opened by the identities, in memory.
    """
    pieces = take_apart([each for each in files if not is_age(each.content)], passwords, None)
    unopened = unopened_keys(pieces.contents, wish)
    problems = [
        *pieces.problems,
        *(refusal_problem(each.refusal, None) for each in unopened if each.refusal is not None),
    ]
    keys: list[FoundKey] = []
    for file in files:
        if is_age(file.content):
            try:
                keys.append(FoundKey(_open_age(file, identities), protected=True, origin=file.path))
            except KeyMaterialError as error:
                problems.append(AGE_NOT_OPENED.at(Place(file.path, 1, 1), str(error)))
    return replace(pieces.contents, keys=(*pieces.contents.keys, *keys)), tuple(problems)


def missing_password(contents: Contents, wish: Wish) -> str:
    """Return the trail to what a password that was not given would open, or nothing."""
    unopened = [each.refusal for each in unopened_keys(contents, wish) if each.refusal is not None]
    found = [each.origin for each in (*contents.refusals, *unopened) if each.kind in UNDER_A_PASSWORD]
    return found[0] if found else ""


def read_output_passphrase(content: bytes, name: str) -> str | Problem:
    """Return the passphrase that a file or a person gives for the output, or why it is unfit."""
    passphrase = read_passphrase(content, name, PROTECTED)
    return replace(passphrase, hint=ANOTHER_PASSPHRASE) if isinstance(passphrase, Problem) else passphrase


def unprotected(output: Path, choice: Choice, wish: Wish) -> Problem:
    """Return the refusal to write a key that nothing protects, and the ways out."""
    place = Place(str(output), 1, 1)
    if wish.target is Target.PFX:
        return KEY_UNPROTECTED.at(place, "a PFX is always under a passphrase", hint=NAME_PASSPHRASE)
    hint = "" if choice.certificates else f"{NAME_PASSPHRASE}, or use `--insecure` to write it in the clear"
    return KEY_UNPROTECTED.at(place, "its private key would be in the clear", hint=hint)


def output_taken(output: Path) -> Problem | None:
    """Return the problem that something stands at the output, if so."""
    if not is_taken(output):
        return None
    return OUTPUT_EXISTS.at(Place(str(output), 1, 1), "is there already; a conversion overwrites nothing")


def write_conversion(
    choice: Choice, wish: Wish, passphrase: str | None, output: Path
) -> tuple[str, ...] | Problem:
    """Make what is wished for, prove it by reading it again, write it; return the names of what was written.

    A key's file has mode 0600, one of certificates alone 0644, a split's folder 0700. Raises OSError where
    the disk refuses; nothing is left then.
    """
    try:
        if wish.split:
            parts = write_parts(choice, passphrase)
            _prove(parts, choice, passphrase)
            with new_folder(output, parts):
                pass
            return tuple(str(output / name) for name in parts)
        content = write_target(choice, wish, passphrase)
        _prove({output.name: content}, choice, passphrase)
        with new_file(output, content, CERTIFICATE_MODE if choice.key is None else FILE_MODE):
            pass
    except FileExistsError:
        return output_taken(output) or OUTPUT_EXISTS.at(Place(str(output), 1, 1), "came meanwhile")
    return (str(output),)


def as_commands(
    files: Sequence[GivenFile],
    contents: Contents,
    choice: Choice,
    wish: Wish,
    output: str,
    passwords: Passwords,
) -> Commands | tuple[Problem, ...]:
    """Return the openssl commands that do the same, or a problem for each file that openssl does not read."""
    inputs, problems = openssl_inputs(files, contents, choice, wish)
    if problems:
        return problems
    has_key = choice.key is not None
    alias = alias_of(choice, wish) if choice.certificates else ""
    job = Job(inputs, wish, output, len(choice.certificates), has_key, alias, passwords)
    return Commands(
        old=openssl_commands(job, legacy=False),
        new=openssl_commands(job, legacy=True),
        order=order_to_tell(contents, choice, wish),
    )


def _open_age(file: GivenFile, identities: Sequence[str]) -> PrivateKeyTypes:
    if not identities:
        raise KeyMaterialError("is encrypted with age, and no identity was given")
    return decrypt_key(file.content, identities)


def _prove(made: dict[str, bytes], choice: Choice, passphrase: str | None) -> None:
    """Read what was made and hold it against what should be in it; raises PkiError, a fault of ours.

    What is too costly for the reader, whose bounds are for files of strangers, its writer proved alone.
    """
    passwords = () if passphrase is None else (passphrase,)
    found = read_contents([GivenFile(name, content) for name, content in made.items()], passwords)
    unopened = (*found.refusals, *(each.refusal for each in found.keys if each.refusal is not None))
    if any(each.kind is RefusalKind.TOO_COSTLY for each in unopened):
        return
    read = [fingerprint(each.certificate) for each in found.certificates]
    if sorted(read) != sorted(map(fingerprint, choice.certificates)) or found.refusals:
        raise PkiError("what was made does not hold the certificates that it should")
    if len(found.keys) != (choice.key is not None):
        raise PkiError("what was made does not hold the key that it should")
    if choice.key is not None:
        prove_same_key(found.keys[0].key, choice.key)
