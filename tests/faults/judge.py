"""What must be so after a fault, and after the one command that a person then types."""

from __future__ import annotations

import re
import stat
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from faults.disk import Disk
from faults.server import Live, Server, Serves, State
from faults.supervise import Ran
from support.authority import rsa_key
from support.stub_server import PASSPHRASE, key_pem

SHOWN = 300
"""How many characters of what was said a failure shows."""
WHAT_TO_TYPE = re.compile(r"sh (/\S+/install\.sh) (apply|rollback)")


@dataclass(frozen=True)
class Rest:
    """A server at rest: its live files, what it serves, and what `status` says of it."""

    live: Live
    serves: Serves
    status: str


@dataclass(frozen=True)
class Ends:
    """The two ways in which everything may end: the old generation in service, or the new one."""

    old: Rest
    new: Rest

    def after(self, verb: str) -> Rest:
        """Return where apply and rollback lead to."""
        return {"apply": self.new, "rollback": self.old}[verb]


class Judge(Protocol):
    """Who says what servers serve after a start, given the live files that they read."""

    def serve(self, live: Live) -> Serves:
        """Return the fingerprints that Apache and ORDS show; None for one that does not start."""


@dataclass(frozen=True)
class Court:
    """Judges a server by the ends that it may come to, real servers and parsing; never by wording."""

    server: Server
    ends: Ends
    judge: Judge

    # ---- Right after the fault -----------------------------------------------------------------

    def stands(self) -> bool:
        """Judge a server that was stopped at some point and booted; say whether all its services serve.

        Each live file is the old one or the new one, whole. Each service serves the old or the new
        certificate; only where the live files are of both generations may one not start. `status` says what
        is so.
        """
        live = self.server.live()
        mixed = self.is_of_two_generations(live)
        serves = self.judge.serve({name: live[name] for name in live if name in self.names})
        assert self.server.serves() == serves, "the server's own services are not like the real ones"
        known = {*self.ends.old.serves, *self.ends.new.serves}
        for fingerprint in serves:
            assert fingerprint in known or (fingerprint is None and mixed), (serves, sorted(live))
        self.status_is_true(live)
        return None not in serves

    def is_of_two_generations(self, live: Live) -> bool:
        """Judge that each live file is whole, old or new; say whether there are some of both.

        What else lies in the live directories is a file that is being written. If it holds a key, no one may
        read it who may not read the live keys.
        """
        found = {name: live.get(name) for name in self.names}
        rests = [{name: rest.live.get(name) for name in self.names} for rest in self.rests]
        for name, file in found.items():
            assert file in [rest[name] for rest in rests], f"{name} is neither the old file nor the new one"
        for name in live.keys() - self.names:
            content, mode, *_ = live[name]
            assert not _is_key(content) or mode & 0o037 == 0, f"{name}: {mode:o}"
        return found not in rests

    @property
    def rests(self) -> tuple[Rest, Rest]:
        """Return both ends."""
        return self.ends.old, self.ends.new

    @cached_property
    def names(self) -> frozenset[str]:
        """Return the names of the live files of either generation."""
        return frozenset(self.ends.old.live) | frozenset(self.ends.new.live)

    def status_is_true(self, live: Live) -> None:
        """Judge that `status` calls nothing the old or the new state whose files are not."""
        said = self._status()
        files = {name: file for name, file in live.items() if name in self.names}
        for rest in self.rests:
            is_true = said != rest.status or files == rest.live
            assert is_true, f"status says: {said}"

    def _status(self) -> str:
        ran = self.server.run("status")
        assert ran.returncode == 0, ran.stdout + ran.stderr
        return without_numbers(ran.stdout)

    # ---- After the command ---------------------------------------------------------------------

    def recovers(self, verb: str) -> None:
        """Judge that one command brings the server where it leads, and that a second finds nothing to do."""
        end = self.ends.after(verb)
        ran = self.server.run(verb)
        assert ran.returncode == 0, ran.stdout + ran.stderr
        self.is_at(end)
        before, restarts = self.server.now(), self.server.restarts()
        again = self.server.run(verb)
        assert again.returncode == 0, again.stdout + again.stderr
        after = self.server.now()
        assert before.disk.digest == after.disk.digest, differences(before, after)
        assert self.server.restarts() == restarts

    def is_at(self, end: Rest) -> None:
        """Judge that a server is at rest there: the files, the services, the status, and no key elsewhere."""
        live = self.server.live()
        assert sorted(live) == sorted(end.live)
        changed = [name for name, file in live.items() if file != end.live[name]]
        assert not changed, f"not as they must be: {changed}"
        assert self.server.serves() == end.serves
        assert self.judge.serve(live) == end.serves
        said = self._status()
        assert said == end.status, f"status says: {said}"
        self._no_key_is_astray()

    def _no_key_is_astray(self) -> None:
        astray = keys_astray(self.server.files(), self.server.live_keys)
        assert not astray, f"a key, or the passphrase: {astray}"

    def settles(self, ran: Ran, judged: set[object]) -> bool:
        """Judge a run of apply that met a fault that is over now; say whether something was to type.

        It committed, or undid everything, or said what to type; and then that works. From there apply works
        as ever; `judged` are the sets of files that it was found to work with already.
        """
        said = f"exit code {ran.returncode}, in the end: {ran.stdout[-SHOWN:]}{ran.stderr[-SHOWN:]}"
        assert ran.returncode in {0, 1}, said
        self.is_of_two_generations(self.server.live())
        end = self.ends.old if ran.returncode else self.ends.new
        to_type = not self._is_quietly_at(end)
        if to_type:
            told = WHAT_TO_TYPE.findall(ran.stdout + ran.stderr)
            assert told, f"it says nothing to type: {said}"
            script, verb = told[-1]
            typed = self.server.run(verb, script=Path(script))
            assert typed.returncode == 0, f"{said}\n{typed.stdout}{typed.stderr}"
            end = self.ends.after(verb)
            self.is_at(end)
        self._no_key_is_astray()
        files = frozenset(self.server.now().disk.files)
        if files not in judged:
            judged.add(files)
            self.recovers("apply")
        return to_type

    def _is_quietly_at(self, end: Rest) -> bool:
        found = Rest(self.server.live(), self.server.serves(), self._status())
        return found == end


def without_numbers(said: str) -> str:
    """Return what was said without the number of a run, which counts attempts."""
    return re.sub(r"\brun-\d+[-\w]*", "run", said)


def differences(before: State, after: State) -> list[str]:
    """Return the paths of files that differ, for a person who reads why a test failed."""
    one, other = before.disk.files, after.disk.files
    return sorted(path for path in one.keys() | other.keys() if one.get(path) != other.get(path))


def keys_astray(disk: Disk, live_keys: str) -> list[str]:
    """Return the paths outside of live directories and backups that hold a private key or the passphrase."""
    return [
        path
        for path, file in disk.files.items()
        if stat.S_ISREG(file.mode)
        and (PASSPHRASE.encode() in file.content or _is_key(file.content))
        and not path.startswith(live_keys)
        and "/backup/" not in path
    ]


def _is_key(content: bytes) -> bool:
    """Say whether there is a test's key in some bytes: any line of its PEM, or its prime, in DER."""
    return any(part in content for number in (1, 2, 3) for part in _marks(number))


def _marks(number: int) -> tuple[bytes, bytes]:
    key = rsa_key(f"generation {number}")
    prime = key.private_numbers().p
    return key_pem(key).splitlines()[3], prime.to_bytes((prime.bit_length() + 7) // 8)
