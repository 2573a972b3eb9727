"""The package's schemas and templates, and those that a repository puts in their place."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from sitecert.load import data


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the data of an installed package with one template in each room."""
    folder = tmp_path / "package"
    files = {
        "schema/site.schema.json": "{}",
        "schema/problems.schema.json": "{}",
        "templates/openssl/openssl.cnf.j2": "openssl",
        "templates/runbook/install.sh.j2": "runbook",
        "templates/documents/change-control.md.j2": "package's",
        "templates/pages/index.html.j2": "pages",
        "templates/repository/Makefile": "all:\n",
        "templates/repository/.github/workflows/check.yml": "on: push\n",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text)
    monkeypatch.setattr(data, "_data_folder", lambda: folder)
    return folder


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """Return a repository without templates."""
    (tmp_path / "certs").mkdir()
    return tmp_path / "certs"


def override(root: Path, name: str, content: bytes = b"ours") -> None:
    """Put a template into a repository."""
    (root / "templates" / name).parent.mkdir(parents=True, exist_ok=True)
    (root / "templates" / name).write_bytes(content)


def test_the_checkouts_own_data_is_found() -> None:
    """An editable install has no data of its own and reads the checkout's."""
    assert {"site", "repository"} <= set(data.schema_names())
    assert json.loads(data.read_schema("site"))["title"] == "A site"


@pytest.mark.usefixtures("package")
def test_schemas_have_names() -> None:
    """Names are those that `sitecert schema` takes."""
    assert data.schema_names() == ("problems", "site")
    with pytest.raises(KeyError):
        data.read_schema("../site")


@pytest.mark.usefixtures("package")
def test_templates_have_the_names_of_their_paths() -> None:
    """What `init` lays out is no template for compiling."""
    assert data.read_templates() == {
        "openssl/openssl.cnf.j2": "openssl",
        "runbook/install.sh.j2": "runbook",
        "documents/change-control.md.j2": "package's",
        "pages/index.html.j2": "pages",
    }
    assert data.read_repository_skeleton() == {
        "Makefile": b"all:\n",
        ".github/workflows/check.yml": b"on: push\n",
    }


@pytest.mark.usefixtures("package")
def test_documents_and_pages_can_be_replaced(root: Path) -> None:
    """A repository's own template has the name of the one that it replaces."""
    assert data.read_overrides(root) == ({}, ())
    override(root, "documents/change-control.md.j2")
    override(root, "README.md")
    assert data.read_overrides(root) == ({"documents/change-control.md.j2": "ours"}, ())


@pytest.mark.usefixtures("package")
@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("openssl/openssl.cnf.j2", "SC030"),
        ("runbook/install.sh.j2", "SC030"),
        ("runbook/new.sh.j2", "SC030"),
        ("documents/change-contrl.md.j2", "SC031"),
        ("repository/Makefile", "SC031"),
        ("loose.j2", "SC031"),
    ],
)
def test_no_other_template_can_be_replaced(root: Path, name: str, code: str) -> None:
    """What root runs comes from the package, and a mistyped name is told of."""
    override(root, name)
    texts, (problem,) = data.read_overrides(root)
    assert texts == {}
    assert (problem.code, problem.place.path) == (code, f"templates/{name}")


@pytest.mark.usefixtures("package")
def test_a_mistyped_name_gets_a_proposal(root: Path) -> None:
    """The nearest name of the package is proposed."""
    override(root, "documents/change-contrl.md.j2")
    assert data.read_overrides(root)[1][0].hint == "did you mean templates/documents/change-control.md.j2?"


@pytest.mark.usefixtures("package")
def test_a_replacement_is_an_ordinary_small_text(root: Path, tmp_path: Path) -> None:
    """Links, pipes, large files and other encodings are problems."""
    name = "documents/change-control.md.j2"
    override(root, name, b"\xff")
    assert [each.code for each in data.read_overrides(root)[1]] == ["SC001"]
    override(root, name, b"x" * (data.LARGEST_TEMPLATE + 1))
    assert [each.code for each in data.read_overrides(root)[1]] == ["SC002"]
    (root / "templates" / name).unlink()
    (root / "templates" / name).symlink_to(tmp_path)
    os.mkfifo(root / "templates" / "pages")
    assert [each.code for each in data.read_overrides(root)[1]] == ["SC020", "SC031"]


def test_a_checkout_replaces_nothing(package: Path) -> None:
    """The project's own repository has the package's templates at its root."""
    assert data.read_overrides(package) == ({}, ())
