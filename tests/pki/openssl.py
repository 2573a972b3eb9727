"""The real openssl, as the tests ask it: configurations in, requests out."""

from __future__ import annotations

import os
import subprocess
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from cryptography.hazmat.primitives import serialization
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from sitecert.model.request import RequestContent
from sitecert.pki.openssl_config import openssl_config_view
from support.authority import rsa_key

TEMPLATES = Path(__file__).parents[2] / "templates"


def render_config(content: RequestContent) -> str:
    """Return `openssl.cnf` as emit renders it."""
    return _environment().get_template("openssl/openssl.cnf.j2").render(openssl_config_view(content))


def request_by_openssl(config: str, *, environment: dict[str, str] | None = None) -> bytes:
    """Return the PEM request that `openssl req` makes of a configuration with the tests' key."""
    with TemporaryDirectory() as folder:
        path, key = Path(folder, "openssl.cnf"), Path(folder, "server.key")
        path.write_bytes(config.encode())
        key.write_bytes(_key_pem())
        return openssl(
            "req", "-new", "-config", str(path), "-key", str(key), environment=environment or {}
        ).encode()


def openssl(*arguments: str, text: bytes = b"", environment: dict[str, str] | None = None) -> str:
    """Run openssl and return what it says on both streams; raises where it fails."""
    done = subprocess.run(
        ["openssl", *arguments],
        input=text,
        capture_output=True,
        check=False,
        env={"PATH": os.environ["PATH"], **(environment or {})},
    )
    assert done.returncode == 0, done.stderr.decode()
    return (done.stdout + done.stderr).decode(errors="replace")


@cache
def _environment() -> Environment:
    return Environment(  # noqa: S701 - a configuration file is no HTML
        loader=FileSystemLoader(TEMPLATES),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


@cache
def _key_pem() -> bytes:
    return rsa_key().private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
