"""The files that OpenSSL tests its own PEM reader with, from Debian's source package."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import tarfile
from pathlib import Path

from smartsuite.cache import made_once
from smartsuite.userland import UnobtainableError, mirror, os_release

KEYRING = "/usr/share/keyrings/debian-archive-keyring.gpg"
RECIPE = "04-test_pem_reading"


def pem_reading() -> Path:
    """Return the folder with OpenSSL's `04-test_pem_reading.t` and its data, fetched by apt the first time.

    apt proves the package's signature. It takes no root: its lists and cache lie in the tests' own cache.
    Raises UnobtainableError.
    """
    if shutil.which("apt-get") is None or not Path(KEYRING).exists():
        raise UnobtainableError("needs apt-get and Debian's archive keyring for the source of openssl")
    return made_once(f"openssl-{RECIPE}", _fetch)


def expected() -> dict[str, bool]:
    """Return which files OpenSSL reads, by their names, as its own test says."""
    recipe = (pem_reading() / f"{RECIPE}.t").read_text()
    return {name: verdict == "1" for name, verdict in re.findall(r'"([\w.-]+\.pem)" => ([01])', recipe)}


def _fetch(folder: Path) -> None:
    sources = folder / "sources.list"
    codename = os_release()["VERSION_CODENAME"]
    sources.write_text(f"deb-src [signed-by={KEYRING}] {mirror()} {codename} main\n")
    (folder / "lists" / "partial").mkdir(parents=True)
    options = {
        "Dir::Etc::SourceList": sources,
        "Dir::Etc::SourceParts": "-",
        "Dir::State::Lists": folder / "lists",
        "Dir::Cache": folder / "cache",
        "APT::Sandbox::User": "",
    }
    command = ["apt-get", *(word for key, value in options.items() for word in ("-o", f"{key}={value}"))]
    for words in (["update"], ["source", "--download-only", "openssl"]):
        ran = subprocess.run(
            [*command, *words], cwd=folder, env=os.environ, capture_output=True, text=True, check=False
        )
        if ran.returncode != 0:
            raise UnobtainableError(f"apt-get {words[0]}: {ran.stderr.strip().splitlines()[-1:]}")
    archive = next(folder.glob("openssl_*.orig.tar.gz"))
    with tarfile.open(archive) as source:
        for member in source:
            if f"/{RECIPE}" in member.name and member.isreg() and (file := source.extractfile(member)):
                (folder / Path(member.name).name).write_bytes(file.read())
    for left in ("lists", "cache"):
        shutil.rmtree(folder / left, ignore_errors=True)
    archive.unlink()
