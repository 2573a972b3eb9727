"""The runbook that makes key and request on the server itself (`custody: server`)."""

from __future__ import annotations

from sitecert.model.runbook import Constant, KeyDelivery, Payload, Runbook, Step
from sitecert.model.site import KeySecurity, Server, Site
from sitecert.runbook.places import origin

CIPHERS = {KeySecurity.STANDARD: "-des3", KeySecurity.HIGH: "-aes128"}
"""How the article's primary method protects the key file (kb39324 step 2)."""


def request_runbook(site: Site, server: Server, config_sha256: str) -> Runbook:
    """Return the steps that make key and request in a folder that only root can enter.

    `config_sha256` (hex) is the digest of `openssl.cnf`, which lies beside the script. With
    `key.passphrase` it is the article's primary method (kb39324 steps 2 to 5), else its alternate one.
    """
    is_primary = site.key.passphrase
    made = _primary_method(site.key.security) if is_primary else (MAKE_KEY_AND_REQUEST,)
    return Runbook(
        target=server.name,
        steps=(CHECK_PACK, MAKE_FOLDER, *made, CHECK_REQUEST, KEEP),
        payload=(Payload("openssl.cnf", config_sha256),),
        constants=(
            *origin(site, server.name, site.key.generation),
            Constant("KEY_BITS", str(site.key.bits), "the size of the RSA key"),
            Constant("OPENSSL_CNF", config_sha256, "SHA-256 of openssl.cnf"),
        ),
        key=KeyDelivery(forms=()),
    )


CHECK_PACK = Step(
    id="check_pack",
    title="Check what was brought",
    why="The settings are the approved ones.",
    article="",
    do=('need_digest "$PACK/openssl.cnf" "$OPENSSL_CNF"',),
    check=(),
    undo=(),
    impact="",
)

MAKE_FOLDER = Step(
    id="make_folder",
    title="Make a folder that only root can enter",
    why="The key never leaves it; install.sh finds it there. /tmp is neither private nor kept.",
    article="1",
    do=('mkdir -p "$FOLDER"', 'chmod 0700 "$STATE" "$FOLDER"', 'cd "$FOLDER"'),
    check=(),
    undo=(),
    impact="",
)

MAKE_KEY_AND_REQUEST = Step(
    id="make_request",
    title="Make the key and the request",
    why="The article's alternate method: one command, with every answer from the settings file.",
    article="Alternate Method 3",
    do=(
        (
            'openssl req -new -config "$PACK/openssl.cnf" -newkey "rsa:$KEY_BITS" -nodes -sha256'
            " -keyout server.key.new -out server.csr.new"
        ),
    ),
    check=(),
    undo=("rm -f server.key.new server.csr.new",),
    impact="",
)


def _primary_method(security: KeySecurity) -> tuple[Step, ...]:
    make_key = Step(
        id="make_key",
        title="Make the key, protected by a passphrase",
        why="The article's primary method.",
        article="2",
        do=(
            (
                f"tell_passphrase | openssl genrsa {CIPHERS[security]} -passout stdin"
                ' -out server.key.org "$KEY_BITS"'
            ),
        ),
        check=(),
        undo=("rm -f server.key.org",),
        impact="",
    )
    return (make_key, MAKE_REQUEST, STRIP_PASSPHRASE)


MAKE_REQUEST = Step(
    id="make_request",
    title="Make the request",
    why="Every answer comes from the settings file, none from a prompt.",
    article="3, 4",
    do=(
        (
            'tell_passphrase | openssl req -new -config "$PACK/openssl.cnf" -key server.key.org -passin stdin'
            " -sha256 -out server.csr.new"
        ),
    ),
    check=(),
    undo=("rm -f server.csr.new",),
    impact="",
)

STRIP_PASSPHRASE = Step(
    id="strip_passphrase",
    title="Remove the passphrase from the key",
    why="Apache cannot start unattended with a key that asks for one. The protected copy is not kept.",
    article="5",
    do=(
        "tell_passphrase | openssl rsa -in server.key.org -passin stdin -out server.key.new",
        "rm -f server.key.org",
    ),
    check=(),
    undo=("rm -f server.key.new server.key.org",),
    impact="",
)

CHECK_REQUEST = Step(
    id="check_request",
    title="Check the request",
    why="openssl's exit codes are not proof: the request must verify, and carry the public key of the key "
    "beside it.",
    article="",
    do=(
        "need_verified server.csr.new",
        'equal "$(request_spki <server.csr.new)" "$(key_spki <server.key.new)"',
    ),
    check=(),
    undo=(),
    impact="",
)

KEEP = Step(
    id="keep",
    title="Keep key and request",
    why="The key is in its place before the request is: a request that lies here always has its key.",
    article="6",
    do=(
        "chmod 0600 server.key.new",
        "durable server.key.new server.csr.new",
        "mv -f server.key.new server.key",
        "mv -f server.csr.new server.csr",
        "durable .",
    ),
    check=(),
    undo=(),
    impact="",
)
