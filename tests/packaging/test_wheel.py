"""The wheel and the sdist: what they hold, and that the installed sitecert works by itself."""

from __future__ import annotations

import os
import shutil
import site
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from support.commands import RECIPIENT

PROJECT = Path(__file__).parents[2]
COPIED = ("compiler", "schema", "templates", "sites", "out", "trust", "tests/support")
FILES = ("pyproject.toml", "README.md", "LICENSE", "CHANGELOG.md", "sitecert.yaml", ".gitignore")


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return a folder with the wheel and the sdist, built from a copy so that the tree stays clean."""
    copy = tmp_path_factory.mktemp("source")
    for name in COPIED:
        shutil.copytree(PROJECT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__"))
    for name in FILES:
        shutil.copy2(PROJECT / name, copy / name)
    target = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "hatchling", "build", "-d", target], cwd=copy, check=True, capture_output=True
    )
    return target


@pytest.fixture(scope="module")
def installed(distributions: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an environment with the wheel in it, which sees our dependencies but not this checkout."""
    (wheel,) = distributions.glob("*.whl")
    folder = tmp_path_factory.mktemp("venv")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", folder], check=True)
    packages = next(folder.glob("lib/python*/site-packages"))
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(packages)  # noqa: S202 - we built it
    # A .pth file in a .pth file's folder is not read, so our editable install does not come along.
    (packages / "dependencies.pth").write_text("".join(f"{each}\n" for each in site.getsitepackages()))
    program = folder / "bin/sitecert"
    program.write_text(f"#!{folder}/bin/python\nfrom sitecert.cli import main\nmain()\n")
    program.chmod(0o755)
    return folder


def run(installed: Path, cwd: Path, *arguments: object) -> subprocess.CompletedProcess[str]:
    """Run the installed sitecert with nothing of this checkout in its environment."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith("PYTHON")}
    command = [installed / "bin/sitecert", *map(str, arguments)]
    return subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, check=False)


def test_the_wheel_holds_code_and_data(distributions: Path) -> None:
    """Every schema and template, the mark of its types, and nobody's sites."""
    (wheel,) = distributions.glob("*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    for room in ("schema", "templates"):
        files = [path for path in (PROJECT / room).rglob("*") if path.is_file()]
        assert {f"sitecert/_data/{path.relative_to(PROJECT).as_posix()}" for path in files} <= names
    assert "sitecert/py.typed" in names
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"sitecert"}


def test_the_sdist_holds_no_sites(distributions: Path) -> None:
    """Neither sites nor output nor tests: only what a wheel is built from."""
    (sdist,) = distributions.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = archive.getnames()
    tops = {name.split("/")[1] for name in names}
    assert {"compiler", "schema", "templates", "pyproject.toml", "LICENSE"} <= tops
    assert tops.isdisjoint({"sites", "out", "trust", "tests", "sitecert.yaml"})


def test_the_installed_sitecert_works_elsewhere(installed: Path, tmp_path: Path) -> None:
    """It lays out, compiles and checks a repository with its own code and its own data."""
    assert run(installed, tmp_path, "init", "certs", "--recipient", RECIPIENT).returncode == 0
    root = tmp_path / "certs"
    for arguments, code in ((["validate"], 0), (["compile"], 0), (["compile", "--check"], 0)):
        ran = run(installed, root, *arguments)
        assert ran.returncode == code, ran.stderr
    assert (root / "out/example/generation-1/server.csr").exists()
    probe = (
        "import sitecert, sitecert.load.data as data; print(sitecert.__file__); print(data._data_folder())"
    )
    ran = subprocess.run(
        [installed / "bin/python", "-c", probe], cwd=root, capture_output=True, text=True, check=True
    )
    assert all(line.startswith(str(installed)) for line in ran.stdout.splitlines())


def test_the_installed_data_is_what_is_used(installed: Path, tmp_path: Path) -> None:
    """A template changed in the installation changes what comes out."""
    copy = tmp_path / "venv"
    shutil.copytree(installed, copy, symlinks=True)
    (packages,) = copy.glob("lib/python*/site-packages")
    template = packages / "sitecert/_data/templates/repository/README.md"
    template.write_text("from the installation\n")
    program = copy / "bin/sitecert"
    program.write_text(program.read_text().replace(str(installed), str(copy)))
    assert run(copy, tmp_path, "init", "certs", "--recipient", RECIPIENT).returncode == 0
    assert (tmp_path / "certs/README.md").read_text() == "from the installation\n"


def test_a_plain_checkout_finds_its_data(tmp_path: Path) -> None:
    """`python -m sitecert` works without an installation."""
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "compiler")}
    ran = subprocess.run(
        [sys.executable, "-m", "sitecert", "schema", "site"],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        check=True,
    )
    assert ran.stdout == (PROJECT / "schema/site.schema.json").read_bytes()
