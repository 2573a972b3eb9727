"""One TLS handshake, and everything that the server sends in it.

pyOpenSSL, because Python's own ssl shows the chain as it was sent from 3.13 on alone, and obeys the security
policy of the machine that it runs on; cryptography's OpenSSL, which pyOpenSSL drives, is the same everywhere.
"""

from __future__ import annotations

import asyncio
from contextlib import suppress
from dataclasses import dataclass
from functools import cache

from OpenSSL import SSL, crypto

from sitecert.problems import Rule
from sitecert.problems.codes.verification import NO_HANDSHAKE, NOT_TLS
from sitecert.problems.wording import quoted

MOST_READ = 1 << 14
TLS_RECORDS = frozenset({21, 22})
"""What a TLS server's first octet can be: an alert or a handshake record (RFC 8446 5.1)."""

LONGEST_GREETING = 40
"""Characters that are shown of what something else than TLS says."""


@dataclass(frozen=True, slots=True)
class Handshake:
    """A completed handshake, which proves that the server holds the key of the first certificate.

    `certificates` are DER, in the order in which they were sent; protocol and cipher as OpenSSL calls
    them (`TLSv1.3`).
    """

    protocol: str
    cipher: str
    certificates: tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class Failure:
    """Why there was no handshake: the rule, and a clause that says what happened."""

    rule: Rule
    message: str


async def shake_hands(
    reader: asyncio.StreamReader, writer: asyncio.StreamWriter, server_name: str | None
) -> Handshake | Failure:
    """Hold a handshake over a connection, asking for a name by SNI; raises OSError where that breaks.

    Nothing is verified here: the certificates are judged later, whatever they are.
    """
    connection = SSL.Connection(_offer(), None)
    connection.set_connect_state()
    if server_name is not None:
        connection.set_tlsext_host_name(server_name.encode("ascii"))
    has_begun = False
    while True:
        try:
            connection.do_handshake()
        except SSL.WantReadError:
            _send(connection, writer)
        except SSL.Error as error:
            _send(connection, writer)  # the alert that says why
            return Failure(NO_HANDSHAKE, f"the TLS handshake fails: {_reason(error)}")
        else:
            break
        received = await reader.read(MOST_READ)
        if not received:
            return Failure(NO_HANDSHAKE, "it closes the connection in the TLS handshake")
        if not has_begun and received[0] not in TLS_RECORDS:
            return Failure(NOT_TLS, f"it does not speak TLS; it says {_greeting(received)}")
        has_begun = True
        connection.bio_write(received)
    shown = Handshake(
        connection.get_protocol_version_name(),
        connection.get_cipher_name() or "",
        tuple(
            crypto.dump_certificate(crypto.FILETYPE_ASN1, each)
            for each in connection.get_peer_cert_chain() or ()
        ),
    )
    connection.shutdown()
    _send(connection, writer)
    return shown


@cache
def _offer() -> SSL.Context:
    """Return what we offer: all that OpenSSL can with certificates, for an old server is to be seen."""
    context = SSL.Context(SSL.TLS_METHOD)
    context.set_min_proto_version(SSL.TLS1_VERSION)
    context.set_cipher_list(b"ALL:COMPLEMENTOFALL:!aNULL:@SECLEVEL=0")
    context.set_options(SSL.OP_LEGACY_SERVER_CONNECT)
    return context


def _send(connection: SSL.Connection, writer: asyncio.StreamWriter) -> None:
    """Hand what OpenSSL wants to say to the connection."""
    with suppress(SSL.WantReadError):
        while True:
            writer.write(connection.bio_read(MOST_READ))


def _reason(error: SSL.Error) -> str:
    """Return the reasons that OpenSSL gives."""
    queue = error.args[0] if error.args and isinstance(error.args[0], list) else []
    return ", ".join(dict.fromkeys(str(each[-1]) for each in queue if each[-1])) or "no reason is given"


def _greeting(received: bytes) -> str:
    """Return the beginning of its first line, safe to show."""
    return quoted(received.partition(b"\n")[0].decode("latin-1").strip()[:LONGEST_GREETING])
