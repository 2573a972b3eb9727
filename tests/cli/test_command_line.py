"""What every command has in common: help, exit codes, options, streams, faults."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from sitecert import __version__
from sitecert.cli.commands import COMMANDS, cli
from sitecert.load.data import schema_names
from sitecert.pipeline import compile as stage
from support.commands import SITE, files, repository, sitecert

SHORT_NAME = (
    SITE.replace("smartweb-dr.parknicollet.com", "spokwb")
    .replace("smartweb", "short")
    .replace("spokwb1", "short1")
)


def process(*arguments: object, stdout: int | IO[Any] = subprocess.PIPE) -> subprocess.CompletedProcess[str]:
    """Run sitecert in a process of its own."""
    command = [sys.executable, "-m", "sitecert", *map(str, arguments)]
    return subprocess.run(command, stdout=stdout, stderr=subprocess.PIPE, text=True, check=False)


def test_sitecert_alone_shows_its_help() -> None:
    """A new user sees the commands; a script sees that nothing was asked."""
    ran = sitecert()
    assert (ran.code, ran.out) == (3, "")
    assert all(name in ran.err for name in COMMANDS)


@pytest.mark.parametrize("name", COMMANDS)
@pytest.mark.parametrize("option", ["-h", "--help"])
def test_every_command_has_help(name: str, option: str) -> None:
    """Help is data, and names the options that every command has."""
    ran = sitecert(name, option)
    assert (ran.code, ran.err) == (0, "")
    assert ran.out.startswith(f"Usage: sitecert {name}")
    assert "-q, --quiet" in ran.out


def test_the_version_needs_no_imports() -> None:
    """Scripts ask for it often: click, cryptography and the rest stay out."""
    code = (
        "import sys; sys.argv = ['sitecert', '--version']; from sitecert.cli import main; main();"
        "print(sorted({name.partition('.')[0] for name in sys.modules} - set(sys.stdlib_module_names)))"
    )
    ran = subprocess.run(
        [sys.executable, "-S", "-c", f"import sys; sys.path[:0] = {sys.path!r}; {code}"],
        capture_output=True,
        text=True,
        check=True,
    )
    version, modules = ran.stdout.splitlines()
    assert version == f"sitecert {__version__}"
    assert "click" not in modules
    assert "cryptography" not in modules
    assert sitecert("-q", "--version").out == f"sitecert {__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("validat",), ("no such command 'validat'", "did you mean validate?")),
        (("frobnicate",), ("no such command 'frobnicate'", "see `sitecert --help`")),
        (("validate", "--fromat", "json"), ("--fromat", "--format")),
        (("validate", "--format", "xml"), ("'xml' is not one of",)),
        (("compile", "--shard", "3/2"), ("is not I/N",)),
        (("compile", "--jobs", "0"), ("--jobs",)),
        (("explain", "SC230"), ("there is no code 'SC230'", "did you mean SC203?")),
        (("explain", "SC2O3"), ("did you mean SC203",)),
        (("schema", "sites"), (f"there are: {', '.join(schema_names())}",)),
        (("-C", "/nonexistent", "plan"), ("does not exist",)),
        (("intake", "x"), ("missing argument",)),
        (("compile", "\x1b[31mx", "--nope"), ("no such option",)),
    ],
)
def test_a_mistyped_line_is_usage(arguments: tuple[str, ...], words: tuple[str, ...]) -> None:
    """One line says what is wrong, one what to do; the exit code is 3; nothing goes to stdout."""
    ran = sitecert(*arguments)
    assert (ran.code, ran.out) == (3, "")
    assert ran.err.startswith("error: ")
    assert len(ran.err.splitlines()) == 2
    assert all(word in ran.err for word in words)


def test_escapes_on_the_command_line_are_not_obeyed(tmp_path: Path) -> None:
    """What a user pasted, or a file's name, comes back visible."""
    ran = sitecert("-C", repository(tmp_path / "certs"), "plan", "\x1b]0;owned\x07")
    assert ran.code == 1
    assert "\x1b" not in ran.err + ran.out
    assert "\\x1b]0;owned\\x07" in ran.err
    assert "\x1b" not in sitecert("\x1b[31mplan").err


@pytest.mark.parametrize("command", ["validate", "plan", "compile"])
def test_a_folder_without_a_repository(tmp_path: Path, command: str) -> None:
    """SC901 says what to do, as text and as data."""
    ran = sitecert("-C", tmp_path, command)
    assert (ran.code, ran.out) == (1, "")
    assert "error[SC901]" in ran.err
    assert "sitecert init" in ran.err
    document = json.loads(sitecert("-C", tmp_path, command, "--format", "json").out)
    assert [each["code"] for each in document["problems"]] == ["SC901"]


def test_a_mistyped_site_gets_a_proposal(tmp_path: Path) -> None:
    """It must not look like a run with nothing to do."""
    root = repository(tmp_path / "certs", example__st_marys=SITE, park_nicollet=SITE)
    for mistyped, near in (("park-nicolet", "park-nicollet"), ("marys", "example/st-marys")):
        ran = sitecert("-C", root, "validate", mistyped)
        assert ran.code == 1
        assert f"did you mean {near}?" in ran.err


def test_exit_codes(tmp_path: Path) -> None:
    """0 fine, 1 a problem, 2 due; the site that is right is compiled all the same."""
    root = repository(tmp_path / "certs")
    assert [sitecert("-C", root, *words).code for words in (["plan"], ["compile", "--check"])] == [2, 2]
    assert sitecert("-C", root, "compile").code == 0
    assert [sitecert("-C", root, *words).code for words in (["plan"], ["compile", "--check"])] == [0, 0]
    (root / "sites/short.yaml").write_text(SHORT_NAME)
    ran = sitecert("-C", root, "compile")
    assert ran.code == 1
    assert "2 sites: nothing to do, 1 stopped by a problem" in ran.err


