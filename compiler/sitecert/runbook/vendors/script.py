"""The steps that the load balancers with a script have in common."""

from __future__ import annotations

from sitecert.model.runbook import Step


def _reload(unit: str) -> str:
    """Return the command for new files; a service that is down, which cannot be reloaded, is started."""
    return f"systemctl reload-or-restart {unit}"


def record_before(certificate: str, unit: str) -> Step:
    """Return the step whose undo comes last: files are restored before the service is reloaded.

    A reload that fails, for there is no certificate any more, leaves the new one in the memory of a service
    that was down before: it is stopped.
    """
    return Step(
        id="record_before",
        title="Record what is served now",
        why="Backing out is proved by the certificate that was served before, if one was; a service that was "
        "down before is stopped again.",
        article="",
        do=(
            f'[ -e "$RUN/unit" ] || systemctl show -p ActiveState {unit} | write_down "$RUN/unit"',
            f'record_before balancer "$HTTPS_PORT" "{certificate}"',
        ),
        check=(),
        undo=(
            f'serve_as_before balancer "$HTTPS_PORT" "$PROVE_SECONDS" reload {_reload(unit)}',
            f"! grep -Eqsx 'ActiveState=(inactive|failed)' \"$RUN/unit\" || systemctl stop {unit}",
        ),
        impact="",
    )


def reload_step(product: str, unit: str) -> Step:
    """Return the step that makes a load balancer read its files again.

    A plain reload of HAProxy drops nothing, so its runtime API is not needed (docs/facts.md, load balancers).
    """
    return Step(
        id="reload",
        title=f"Reload {product}",
        why="New connections see the new certificate. What is under way goes on to its end; connections that "
        f"only wait are closed, and clients open new ones. If {product} is down it is started.",
        article="10",
        do=(_reload(unit),),
        check=(),
        undo=(),
        impact="None is expected: no connection is refused, no answer is broken off.",
    )


def prove() -> Step:
    """Return the step that compares the fingerprint that a handshake shows."""
    return Step(
        id="prove_served",
        title="Prove what is served",
        why="Only the fingerprint that a TLS handshake shows says which certificate is in service.",
        article="12",
        do=('prove_served "$HTTPS_PORT" "$PROVE_SECONDS"',),
        check=(),
        undo=(),
        impact="",
    )


def finish(*lines: str) -> Step:
    """Return the last step: what lies on the disk is what was proved."""
    return Step(
        id="finish",
        title="Finish",
        why="What lies on the disk is what was proved, so that the next reload serves it too. The backup "
        "stays for a rollback.",
        article="",
        do=lines,
        check=("backup_is_whole",),
        undo=(),
        impact="",
    )
