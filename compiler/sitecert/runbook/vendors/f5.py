"""F5 BIG-IP, by tmsh from its shell (docs/facts.md, load balancers)."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import Constant, Step, Turn
from sitecert.model.site import Server, Site
from sitecert.runbook.places import certified
from sitecert.runbook.vendors.vendor import (
    VendorRunbook,
    look,
    named_object,
    object_name,
    prove_by_hand,
    sheet_constants,
)

FILES = ("leaf.crt", "chain.crt")
_PROFILE = 'tmsh modify ltm profile client-ssl "$PROFILE" cert-key-chain replace-all-with'


def _constants(site: Site, generation: Generation) -> tuple[Constant, ...]:
    return (
        Constant("OBJECT", object_name(site, generation), "the new key and certificate on the BIG-IP"),
        Constant("PROFILE", named_object(site, "fill-in"), "the client-ssl profile of the virtual server"),
        Constant("OLD_CERT", "fill-in", "the certificate, as the profile names it before the change"),
        Constant("OLD_KEY", "fill-in", "the key, likewise"),
        Constant("OLD_CHAIN", "fill-in", "the chain, likewise"),
        *sheet_constants(generation, *FILES),
    )


def _steps(site: Site, generation: Generation) -> tuple[Step, ...]:
    has_chain = bool(certified(generation).chain_pem)
    return (
        _check_files(has_chain=has_chain),
        OPEN_KEY,
        _note_before(site),
        _install_objects(has_chain=has_chain),
        _change_profile(has_chain=has_chain),
        prove_by_hand(site, generation),
        SAVE,
    )


_SPKI = "sed '/^-----/d' | openssl base64 -d | sha256sum | grep \"$KEY_SPKI\""


def _check_files(*, has_chain: bool) -> Step:
    chain = ('echo "$CHAIN_CRT  chain.crt" | sha256sum -c',) if has_chain else ()
    return Step(
        id="check_files",
        title="Check the files",
        why="Copy the pack to a folder of its own under /var/tmp and work there as root. Each file must be"
        " OK, and the last line must print the digest of the certificate's public key.",
        article="",
        do=('echo "$LEAF_CRT  leaf.crt" | sha256sum -c', *chain),
        check=(f"openssl x509 -noout -pubkey -in leaf.crt | {_SPKI}",),
        undo=(),
        impact="",
    )


OPEN_KEY = Step(
    id="open_key",
    title="Open the key",
    why="openssl asks for the passphrase. The check must print the digest of the same public key.",
    article="",
    do=("umask 077", "openssl pkcs8 -topk8 -nocrypt -in server.key -out open.key"),
    check=(f"openssl rsa -in open.key -pubout | {_SPKI}",),
    undo=("rm -f open.key",),
    impact="",
)


def _note_before(site: Site) -> Step:
    """Return the step whose undo comes after the objects': what clients see again, and saving it."""
    return Step(
        id="note_before",
        title="Note what the profile names now",
        why="Backing out names these objects again: write them into OLD_CERT, OLD_KEY and OLD_CHAIN, and "
        "note the fingerprint that clients are shown.",
        article="7",
        do=('tmsh list ltm profile client-ssl "$PROFILE" cert-key-chain', look(site)),
        check=(),
        undo=(look(site), "tmsh save sys config"),
        impact="",
    )


def _install_objects(*, has_chain: bool) -> Step:
    chain = ('tmsh install sys crypto cert "$OBJECT-chain" from-local-file "$PWD/chain.crt"',)
    delete_chain = ('tmsh delete sys crypto cert "$OBJECT-chain"',)
    return Step(
        id="install_objects",
        title="Install key, certificate and chain under new names",
        why="New names leave the objects in service untouched: a key and a certificate of the same name can "
        "not be replaced one after the other.",
        article="8, 9",
        do=(
            'tmsh install sys crypto key "$OBJECT" from-local-file "$PWD/open.key"',
            'tmsh install sys crypto cert "$OBJECT" from-local-file "$PWD/leaf.crt"',
            *(chain if has_chain else ()),
        ),
        check=('tmsh list sys crypto cert "$OBJECT"',),
        undo=(
            'tmsh delete sys crypto cert "$OBJECT"',
            'tmsh delete sys crypto key "$OBJECT"',
            *(delete_chain if has_chain else ()),
        ),
        impact="",
    )


def _change_profile(*, has_chain: bool) -> Step:
    chain = ' chain "$OBJECT-chain"' if has_chain else ""
    return Step(
        id="change_profile",
        title="Name the new objects in the profile",
        why="A wrong chain is not refused: the BIG-IP then sends none. Leave the chain out of the undo where "
        "the profile named none.",
        article="10",
        do=(f'{_PROFILE} {{ default {{ cert "$OBJECT" key "$OBJECT"{chain} }} }}',),
        check=('tmsh list ltm profile client-ssl "$PROFILE" cert-key-chain',),
        undo=(f'{_PROFILE} {{ default {{ cert "$OLD_CERT" key "$OLD_KEY" chain "$OLD_CHAIN" }} }}',),
        impact="New connections see the new certificate; those that stand go on.",
    )


SAVE = Step(
    id="save",
    title="Save, synchronise, remove the key file",
    why="What is not saved is gone after a restart. Where there is a device group, synchronise it as well: "
    "tmsh run cm config-sync to-group, with the group's name.",
    article="",
    do=("tmsh save sys config", "rm -f open.key"),
    check=(),
    undo=(),
    impact="",
)


def _turn(server: Server) -> Turn:
    pools = {"POOL": server.https_port, **({"ORDS_POOL": server.ords_port} if server.ords else {})}
    change = f"tmsh modify ltm pool %s members modify {{ {server.name}:%d {{ session user-%s }} }}"
    show = "tmsh show ltm pool %s members"
    return Turn(
        server.name,
        why=f"Put {' and '.join(pools)}, and the members, as they are named. Drained, a member takes no new"
        " session; wait until it has no current connection.",
        drain=tuple(
            line for pool in pools for line in (change % (pool, pools[pool], "disabled"), show % pool)
        ),
        enable=tuple(
            line for pool in pools for line in (change % (pool, pools[pool], "enabled"), show % pool)
        ),
    )


F5 = VendorRunbook(FILES, _steps, _constants, _turn)
