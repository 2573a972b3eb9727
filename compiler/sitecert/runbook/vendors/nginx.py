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
RELOAD = "systemctl reload nginx.service"


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
        record_before("$LIVE_CRT", RELOAD),
        PLACE_KEY,
        PLACE_CERTIFICATE,
        CHECK_CONFIGURATION,
        reload_step("nginx", RELOAD),
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
    line = f"server {server.name}:{server.https_port}"
    return Turn(
        server.name,
        why=f"In the upstream block, write `{line} down;` to drain and `{line};` to enable, then reload."
        " Connections that stand are kept.",
        drain=("nginx -t && systemctl reload nginx.service",),
        enable=("nginx -t && systemctl reload nginx.service",),
    )


NGINX = VendorRunbook(FILES, _steps, _constants, _turn)
