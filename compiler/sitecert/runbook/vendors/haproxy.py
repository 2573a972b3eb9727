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
RELOAD = "systemctl reload haproxy.service"


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
        record_before("$LIVE_PEM", RELOAD),
        PLACE_PEM,
        CHECK_CONFIGURATION,
        reload_step("HAProxy", RELOAD),
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
    why="HAProxy reads them from one file, the certificate before its chain.",
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
    ask = "socat - UNIX-CONNECT:/run/haproxy/admin.sock"
    return Turn(
        server.name,
        why="Put BACKEND and the server as the configuration names them. Drained, a server takes no new"
        " connection; wait until the last two numbers of its line (used connections) are 0.",
        drain=(
            f'echo "set server BACKEND/{server.name} state drain" | {ask}',
            f'echo "show servers conn BACKEND" | {ask}',
        ),
        enable=(
            f'echo "set server BACKEND/{server.name} state ready" | {ask}',
            f'echo "show servers state BACKEND" | {ask}',
        ),
    )


HAPROXY = VendorRunbook(FILES, _steps, _constants, _turn)
