"""The runbook that puts a certificate into service on a server (kb39324 steps 7 to 12)."""

from __future__ import annotations

from sitecert.model.certificate import IssuedCertificate
from sitecert.model.generation import Generation
from sitecert.model.runbook import PROTECTED, Constant, KeyDelivery, Runbook, Step
from sitecert.model.site import Custody, Server, Site
from sitecert.model.suite import ServiceManager
from sitecert.runbook.ords import ORDS_SECONDS, PLACE_DER, RESTART_ORDS, ords_steps
from sitecert.runbook.pack import REHEARSE, check_pack
from sitecert.runbook.places import (
    CERTIFICATES,
    HTTPD,
    KEYS,
    certificate_identity,
    certified,
    origin,
    payload,
    payload_digests,
)

ON_THE_SERVER = KeyDelivery(forms=())
"""How a key is delivered that was made where it is used."""

APACHE_SECONDS = 60
"""How long a proof waits."""

RESTART_APACHE = {
    ServiceManager.SYSV: "service amcom_httpd restart",
    ServiceManager.SYSTEMD: "systemctl restart amcom_httpd.service",
}


def install_runbook(site: Site, server: Server, generation: Generation) -> Runbook:
    """Return the ordered steps that install a generation's certificate on one server.

    Raises ValueError for a generation that has no certificate.
    """
    issued = certified(generation)
    manager = site.suite.service_manager
    has_chain = bool(issued.chain_pem)
    steps = (
        _check(site.key.custody, has_chain=has_chain, has_ords=server.ords),
        REHEARSE,
        BACK_UP,
        _record_before(server, manager),
        *((PLACE_CHAIN,) if has_chain else ()),
        _place_key(site.key.custody),
        *((PLACE_DER,) if server.ords else ()),
        _place_certificate(has_ords=server.ords),
        _restart_apache(manager),
        PROVE_APACHE,
        *(ords_steps(manager) if server.ords else ()),
        _finish(has_ords=server.ords),
    )
    return Runbook(
        target=server.name,
        steps=steps,
        payload=payload(issued, "server.crt", "chain.crt"),
        constants=_constants(site, server, generation.number, issued),
        key=ON_THE_SERVER if site.key.custody is Custody.SERVER else PROTECTED,
    )


def _constants(
    site: Site, server: Server, generation: int, issued: IssuedCertificate
) -> tuple[Constant, ...]:
    ords = (
        Constant("ORDS_PORT", str(server.ords_port), "where ORDS answers"),
        Constant("ORDS_SECONDS", str(ORDS_SECONDS), "how long to wait for ORDS"),
    )
    return (
        *origin(site, server.name, generation),
        Constant("HTTPD", HTTPD, "Apache's own program"),
        Constant("CRT_DIR", CERTIFICATES, "the live certificates"),
        Constant("KEY_DIR", KEYS, "the live private keys"),
        Constant("ADDRESSES", f"127.0.0.1 {server.name}", "where to knock, in this order"),
        Constant("HTTPS_PORT", str(server.https_port), "where Apache answers"),
        Constant("APACHE_SECONDS", str(APACHE_SECONDS), "how long to wait for Apache"),
        *(ords if server.ords else ()),
        *certificate_identity(issued),
        *payload_digests(issued, "server.crt", "chain.crt"),
    )


def _check(custody: Custody, *, has_chain: bool, has_ords: bool) -> Step:
    live = (
        "$KEY_DIR/server.key",
        *(("$KEY_DIR/server.der",) if has_ords else ()),
        "$CRT_DIR/server.crt",
        *(("$CRT_DIR/chain.crt",) if has_chain else ()),
    )
    key = "where request.sh left it" if custody is Custody.SERVER else "opened with its passphrase"
    return check_pack(live, ("$CRT_DIR", "$KEY_DIR"), has_chain=has_chain, key=key)


BACK_UP = Step(
    id="back_up",
    title="Back up both directories",
    why="The backup is what every undo restores; it is on the disk before the first live file changes.",
    article="7",
    do=('back_up "$CRT_DIR" "$KEY_DIR"',),
    check=("backup_is_whole",),
    undo=(),
    impact="",
)


def _record_before(server: Server, manager: ServiceManager) -> Step:
    """Return the step whose undo comes last: files are restored before services are restarted."""
    ords = (
        'record_before ords "$ORDS_PORT" "$CRT_DIR/server.crt"',
        f'serve_as_before ords "$ORDS_PORT" "$ORDS_SECONDS" restart_ords {RESTART_ORDS[manager]}',
    )
    apache_undo = (
        f'serve_as_before apache "$HTTPS_PORT" "$APACHE_SECONDS" restart_apache {RESTART_APACHE[manager]}'
    )
    return Step(
        id="record_before",
        title="Record what is served now",
        why="Backing out is proved by the certificate that was served before, if one was.",
        article="",
        do=(
            'record_before apache "$HTTPS_PORT" "$CRT_DIR/server.crt"',
            *(ords[:1] if server.ords else ()),
        ),
        check=(),
        undo=(apache_undo, *(ords[1:] if server.ords else ())),
        impact="",
    )


