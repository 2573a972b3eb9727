"""The steps that only look: at what was brought, and at whether it serves."""

from __future__ import annotations

from collections.abc import Sequence

from sitecert.model.runbook import Step


def check_pack(
    live: Sequence[str], backed_up: Sequence[str], *, has_chain: bool, key: str = "opened with its passphrase"
) -> Step:
    """Return the step that refuses anything but the approved files.

    `live` are the files to be replaced and `backed_up` what is backed up before, as shell words without
    their quotes; `has_chain` says whether the pack has a `chain.crt` of its own; `key` where the key is
    and how it is opened, in words.
    """
    folders = dict.fromkeys(path.rpartition("/")[0] for path in live if "/" in path)
    room = " ".join(f'"{path}"' for path in backed_up)
    digests = (
        'need_digest "$PACK/server.crt" "$SERVER_CRT"',
        *(('need_digest "$PACK/chain.crt" "$CHAIN_CRT"',) if has_chain else ()),
    )
    return Step(
        id="check_pack",
        title="Check what was brought",
        why="Nothing is touched unless the files are the approved ones, the certificate is valid now and for "
        "the names that were asked for, its chain is complete and in order, nothing else is in the file, "
        f"the key ({key}) belongs to the certificate, and there is room for the backup.",
        article="",
        do=(
            *(f'need_place "{path}"' for path in live),
            *(f'need_folder "{folder}"' for folder in folders),
            *digests,
            'need_valid_now "$NOT_BEFORE" "$NOT_AFTER"',
            f"need_room {room}",
        ),
        check=(
            'need_canonical "$PACK/server.crt" "$SERVER_CRT"',
            'need_names "$PACK/server.crt" "$ALTERNATIVE_NAMES"',
            'need_chain "$PACK/server.crt"',
            'equal "$(certificate_spki <"$PACK/server.crt")" "$KEY_SPKI"',
            'equal "$(open_key | key_spki)" "$KEY_SPKI"',
        ),
        undo=(),
        impact="",
        only_looks=True,
    )


REHEARSE = Step(
    id="rehearse",
    title="Rehearse",
    why="A throw-away TLS server with the new key and certificate answers on this host's own address, and "
    "a handshake must show the new certificate. A pair that does not work is found here, not in service.",
    article="",
    do=('rehearse "$PACK/server.crt"',),
    check=(),
    undo=(),
    impact="",
    only_looks=True,
)
