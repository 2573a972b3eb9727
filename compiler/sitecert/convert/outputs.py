"""What is written: the bytes of each form, in canonical order and shape."""

from __future__ import annotations

from cryptography.hazmat.primitives.serialization import Encoding

from sitecert.convert.choice import Choice
from sitecert.convert.wish import Target, Wish
from sitecert.pki.certificates import canonical_pem, certificate_facts
from sitecert.pki.errors import CertificateError
from sitecert.pki.formats.pfx_writing import write_pfx
from sitecert.pki.formats.writing import write_key, write_p7b

CERTIFICATE, AUTHORITIES, PRIVATE_KEY = "certificate.cer", "CACert.cer", "privateKey.key"
"""The files of a split, as kb39324 names them ("PKCS#12/PFX Format")."""

NAMELESS = "server"


def write_target(choice: Choice, wish: Wish, passphrase: str | None) -> bytes:
    """Return the content of the one file that is wished for.

    A key goes out under the passphrase, or in the clear where there is none; a PFX has one.
    """
    if wish.target is Target.PFX and choice.key is not None and passphrase is not None:
        name = alias_of(choice, wish)
        return write_pfx(choice.key, choice.certificates, name, passphrase, wish.compatibility)
    if wish.target is Target.P7B:
        return write_p7b(choice.certificates, wish.encoding)
    if wish.target is Target.DER and choice.certificates:
        return choice.certificates[0].public_bytes(Encoding.DER)
    if wish.target is Target.DER and choice.key is not None:
        return write_key(choice.key, passphrase, Encoding.DER)
    key = b"" if choice.key is None else write_key(choice.key, passphrase, Encoding.PEM)
    return canonical_pem(*choice.certificates) + key


def write_parts(choice: Choice, passphrase: str | None) -> dict[str, bytes]:
    """Return the files of a split: the certificate, those of its CAs and the key, as far as there are any."""
    leaf, *chain = choice.certificates
    parts = {CERTIFICATE: canonical_pem(leaf)}
    if chain:
        parts[AUTHORITIES] = canonical_pem(*chain)
    if choice.key is not None:
        parts[PRIVATE_KEY] = write_key(choice.key, passphrase, Encoding.PEM)
    return parts


def alias_of(choice: Choice, wish: Wish) -> str:
    """Return the friendly name in a PFX: the one that is wished for, else the certificate's common name."""
    if wish.alias:
        return wish.alias
    try:
        return certificate_facts(choice.certificates[0]).common_name or NAMELESS
    except CertificateError:
        return NAMELESS
