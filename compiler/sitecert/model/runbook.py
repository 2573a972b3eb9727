"""A runbook as data: the one source of the script, the document and the page."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


@dataclass(frozen=True, slots=True)
class Step:
    """One step of a runbook.

    `id` is an identifier (`[a-z][a-z0-9_]*`), `title` and `why` are English sentences without a site's
    free text, `article` names the step of kb39324 that it stands for (empty where the article has
    none). `do`, `check` and `undo` are lines of POSIX shell, already quoted; `impact` says what users
    notice (empty: nothing). A step that `only_looks` changes nothing and comes before those that do.
    """

    id: str
    title: str
    why: str
    article: str
    do: tuple[str, ...]
    check: tuple[str, ...]
    undo: tuple[str, ...]
    impact: str
    only_looks: bool = False


@dataclass(frozen=True, slots=True)
class Payload:
    """A file that lies beside a runbook in its pack: its name and SHA-256 (hex)."""

    name: str
    sha256: str


class KeyForm(StrEnum):
    """A form in which a pack holds the private key, by the name of its file.

    PEM: PKCS#8 under a passphrase. PFX: PKCS#12, with the certificate and its chain.
    """

    PEM = "server.key"
    PFX = "server.pfx"


@dataclass(frozen=True, slots=True)
class KeyDelivery:
    """How a target is given the private key.

    `forms` are the files of the pack that hold it, each under the same passphrase; none where the target
    has the key already. `alphanumeric` says that the target takes only a passphrase of letters and digits.
    """

    forms: tuple[KeyForm, ...] = (KeyForm.PEM,)
    alphanumeric: bool = False


PROTECTED = KeyDelivery()
"""What most targets read: `server.key`, under any passphrase."""


@dataclass(frozen=True, slots=True)
class Constant:
    """A value that the steps name, as `$NAME`.

    `name` is a shell variable (`[A-Z][A-Z0-9_]*`), `value` its text in printable ASCII, not quoted;
    `meaning` says in words what it is.
    """

    name: str
    value: str
    meaning: str


@dataclass(frozen=True, slots=True)
class Turn:
    """One server's turn, where several behind a load balancer are changed one after the other.

    `drain` and `enable` are lines for the load balancer's own command line, before and after the server's
    own runbook; `why` says in words what they do, and all of it where there are no lines.
    """

    server: str
    why: str
    drain: tuple[str, ...] = ()
    enable: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Runbook:
    """The steps for one target: a server by its name, or `load-balancer`.

    `constants` are the only place where a site's values meet the steps: the script assigns them at its
    top and the document shows them, so that the steps themselves are the same text for every site.
    `turns` are those of the servers whose own runbooks come besides a load balancer's.
    `payload` lies beside the runbook in its pack, and so does the key, as `key` says.
    """

    target: str
    steps: tuple[Step, ...]
    payload: tuple[Payload, ...]
    constants: tuple[Constant, ...] = ()
    turns: tuple[Turn, ...] = ()
    key: KeyDelivery = PROTECTED
