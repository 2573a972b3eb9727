"""Look at every place at once: resolve, connect, shake hands, each within its time."""

from __future__ import annotations

import asyncio
import os
import socket
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass
from threading import Thread
from typing import Any, TypeAlias

from sitecert.model.names import AlternativeName
from sitecert.model.verification import Address, Endpoint
from sitecert.problems.codes.verification import NO_ADDRESS, NO_HANDSHAKE, NOT_REACHED
from sitecert.verify.endpoints import server_name
from sitecert.verify.handshake import Failure, Handshake, shake_hands

AT_ONCE = 100
"""Connections: a process may not have many more files open (macOS: 256)."""

_Connected: TypeAlias = tuple[Address, asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True, slots=True)
class Look:
    """What came of asking one place for one name; `reached` is the IP address that took the connection."""

    endpoint: Endpoint
    name: AlternativeName
    reached: Address | None
    outcome: Handshake | Failure


def look(places: Sequence[Endpoint], names: Sequence[AlternativeName], seconds: float) -> tuple[Look, ...]:
    """Ask every place for every name, all at once; in the order of places and names.

    `seconds` bounds the search for a place's address, and each connection from its beginning to the end
    of its handshake: whatever stalls, the whole is over after twice that time for each AT_ONCE names.
    """
    return asyncio.run(_Looking(names, seconds).at(places))


class _Looking:
    """Asks for the same names everywhere, with the same patience."""

    def __init__(self, names: Sequence[AlternativeName], seconds: float) -> None:
        self._names = names
        self._seconds = seconds
        self._free = asyncio.Semaphore(AT_ONCE)

    async def at(self, places: Sequence[Endpoint]) -> tuple[Look, ...]:
        """Look at places, all at once."""
        looks = await asyncio.gather(*map(self._place, places))
        return tuple(each for row in looks for each in row)

    async def _place(self, place: Endpoint) -> Iterable[Look]:
        found = await self._addresses(place.connect)
        if isinstance(found, Failure):
            return [Look(place, name, None, found) for name in self._names]
        return await asyncio.gather(*(self._name(place, found, name) for name in self._names))

    async def _addresses(self, address: Address) -> list[Address] | Failure:
        try:
            async with asyncio.timeout(self._seconds):
                return await _resolve(address)
        except (OSError, UnicodeError) as error:
            return Failure(NO_ADDRESS, f"{address.host} has no address here: {_words(error, self._seconds)}")

    async def _name(self, place: Endpoint, addresses: list[Address], name: AlternativeName) -> Look:
        async with self._free:
            reached, outcome = await self._ask(addresses, name)
        return Look(place, name, reached, outcome)

    async def _ask(
        self, addresses: list[Address], name: AlternativeName
    ) -> tuple[Address | None, Handshake | Failure]:
        end = asyncio.get_running_loop().time() + self._seconds
        found = await self._connect(addresses)
        if isinstance(found, Failure):
            return None, found
        reached, reader, writer = found
        try:
            return reached, await self._handshake(reader, writer, name, end)
        finally:
            writer.transport.abort()  # what was written is on its way; nothing more is awaited

    async def _connect(self, addresses: list[Address]) -> _Connected | Failure:
        """Connect to the first address that takes it; each has its share of the time."""
        words = []
        share = self._seconds / len(addresses)
        for address in addresses:
            try:
                async with asyncio.timeout(share):
                    return address, *await asyncio.open_connection(address.host, address.port)
            except OSError as error:
                words.append(f"{address}: {_words(error, share)}")
        return Failure(NOT_REACHED, f"cannot be reached at {'; '.join(words)}")

    async def _handshake(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, name: AlternativeName, end: float
    ) -> Handshake | Failure:
        try:
            async with asyncio.timeout_at(end):
                return await shake_hands(reader, writer, server_name(name))
        except OSError as error:
            words = _words(error, self._seconds)
            return Failure(NO_HANDSHAKE, f"the connection was taken, then in the TLS handshake: {words}")


async def _resolve(address: Address) -> list[Address]:
    """Return the IP addresses of a host, in the system's order; raises OSError, or UnicodeError.

    The system's resolver cannot be interrupted and may take minutes. So it is asked in a thread that
    nobody waits for at the end, which those of asyncio's own executor are.
    """
    loop = asyncio.get_running_loop()
    answer: asyncio.Future[list[Address]] = loop.create_future()

    def ask() -> None:
        try:
            found = socket.getaddrinfo(address.host, address.port, type=socket.SOCK_STREAM)
        except (OSError, UnicodeError) as error:
            settle(answer.set_exception, error)
        else:
            addresses = dict.fromkeys(Address(str(each[4][0]), address.port) for each in found)
            settle(answer.set_result, list(addresses))

    def settle(how: Callable[[Any], None], what: object) -> None:
        with suppress(RuntimeError):  # the loop is closed: nobody asks any more
            loop.call_soon_threadsafe(lambda: None if answer.done() else how(what))

    Thread(target=ask, daemon=True).start()
    return await answer


def _words(error: OSError | UnicodeError, seconds: float) -> str:
    """Return what went wrong in the system's words; a time that is over has none of its own."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return str(error.args[-1]).lower()
    return os.strerror(error.errno).lower() if error.errno else f"no answer within {seconds:g} s"
