"""The stand-in for ORDS, compiled once: a jar, and an archive of its classes that makes it start quickly."""

from __future__ import annotations

import subprocess
from hashlib import sha256
from pathlib import Path

from cryptography.hazmat.primitives import serialization

from smartsuite.cache import made_once
from support.authority import Authority, pem, rsa_key

FILES = Path(__file__).parent / "files"
SOURCE = FILES / "OrdsStandIn.java"
LIBRARIES = [
    f"/usr/share/java/{name}.jar"
    for name in ("jetty9-server", "jetty9-http", "jetty9-io", "jetty9-util", "servlet-api")
]
JAR, ARCHIVE = "ords.jar", "ords.jsa"
CLASSES = f"{JAR}:{':'.join(LIBRARIES)}"
# One compiler and one collector: a test's server lives for seconds.
JAVA = (
    f"-XX:SharedArchiveFile={ARCHIVE}",
    "-XX:TieredStopAtLevel=1",
    "-XX:+UseSerialGC",
    "-cp",
    CLASSES,
)


def ords() -> Path:
    """Return the folder with the jar and the archive, which fit the host's Java and Jetty."""
    version = subprocess.run(["java", "-version"], capture_output=True, check=True).stderr
    libraries = "".join(f"{Path(path).resolve()}{Path(path).stat().st_mtime_ns}" for path in LIBRARIES)
    made_of = version + libraries.encode() + SOURCE.read_bytes() + Path(__file__).read_bytes()
    return made_once(f"ords-{sha256(made_of).hexdigest()[:16]}", _compile)


def _compile(folder: Path) -> None:
    def run(*command: str) -> None:
        subprocess.run(command, cwd=folder, check=True, capture_output=True)

    run("javac", "-cp", ":".join(LIBRARIES), "-d", "classes", str(SOURCE))
    run("jar", "--create", "--file", JAR, "-C", "classes", ".")
    key = rsa_key("class archive")
    der = (serialization.Encoding.DER, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    (folder / "server.crt").write_bytes(pem(Authority().issue(key.public_key(), ["localhost"])))
    (folder / "server.der").write_bytes(key.private_bytes(*der))
    (folder / "properties").write_text("jetty.secure.port=0\nssl.cert=server.crt\nssl.cert.key=server.der\n")
    run("java", f"-XX:ArchiveClassesAtExit={ARCHIVE}", *JAVA[1:], "OrdsStandIn", "properties", "once")