PLACE_CHAIN = Step(
    id="place_chain",
    title="Place the chain",
    why="Apache older than 2.4.8 sends its chain from the file that SSLCertificateChainFile names; this is "
    "where it can name it. Newer ones take the chain from server.crt.",
    article="9",
    do=(
        'write_beside "$CRT_DIR/chain.crt" <"$PACK/chain.crt"',
        'equal "$(sha256_of "$CRT_DIR/chain.crt$NEW")" "$CHAIN_CRT"',
        'put_in_place "$CRT_DIR/chain.crt" "$CRT_DIR/server.crt" 0644',
    ),
    check=('equal "$(sha256_of "$CRT_DIR/chain.crt")" "$CHAIN_CRT"',),
    undo=('put_back "$CRT_DIR/chain.crt"',),
    impact="",
)


def _place_key(custody: Custody) -> Step:
    source = (
        "It was made on this server by request.sh and has never left it."
        if custody is Custody.SERVER
        else "It is decrypted straight into a file that only root can read, beside the live one."
    )
    return Step(
        id="place_key",
        title="Place the private key",
        why=f"{source} The running server keeps the old one in memory until it is restarted.",
        article="8",
        do=(
            'open_key | write_beside "$KEY_DIR/server.key"',
            'equal "$(key_spki <"$KEY_DIR/server.key$NEW")" "$KEY_SPKI"',
            'put_in_place "$KEY_DIR/server.key" "$KEY_DIR/server.key" 0640',
        ),
        check=('equal "$(key_spki <"$KEY_DIR/server.key")" "$KEY_SPKI"',),
        undo=('put_back "$KEY_DIR/server.key"',),
        impact="",
    )


def _place_certificate(*, has_ords: bool) -> Step:
    return Step(
        id="place_certificate",
        title="Place the certificate",
        why="server.crt holds the certificate followed by its chain, in PEM and without a private key. Until "
        "it is in place, the disk holds the new key beside the old certificate. Running services do not look;"
        " a reboot in this instant would start them with a pair that does not match, and apply or rollback "
        "repairs that.",
        article="9",
        do=(
            'write_beside "$CRT_DIR/server.crt" <"$PACK/server.crt"',
            'equal "$(sha256_of "$CRT_DIR/server.crt$NEW")" "$SERVER_CRT"',
            'put_in_place "$CRT_DIR/server.crt" "$CRT_DIR/server.crt" 0644',
        ),
        check=(
            'equal "$(sha256_of "$CRT_DIR/server.crt")" "$SERVER_CRT"',
            *(('ords_can_read "$CRT_DIR/server.crt"',) if has_ords else ()),
        ),
        undo=('put_back "$CRT_DIR/server.crt"',),
        impact="",
    )


def _restart_apache(manager: ServiceManager) -> Step:
    return Step(
        id="restart_apache",
        title="Restart Apache",
        why="Apache reads key and certificate only when it starts.",
        article="10",
        do=(RESTART_APACHE[manager],),
        check=(),
        undo=(),
        impact="Smart Suite's web pages do not answer for some seconds.",
    )


PROVE_APACHE = Step(
    id="prove_apache",
    title="Prove what Apache serves",
    why="Only the fingerprint that a TLS handshake shows says which certificate is in service; exit codes "
    "and configuration tests were seen to say yes to a broken server.",
    article="12",
    do=('prove_served "$HTTPS_PORT" "$APACHE_SECONDS"',),
    check=(),
    undo=(),
    impact="",
)


def _finish(*, has_ords: bool) -> Step:
    der = ('equal "$(der_to_pem "$KEY_DIR/server.der" | key_spki)" "$KEY_SPKI"',) if has_ords else ()
    return Step(
        id="finish",
        title="Finish",
        why="What lies on the disk is what was proved, so that the next restart serves it too. The backup "
        "stays for a rollback.",
        article="",
        do=(
            'equal "$(sha256_of "$CRT_DIR/server.crt")" "$SERVER_CRT"',
            'equal "$(key_spki <"$KEY_DIR/server.key")" "$KEY_SPKI"',
            *der,
        ),
        check=("backup_is_whole",),
        undo=(),
        impact="",
    )
