"""A network of its own: a network namespace of the kernel that lives as long as somebody holds it."""

from __future__ import annotations

import ctypes
import os
import socket
import ssl
import subprocess
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from typing import TypeVar

CLONE_NEWNET = 0x40000000  # linux/sched.h
BRIDGE = "bridge0"
SECONDS = 60
"""A server that has not answered after so long does not answer."""

_libc = ctypes.CDLL(None, use_errno=True)
_Result = TypeVar("_Result")


def _in_a_thread(function: Callable[[], _Result]) -> _Result:
    """Run in a thread of its own: a thread may be in another network than its process."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(function).result()


def _checked(answer: int) -> None:
    if answer != 0:
        raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _new_namespace() -> int:
    _checked(_libc.unshare(CLONE_NEWNET))
    return os.open("/proc/thread-self/ns/net", os.O_RDONLY | os.O_CLOEXEC)


def any_certificate() -> ssl.SSLContext:
    """Return the context of a client that takes any certificate, for it only wants to see it."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def fingerprint(connection: ssl.SSLSocket) -> str:
    """Return the SHA-256 of the certificate that was shown."""
    return sha256(connection.getpeercert(binary_form=True) or b"").hexdigest()


class Network:
    """A network with nothing but a loopback interface, until something else is put into it."""

    def __init__(self) -> None:
        """Make the namespace."""
        self._namespace = _in_a_thread(_new_namespace)
        self.run("ip", "link", "set", "lo", "up")

    @property
    def path(self) -> str:
        """Return the path by which programs find the namespace as long as this process lives."""
        return f"/proc/{os.getpid()}/fd/{self._namespace}"

    def bridge(self, address: str) -> None:
        """Be the network that others join, with an address (and its prefix length) in it."""
        self.run("ip", "link", "add", BRIDGE, "type", "bridge")
        self.run("ip", "address", "add", address, "dev", BRIDGE)
        self.run("ip", "link", "set", BRIDGE, "up")

    def join(self, bridge: Network, port: str, address: str) -> None:
        """Lay a cable to a bridge; `port` is a name for its end there, unlike all others."""
        end = ("ip", "link", "add", "eth0", "type", "veth", "peer", "name", port, "netns", bridge.path)
        self.run(*end)
        self.run("ip", "address", "add", address, "dev", "eth0")
        self.run("ip", "link", "set", "eth0", "up")
        bridge.run("ip", "link", "set", port, "master", BRIDGE, "up")

    def run(self, *command: str, env: dict[str, str] | None = None) -> subprocess.CompletedProcess[str]:
        """Run a program of the host in the network; raise CalledProcessError where it fails."""
        entering = ["nsenter", f"--net={self.path}", "--", *command]
        return subprocess.run(
            entering, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=True, env=env
        )

    def enter(self) -> None:
        """Put the thread that calls this into the network, for the rest of its life."""
        _checked(_libc.setns(self._namespace, CLONE_NEWNET))

    def connect(self, address: str, port: int) -> socket.socket:
        """Return a TCP connection that was made inside the network; raise OSError where there is none."""

        def connect() -> socket.socket:
            self.enter()
            return socket.create_connection((address, port), timeout=SECONDS)

        return _in_a_thread(connect)

    def served(self, address: str, port: int, name: str) -> str | None:
        """Return the SHA-256 of the certificate that is served for a name (SNI), or None where none is."""
        try:
            with (
                self.connect(address, port) as plain,
                any_certificate().wrap_socket(plain, server_hostname=name) as secure,
            ):
                return fingerprint(secure)
        except OSError:
            return None

    def close(self) -> None:
        """Let go of the namespace: the kernel drops it with its last process."""
        if self._namespace >= 0:
            os.close(self._namespace)
            self._namespace = -1
