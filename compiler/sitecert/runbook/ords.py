"""The steps for ORDS, which runs beside Apache from version 8.1 on (kb39324 steps 9 and 11)."""

from __future__ import annotations

from sitecert.model.runbook import Step
from sitecert.model.suite import ServiceManager

ORDS_SECONDS = 120
"""How long a proof waits. ORDS was seen to need 8 s (kb39324 step 11); a loaded server needs longer."""

RESTART_ORDS = {
    ServiceManager.SYSV: "service ords-standalone restart",
    ServiceManager.SYSTEMD: "systemctl restart ords-standalone.service",
}

TO_DER = 'openssl pkcs8 -topk8 -inform PEM -outform DER -in "$KEY_DIR/server.key" -nocrypt'

PLACE_DER = Step(
    id="place_der",
    title="Place the key in the form that ORDS reads",
    why="ORDS reads PKCS#8: from server.der, or by newer instructions from server.key, which is PKCS#8, too. "
    "A server.der of the old key would break it.",
    article="9",
    do=(
        f'{TO_DER} | write_beside "$KEY_DIR/server.der"',
        'equal "$(der_to_pem "$KEY_DIR/server.der$NEW" | key_spki)" "$KEY_SPKI"',
        'put_in_place "$KEY_DIR/server.der" "$KEY_DIR/server.key" 0640',
    ),
    check=(
        'equal "$(der_to_pem "$KEY_DIR/server.der" | key_spki)" "$KEY_SPKI"',
        'ords_can_read "$KEY_DIR/server.der"',
    ),
    undo=('put_back "$KEY_DIR/server.der"',),
    impact="",
)


def ords_steps(manager: ServiceManager) -> tuple[Step, ...]:
    """Return the steps that restart ORDS, wait for it and prove what it serves."""
    restart = Step(
        id="restart_ords",
        title="Restart ORDS",
        why="ORDS reads key and certificate only when it starts.",
        article="11",
        do=(*_MARKS[manager], RESTART_ORDS[manager]),
        check=(),
        undo=(),
        impact="APEX applications do not answer for up to a minute.",
    )
    return (restart, *_WAITS[manager], PROVE_ORDS)


WAIT_FOR_ORDS = Step(
    id="wait_for_ords",
    title="Wait until ORDS is ready",
    why="A restart that returned is not a service that answers; lines of earlier starts do not count.",
    article="11",
    do=('wait_ready ords-standalone.service "Ords Standalone is ready" "$ORDS_PORT" "$ORDS_SECONDS"',),
    check=(),
    undo=(),
    impact="",
)
_MARKS = {ServiceManager.SYSV: (), ServiceManager.SYSTEMD: ("mark_journal ords-standalone.service",)}
_WAITS = {ServiceManager.SYSV: (), ServiceManager.SYSTEMD: (WAIT_FOR_ORDS,)}

PROVE_ORDS = Step(
    id="prove_ords",
    title="Prove what ORDS serves",
    why="ORDS was seen to say that it is ready with a key that is not the certificate's.",
    article="12",
    do=('prove_served "$ORDS_PORT" "$ORDS_SECONDS"',),
    check=(),
    undo=(),
    impact="",
)
