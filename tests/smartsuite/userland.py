"""Userlands of other systems: the programs that a runbook finds on an older or a newer server."""

from __future__ import annotations

import os
import shutil
import subprocess
from pathlib import Path

from smartsuite.cache import made_once

PACKAGES = ("systemd", "openssl")
"""What is installed besides the packages that every system has."""

NEEDLESS = ("usr/share/doc", "usr/share/man", "usr/share/locale", "var/cache/apt", "var/lib/apt/lists")


class UnobtainableError(Exception):
    """There is no such userland to be had here; the text says why."""


def userland(release: str) -> Path:
    """Return the tree of a Debian release (`bullseye`, `trixie`), made by debootstrap the first time.

    It comes from the mirror that the host's own packages come from. Raises UnobtainableError.
    """
    return made_once(f"userland-{release}", lambda folder: _debootstrap(release, folder)) / "tree"


def _debootstrap(release: str, folder: Path) -> None:
    command = ["debootstrap", "--variant=minbase", f"--include={','.join(PACKAGES)}", release]
    tree = folder / "tree"
    try:
        subprocess.run(
            [*command, str(tree), mirror()],
            env={**os.environ, **_proxies()},
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            check=True,
        )
    except FileNotFoundError as error:
        raise UnobtainableError("needs debootstrap: run `make system-packages`") from error
    except subprocess.CalledProcessError as error:
        last = "\n".join(error.stdout.splitlines()[-3:])
        raise UnobtainableError(f"debootstrap cannot make {release}: {last}") from error
    for path in NEEDLESS:
        shutil.rmtree(tree / path, ignore_errors=True)


def mirror() -> str:
    """Return the archive that the host's own release comes from."""
    shown = subprocess.run(
        [
            "apt-get",
            "indextargets",
            "--format",
            "$(RELEASE) $(COMPONENT) $(REPO_URI)",
            "Created-By: Packages",
        ],
        capture_output=True,
        text=True,
        check=True,
    )
    own = os_release()["VERSION_CODENAME"]
    for line in shown.stdout.splitlines():
        name, component, address = line.split()
        if (name, component) == (own, "main"):
            return address
    raise UnobtainableError(f"needs Debian's archive among apt's sources, for {own} main")


def os_release() -> dict[str, str]:
    """Return what the host's `/etc/os-release` says."""
    lines = Path("/etc/os-release").read_text().splitlines()
    return {key: value.strip('"') for key, _, value in (line.partition("=") for line in lines)}


def _proxies() -> dict[str, str]:
    """Return the proxies that apt is told, as the variables that debootstrap's wget reads."""
    found = {}
    for scheme in ("http", "https"):
        shown = subprocess.run(
            ["apt-config", "shell", "PROXY", f"Acquire::{scheme}::Proxy"],
            capture_output=True,
            text=True,
            check=True,
        )
        proxy = shown.stdout.partition("=")[2].strip().strip("'")
        if proxy and proxy != "DIRECT":
            found[f"{scheme}_proxy"] = proxy
    return found
