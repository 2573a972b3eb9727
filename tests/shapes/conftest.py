"""The repositories and the answers that all shapes are made of."""

from __future__ import annotations

from pathlib import Path

import pytest

from shapes.returned import Returned
from support.authority import Authority, rsa_key
from support.commands import SITE, answer, repository, sitecert

INTERNAL = SITE + "issuer: internal\n"


def _compiled(root: Path, text: str) -> Path:
    repository(root, park_nicollet=text)
    assert sitecert("-C", root, "compile").code == 0
    return root


@pytest.fixture(scope="session")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository that awaits a certificate; tests work on copies of it."""
    return _compiled(tmp_path_factory.mktemp("shapes") / "certs", INTERNAL)


@pytest.fixture(scope="session")
def returned(template: Path) -> Returned:
    """Return what our own authority issued for its request."""
    authority = Authority("shapes")
    return Returned(answer(template, authority, days=199), (authority.intermediate,), authority.root)


@pytest.fixture(scope="session")
def customers_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a repository whose customer makes the key."""
    return _compiled(tmp_path_factory.mktemp("customers") / "certs", INTERNAL + "key: {custody: customer}\n")


@pytest.fixture(scope="session")
def customers() -> Returned:
    """Return what a customer has who made the key."""
    authority, key = Authority("shapes"), rsa_key("shapes' customer")
    names = ["smartweb.parknicollet.com", "smartweb-dr.parknicollet.com"]
    leaf = authority.issue(key.public_key(), names, days=199)
    return Returned(leaf, (authority.intermediate,), authority.root, key)
