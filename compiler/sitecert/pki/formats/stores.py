"""What a keystore holds, and the passwords that are tried on it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from sitecert.pki.formats.contents import RefusalKind
from sitecert.pki.formats.encryption import WrongPasswordError
from sitecert.pki.formats.errors import NotReadError

Opened = TypeVar("Opened")


@dataclass(frozen=True, slots=True)
class StoredCertificate:
    """A certificate as DER and the name that it has in the store, or `certificate 2`."""

    name: str
    der: bytes


@dataclass(frozen=True, slots=True)
class StoredKey:
    """A private key as DER, which must never be shown; None where it did not open, for `refusal`."""

    name: str
    der: bytes | None = field(repr=False)
    protected: bool
    refusal: NotReadError | None = None


@dataclass(frozen=True, slots=True)
class Store:
    """The content of a keystore; `repairs` are what had to be understood."""

    certificates: tuple[StoredCertificate, ...] = ()
    keys: tuple[StoredKey, ...] = ()
    refusals: tuple[NotReadError, ...] = ()
    repairs: tuple[str, ...] = ()


def try_passwords(
    passwords: Sequence[str | None],
    what: str,
    attempt: Callable[[str | None], Opened],
    empty: Sequence[str | None] = ("",),
) -> tuple[Opened, str | None]:
    """Return what the first password that fits opens, and that password.

    The given ones are tried first and the `empty` ones last: a file that makes each attempt dear is then
    opened by the one that was given for it. Raises NotReadError where none fits.
    """
    has_tried = False
    for password in (*passwords, *empty):
        try:
            return attempt(password), password
        except WrongPasswordError:
            has_tried = True
        except NotReadError as error:
            if error.kind is not RefusalKind.TOO_COSTLY or not has_tried:
                raise
            break
    if passwords:
        raise NotReadError(RefusalKind.WRONG_PASSWORD, f"{what}, and no password that was given opens it")
    raise NotReadError(RefusalKind.LOCKED, f"{what}, and no password was given")
