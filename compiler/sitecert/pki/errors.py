"""What this room says about input that it can not take."""

from __future__ import annotations


class PkiError(ValueError):
    """Wrong input; the text is a clause on one line that a user can read, and never holds a secret."""


class KeyMaterialError(PkiError):
    """A private key that can not be made, encrypted or opened."""


class RecipientError(PkiError):
    """A recipient that keys can not be encrypted to."""


class SecretGivenError(RecipientError):
    """A private key where a public one belongs: whoever reports this must not show the value."""


class PemError(PkiError):
    """Text that is not PEM, or not whole."""


class DerError(PkiError):
    """Bytes that are not DER."""


class ConfigurationTextError(PkiError):
    """A value that no OpenSSL configuration can hold."""


class RequestError(PkiError):
    """A certificate request that is not what sitecert asks for."""


class CertificateError(PkiError):
    """A certificate, or a set of them, that can not be used."""
