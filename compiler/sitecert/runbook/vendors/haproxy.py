"""HAProxy: one PEM of certificate, chain and key, checked by HAProxy itself before it reloads."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import Constant, Step, Turn
from sitecert.model.site import Server, Site
from sitecert.runbook.pack import REHEARSE, check_pack
from sitecert.runbook.vendors.script import finish, prove, record_before, reload_step
from sitecert.runbook.vendors.vendor import VendorRunbook, file_stem, script_constants

FILES = ("server.crt",)
LIVE = ("$LIVE_PEM",)
UNIT = "haproxy.service"
ASK = "socat - UNIX-CONNECT:/run/haproxy/admin.sock"
"""HAProxy's own command line, where Debian's configuration has its socket."""


def _constants(site: Site, generation: Generation) -> tuple[Constant, ...]:
    return (
        *script_constants(site, generation, *FILES),
        Constant("LIVE_PEM", f"/etc/haproxy/certs/{file_stem(site)}.pem", "what HAProxy reads"),
        Constant("CONFIGURATION", "/etc/haproxy/haproxy.cfg", "HAProxy's configuration"),
    )


def _steps(site: Site, generation: Generation) -> tuple[Step, ...]:
    del site, generation
    return (
        check_pack(LIVE, LIVE, has_chain=False),
        REHEARSE,
        BACK_UP,
        record_before("$LIVE_PEM", UNIT),
        PLACE_PEM,
        CHECK_CONFIGURATION,
        reload_step("HAProxy", UNIT),
        prove(),
        finish(
            'equal "$(fingerprint <"$LIVE_PEM")" "$FINGERPRINT"',
            'equal "$(key_spki <"$LIVE_PEM")" "$KEY_SPKI"',
        ),
    )


BACK_UP = Step(
    id="back_up",
    title="Back up the file",
    why="The backup is what every undo restores; it is on the disk before the live file changes.",
    article="7",
    do=('back_up "$LIVE_PEM"',),
    check=("backup_is_whole",),
    undo=(),
    impact="",
)

PLACE_PEM = Step(
    id="place_pem",
    title="Place certificate, chain and key",
    why="HAProxy reads them from one file, the certificate before its chain. Where it is told a folder it "
    "reads every file in it; what lies beside the live one for a moment has a name that it passes over.",
    article="8, 9",
    do=(
        '{ cat "$PACK/server.crt" && open_key; } | write_beside "$LIVE_PEM"',
        'equal "$(fingerprint <"$LIVE_PEM$NEW")" "$FINGERPRINT"',
        'equal "$(key_spki <"$LIVE_PEM$NEW")" "$KEY_SPKI"',
        'put_in_place "$LIVE_PEM" "$LIVE_PEM" 0600',
    ),
    check=(
        'equal "$(fingerprint <"$LIVE_PEM")" "$FINGERPRINT"',
        'equal "$(key_spki <"$LIVE_PEM")" "$KEY_SPKI"',
    ),
    undo=('put_back "$LIVE_PEM"',),
    impact="",
)

CHECK_CONFIGURATION = Step(
    id="check_configuration",
    title="Let HAProxy check its configuration",
    why="HAProxy finds a missing or a wrong key before it reloads; not a wrong order of the chain.",
    article="",
    do=('haproxy -c -f "$CONFIGURATION"',),
    check=(),
    undo=(),
    impact="",
)


def _turn(server: Server) -> Turn:
    backends = ("BACKEND", "ORDS_BACKEND") if server.ords else ("BACKEND",)
    state = f'echo "set server %s/{server.name} state %s" | {ASK}'
    # Not `show servers conn`: it counts no connection that is handed on as it is.
    show = f'echo "show stat %s 4 -1" | {ASK} | cut -d, -f1,2,5,18'
    return Turn(
        server.name,
        why=f"Put {' and '.join(backends)}, and the server, as the configuration names them; the socket is"
        " the stats socket with level admin. Setting a state answers nothing where it worked. Drained, a"
        " server takes no new connection, save from clients that stick to it: wait until its line ends in"
        " ,0,DRAIN. A reload of HAProxy forgets the drain.",
        drain=tuple(line for name in backends for line in (state % (name, "drain"), show % name)),
        enable=tuple(line for name in backends for line in (state % (name, "ready"), show % name)),
    )


HAPROXY = VendorRunbook(FILES, _steps, _constants, _turn)
