"""Passwords that protect nothing, because everybody tries them first."""

from __future__ import annotations

COMMON_PASSWORDS = (
    "",
    "changeit",  # Java's own example, and the password of its trust store
    "changeme",
    "password",
    "Password1",
    "passw0rd",
    "secret",
    "123456",
    "12345678",
    "1234",
    "test",
    "admin",
    "root",
    "server",
    "keystore",
    "oracle",
    "amcom",
    "spok",
    "apache",
    "welcome1",
)