@pytest.mark.parametrize("order", [("-q", "compile"), ("compile", "-q")])
def test_quiet_and_verbose_count_wherever_they_stand(tmp_path: Path, order: tuple[str, ...]) -> None:
    """People write them after the command too."""
    root = repository(tmp_path / "certs")
    assert sitecert("-C", root, *order, "--check").err == ""
    assert sitecert("-C", root, "compile", "--check").err == "1 site: 8 to make\n"


def test_data_and_talk_are_apart(tmp_path: Path) -> None:
    """Changes go to stdout; problems, totals and hints to stderr."""
    root = repository(tmp_path / "certs", park_nicollet=SITE, short=SHORT_NAME)
    ran = sitecert("-C", root, "plan")
    assert ran.out.splitlines()[0] == "park-nicollet  (new site)"
    assert ran.out.splitlines()[1] == "    + out/park-nicollet/change-control.html"
    assert "SC203" in ran.err
    assert "out/" not in ran.err


def test_a_reader_that_has_enough_is_no_fault(tmp_path: Path) -> None:
    """`sitecert plan | head -1` ends quietly."""
    root = repository(tmp_path / "certs")
    command = f"{sys.executable} -m sitecert -C {root} plan -v | head -0; exit ${{PIPESTATUS[0]}}"
    ran = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=False)
    assert "SC999" not in ran.stderr
    assert "Traceback" not in ran.stderr
    assert "Exception" not in ran.stderr


@pytest.mark.parametrize("arguments", [("--help",), ("explain",), ("schema", "site"), ("--version",)])
def test_a_full_disk_under_stdout_is_told(arguments: tuple[str, ...]) -> None:
    """Lost output is a failure, in one line."""
    with Path("/dev/full").open("w") as full:
        ran = process(*arguments, stdout=full)
    assert (ran.returncode, ran.stderr) == (
        1,
        "error: cannot write to standard output: no space left on device\n",
    )


def test_a_fault_of_ours_shows_no_value(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """SC999 names places in the code, and out/ stays as it is."""
    root = repository(tmp_path / "certs")
    assert sitecert("-C", root, "compile").code == 0
    (root / "sites/other.yaml").write_text(SITE.replace("smartweb", "other"))
    stands = files(root / "out")

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("Park Nicollet AGE-SECRET-KEY-1")

    monkeypatch.setattr(stage, "plan_site", fail)
    ran = sitecert("-C", root, "compile")
    assert (ran.code, ran.out) == (1, "")
    assert ran.err.startswith("error[SC999]: a fault in sitecert itself (RuntimeError)")
    assert "compile.py:" in ran.err
    assert "Nicollet" not in ran.err
    assert "AGE-SECRET" not in ran.err
    assert str(tmp_path) not in ran.err
    assert files(root / "out") == stands


def test_ctrl_c_in_the_middle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It says that what was written is whole."""

    def interrupt(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(stage, "make_generation", interrupt)
    ran = sitecert("-C", repository(tmp_path / "certs"), "compile")
    assert ran.code == 1
    assert "interrupted: " in ran.err
    assert "Traceback" not in ran.err


def test_a_file_that_the_system_refuses_is_no_fault(tmp_path: Path) -> None:
    """A folder stands where the lock's folder belongs to be: one line says so."""
    root = repository(tmp_path / "certs")
    (root / ".sitecert").write_text("")
    ran = sitecert("-C", root, "compile")
    assert ran.code == 1
    assert "SC999" not in ran.err
    assert str(root / ".sitecert") in ran.err


def test_explain_lists_and_prints() -> None:
    """Lower case will do; without a code all are listed with their titles."""
    assert "a short name with a public issuer" in sitecert("explain", "sc203").out
    lines = sitecert("explain").out.splitlines()
    assert len(lines) > 50
    assert lines == sorted(lines)


def test_schemas_are_printed_as_published() -> None:
    """The text is the file's own."""
    published = Path(__file__).parents[2] / "schema"
    names = sitecert("schema").out.split()
    assert names == sorted(path.name.removesuffix(".schema.json") for path in published.iterdir())
    for name in names:
        assert sitecert("schema", name).out == (published / f"{name}.schema.json").read_text()


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_prints_a_script(shell: str) -> None:
    """It asks sitecert itself for the words."""
    ran = sitecert("completion", shell)
    assert (ran.code, ran.err) == (0, "")
    assert f"_SITECERT_COMPLETE={shell}_complete" in ran.out


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("sitecert comp", {"compile", "completion"}),
        ("sitecert -C {root} plan park", {"park-nicollet"}),
        ("sitecert -C {root} intake park", {"park-nicollet"}),
        ("sitecert explain sc20", {f"SC20{digit}" for digit in range(1, 9)}),
        ("sitecert schema r", {"repository"}),
        ("sitecert validate --form", {"--format"}),
    ],
)
def test_words_are_completed(tmp_path: Path, line: str, words: set[str]) -> None:
    """As bash asks for them: commands, sites, codes, schemas, options."""
    asked = line.format(root=repository(tmp_path / "certs"))
    environment = {
        "_SITECERT_COMPLETE": "bash_complete",
        "COMP_WORDS": asked,
        "COMP_CWORD": str(asked.count(" ")),
    }
    ran = CliRunner().invoke(cli, prog_name="sitecert", env=environment)
    assert {each.partition(",")[2] for each in ran.output.split()} & words == words
