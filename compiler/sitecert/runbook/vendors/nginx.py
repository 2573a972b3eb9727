"""nginx: certificate with chain in one file, key in another, checked by nginx itself before it reloads."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import Constant, Step, Turn
from sitecert.model.site import Server, Site
from sitecert.runbook.pack import REHEARSE, check_pack
from sitecert.runbook.vendors.script import finish, prove, record_before, reload_step
from sitecert.runbook.vendors.vendor import VendorRunbook, file_stem, script_constants

FILES = ("server.crt",)
LIVE = ("$LIVE_CRT", "$LIVE_KEY")
UNIT = "nginx.service"


def _constants(site: Site, generation: Generation) -> tuple[Constant, ...]:
    stem = f"/etc/nginx/ssl/{file_stem(site)}"
    return (
        *script_constants(site, generation, *FILES),
        Constant("LIVE_CRT", f"{stem}.crt", "what ssl_certificate names"),
        Constant("LIVE_KEY", f"{stem}.key", "what ssl_certificate_key names"),
    )


def _steps(site: Site, generation: Generation) -> tuple[Step, ...]:
    del site, generation
    return (
        check_pack(LIVE, LIVE, has_chain=False),
        REHEARSE,
        BACK_UP,
        record_before("$LIVE_CRT", UNIT),
        PLACE_KEY,
        PLACE_CERTIFICATE,
        CHECK_CONFIGURATION,
        reload_step("nginx", UNIT),
        prove(),
        finish(
            'equal "$(sha256_of "$LIVE_CRT")" "$SERVER_CRT"', 'equal "$(key_spki <"$LIVE_KEY")" "$KEY_SPKI"'
        ),
    )


BACK_UP = Step(
    id="back_up",
    title="Back up both files",
    why="The backup is what every undo restores; it is on the disk before the first live file changes.",
    article="7",
    do=('back_up "$LIVE_CRT" "$LIVE_KEY"',),
    check=("backup_is_whole",),
    undo=(),
    impact="",
)

PLACE_KEY = Step(
    id="place_key",
    title="Place the private key",
    why="The running nginx keeps the old one in memory until it is reloaded.",
    article="8",
    do=(
        'open_key | write_beside "$LIVE_KEY"',
        'equal "$(key_spki <"$LIVE_KEY$NEW")" "$KEY_SPKI"',
        'put_in_place "$LIVE_KEY" "$LIVE_KEY" 0600',
    ),
    check=('equal "$(key_spki <"$LIVE_KEY")" "$KEY_SPKI"',),
    undo=('put_back "$LIVE_KEY"',),
    impact="",
)

PLACE_CERTIFICATE = Step(
    id="place_certificate",
    title="Place the certificate",
    why="The certificate is followed by its chain in one file.",
    article="9",
    do=(
        'write_beside "$LIVE_CRT" <"$PACK/server.crt"',
        'equal "$(sha256_of "$LIVE_CRT$NEW")" "$SERVER_CRT"',
        'put_in_place "$LIVE_CRT" "$LIVE_CRT" 0644',
    ),
    check=('equal "$(sha256_of "$LIVE_CRT")" "$SERVER_CRT"',),
    undo=('put_back "$LIVE_CRT"',),
    impact="",
)

CHECK_CONFIGURATION = Step(
    id="check_configuration",
    title="Let nginx check its configuration",
    why="nginx finds a key that is not the certificate's before it reloads.",
    article="",
    do=("nginx -t",),
    check=(),
    undo=(),
    impact="",
)


def _turn(server: Server) -> Turn:
    ports = (server.https_port, server.ords_port) if server.ords else (server.https_port,)
    lines = [f"# server {server.name}:{port}" for port in ports]
    reload = f"nginx -t && systemctl reload {UNIT}"
    # The reload returns before it is done: for a moment old workers go on taking connections.
    workers = "pgrep -f 'nginx: worker process$'"
    return Turn(
        server.name,
        why="The first lines are how the upstream blocks name the server, with what else stands there. "
        "Drained, a server takes no new connection, and those that stand are kept: wait until all of the "
        "workers, which are listed twice, are others than before the reload, and the last command shows no "
        "connection.",
        drain=(
            *(f"{line} down;" for line in lines),
            workers,
            reload,
            workers,
            f"ss -Htn state established dst {server.name}",
        ),
        enable=(*(f"{line};" for line in lines), reload),
    )


NGINX = VendorRunbook(FILES, _steps, _constants, _turn)
