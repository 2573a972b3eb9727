"""NetScaler ADC, by its own command line, which knows no variables (docs/facts.md, load balancers)."""

from __future__ import annotations

from sitecert.model.generation import Generation
from sitecert.model.runbook import Step, Turn
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

FILES = ("server.crt",)
FOLDER = "/nsconfig/ssl"


def _steps(site: Site, generation: Generation) -> tuple[Step, ...]:
    name = object_name(site, generation)
    virtual_server = named_object(site, "VIRTUAL_SERVER")
    has_chain = bool(certified(generation).chain_pem)
    return (
        _copy_files(name),
        _open_key(name),
        _note_before(site, virtual_server),
        _add_pair(name, has_chain=has_chain),
        _bind_pair(name, virtual_server),
        prove_by_hand(site, generation),
        SAVE,
    )


def _copy_files(name: str) -> Step:
    return Step(
        id="copy_files",
        title="Copy the files",
        why=f"Copy server.crt of the pack to {FOLDER}/{name}.crt and server.key to {FOLDER}/{name}.protected."
        " The digest of the first is the one that SERVER_CRT names.",
        article="",
        do=(f"shell openssl sha256 {FOLDER}/{name}.crt",),
        check=(f"shell openssl x509 -noout -subject -enddate -in {FOLDER}/{name}.crt",),
        undo=(f"shell rm -f {FOLDER}/{name}.crt {FOLDER}/{name}.protected",),
        impact="",
    )


def _open_key(name: str) -> Step:
    return Step(
        id="open_key",
        title="Open the key",
        why="openssl asks for the passphrase. The folder belongs to nsroot alone.",
        article="",
        do=(
            f"shell openssl rsa -in {FOLDER}/{name}.protected -out {FOLDER}/{name}.key",
            f"shell chmod 600 {FOLDER}/{name}.key",
            f"shell rm -f {FOLDER}/{name}.protected",
        ),
        check=(),
        undo=(f"shell rm -f {FOLDER}/{name}.key",),
        impact="",
    )


def _note_before(site: Site, virtual_server: str) -> Step:
    """Return the step whose undo comes after the pair's: what clients see again, and saving it."""
    return Step(
        id="note_before",
        title="Note what the virtual server is bound to now",
        why="Backing out binds this pair again: it is called OLD_PAIR below. Where VIRTUAL_SERVER stands, put"
        " the virtual server's name. From a client, note the fingerprint that is shown now.",
        article="7",
        do=(f"show ssl vserver {virtual_server}", look(site)),
        check=(),
        undo=(look(site), "save ns config"),
        impact="",
    )


def _add_pair(name: str, *, has_chain: bool) -> Step:
    bundle = " -bundle YES" if has_chain else ""
    return Step(
        id="add_pair",
        title="Add the pair under a new name",
        why="The pair in service stays untouched. FIPS and cluster appliances know no -bundle: there, add "
        "each certificate of the chain and link it.",
        article="8, 9",
        do=(f"add ssl certKey {name} -cert {name}.crt -key {name}.key{bundle}",),
        check=(f"show ssl certKey {name}",),
        undo=(f"rm ssl certKey {name}",),
        impact="",
    )


def _bind_pair(name: str, virtual_server: str) -> Step:
    return Step(
        id="bind_pair",
        title="Bind the pair",
        why="Binding takes the place of the pair that is bound; unbinding first would take the virtual "
        "server down.",
        article="10",
        do=(f"bind ssl vserver {virtual_server} -certkeyName {name}",),
        check=(f"show ssl vserver {virtual_server}",),
        undo=(f"bind ssl vserver {virtual_server} -certkeyName OLD_PAIR",),
        impact="New connections see the new certificate.",
    )


SAVE = Step(
    id="save",
    title="Save",
    why="What is not saved is gone after a restart.",
    article="",
    do=("save ns config",),
    check=(),
    undo=(),
    impact="",
)


def _turn(server: Server) -> Turn:
    return Turn(
        server.name,
        why="Put the server as the appliance names it. Disabled gracefully it takes no new connection and"
        " keeps the old ones for up to 300 seconds.",
        drain=(f"disable server {server.name} 300 -graceFul YES", f"show server {server.name}"),
        enable=(f"enable server {server.name}", f"show server {server.name}"),
    )


NETSCALER = VendorRunbook(FILES, _steps, lambda _, generation: sheet_constants(generation, *FILES), _turn)
