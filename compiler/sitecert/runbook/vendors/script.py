"""The steps that the load balancers with a script have in common."""

from __future__ import annotations

from sitecert.model.runbook import Step


def record_before(certificate: str, reload: str) -> Step:
    """Return the step whose undo comes last: files are restored before the service is reloaded."""
    return Step(
        id="record_before",
        title="Record what is served now",
        why="Backing out is proved by the certificate that was served before, if one was.",
        article="",
        do=(f'record_before balancer "$HTTPS_PORT" "{certificate}"',),
        check=(),
        undo=(f'serve_as_before balancer "$HTTPS_PORT" "$PROVE_SECONDS" reload {reload}',),
        impact="",
    )


def reload_step(product: str, command: str) -> Step:
    """Return the step that makes a load balancer read its files again."""
    return Step(
        id="reload",
        title=f"Reload {product}",
        why="Connections that stand go on; new ones see the new certificate.",
        article="10",
        do=(command,),
        check=(),
        undo=(),
        impact="None is expected: a reload keeps connections.",
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
