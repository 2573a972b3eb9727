"""A server, or a pair of them, to try things on by hand: `make smartsuite VERSION=8.1`.

python -m smartsuite [VERSION] [haproxy|nginx] [--terminates] [--userland RELEASE]
"""

from __future__ import annotations

import argparse
import os
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

from sitecert.model.site import Vendor
from sitecert.suite import Undecided, traits_of
from smartsuite import Computer, Machine, Pair, UnobtainableError, userland, what_is_missing
from smartsuite.balancer import PROGRAMS
from support.runbooks import NAMES, a_generation
from support.sites import a_site_on

OLD, NEW = a_generation(1), a_generation(2)
# A terminal of the server's own, so that Ctrl-C and jobs work there.
SHELL = ("script", "--quiet", "--command", "exec sh", "/dev/null")
TRY = """\
It serves generation 1; the pack of generation 2 lies in /root/pack. Try:

    sh /root/pack/install.sh check --passphrase-file /root/passphrase
    sh /root/pack/install.sh apply --passphrase-file /root/passphrase
    openssl s_client -connect 127.0.0.1:443 -servername {name} </dev/null
"""
TRY_PAIR = """\
This shell is the client's: your computer's programs in the network of the pair. Both servers serve
generation 1; the pack of generation 2 lies in /root/pack of each. Try:

    openssl s_client -connect {name}:443 </dev/null
"""


def main(arguments: list[str]) -> None:
    """Boot what was asked for, give a shell in it, and leave nothing."""
    parser = argparse.ArgumentParser(prog="smartsuite", description=__doc__)
    parser.add_argument("version", nargs="?", default="8.1", help="5.x, 7.x, 8.0-1, 8.1, 8.10 or another")
    parser.add_argument("pair", nargs="?", choices=sorted(PROGRAMS), help="two servers behind this")
    parser.add_argument("--terminates", action="store_true", help="the load balancer ends TLS itself")
    parser.add_argument("--userland", metavar="RELEASE", help="bullseye, trixie: the programs of that Debian")
    options = parser.parse_args(arguments)
    verdict = traits_of(options.version)
    if isinstance(verdict, Undecided):
        parser.exit(3, f"smartsuite: {options.version} {verdict.reason}\n")
    missing = what_is_missing()
    if missing:
        sys.exit(missing)
    # A terminal that is closed ends the block below as an exit does.
    for number in (signal.SIGHUP, signal.SIGTERM):
        signal.signal(number, lambda number, _: sys.exit(128 + number))
    with tempfile.TemporaryDirectory(prefix="smartsuite-") as folder:
        if options.pair:
            _pair(Path(folder), options.version, Vendor(options.pair), terminates=options.terminates)
        else:
            _server(Path(folder), options.version, options.userland)


def _server(folder: Path, version: str, release: str | None) -> None:
    try:
        tree = userland(release) if release else None
    except UnobtainableError as error:
        sys.exit(str(error))
    with Machine(folder, version, userland=tree) as server:
        server.put_in_service(OLD)
        server.bring(a_site_on(version), NEW)
        _say(TRY.format(name=NAMES[0]))
        subprocess.run(server.command(*SHELL, env=_terminal()), check=False)


def _pair(folder: Path, version: str, vendor: Vendor, *, terminates: bool) -> None:
    with Pair(folder, version, vendor, terminates=terminates) as pair:
        pair.put_in_service(OLD)
        for server in pair.servers:
            server.bring(pair.site, NEW)
        if terminates:
            pair.balancer.bring(pair.site, NEW)
        doors = [_door(computer) for computer in (*pair.servers, pair.balancer)]
        _say(TRY_PAIR.format(name=NAMES[0]) + "".join(doors))
        subprocess.run(pair.client_command("sh"), check=False)


def _door(computer: Computer) -> str:
    return f"    nsenter --target={computer.processes[0]} --all sh -l    # {computer.name}\n"


def _say(text: str) -> None:
    sys.stdout.write(f"\n{text}\n")
    sys.stdout.flush()


def _terminal() -> dict[str, str]:
    return {"TERM": os.environ.get("TERM", "dumb")}


if __name__ == "__main__":
    main(sys.argv[1:])
