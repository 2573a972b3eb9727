"""The options of `sitecert convert`, and what they say together."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # the command imports it when it runs, so that help and the version stay quick
    from sitecert.pipeline.convert import Wish

from sitecert.cli.arguments import STANDARD_INPUT


@dataclass(frozen=True, slots=True)
class Given:
    """The options as they were given."""

    inputs: tuple[Path, ...]
    output: Path | None
    target: str
    split: Path | None
    leaf_only: bool
    with_root: bool
    alias: str | None
    compatibility: str | None
    encoding: str | None
    identities: tuple[Path, ...]
    password_files: tuple[Path, ...]
    passphrase_file: Path | None
    insecure: bool
    show_openssl: bool

    @property
    def place(self) -> Path:
        """Where the result goes."""
        return self.split or self.output or Path()

    def contradiction(self) -> str:
        """Return what is wrong first with the options together, or nothing."""
        to = f"--to {self.target}"
        faults = (
            (self.output and self.split, "-o and --split: the result is one file or a folder, not both"),
            (not self.output and not self.split, "-o OUT is missing: the file to make"),
            (
                str(self.output) == STANDARD_INPUT,
                "-o: name a file; a result is not written to standard output",
            ),
            (self.split and self.target != "pem", f"--split and {to}: the parts are PEM"),
            (self.split and self.leaf_only, "--split and --leaf-only: the parts hold the chain too"),
            (
                self.leaf_only and self.with_root,
                "--leaf-only and --with-root: one leaves out what the other keeps",
            ),
            (self.alias is not None and self.target != "pfx", f"--alias and {to}: only a PFX has one"),
            (
                self.compatibility and self.target != "pfx",
                f"--compat and {to}: it says how a PFX is encrypted",
            ),
            (self.encoding and self.target != "p7b", f"--encoding and {to}: only a P7B is one or the other"),
            (
                self.insecure and self.passphrase_file,
                "--insecure and --passphrase-file: a key is in the clear or under a passphrase",
            ),
            (
                self.insecure and self.target == "pfx",
                f"--insecure and {to}: a PFX is always under a passphrase",
            ),
            (
                (self.insecure or self.passphrase_file) and self.target in {"crt", "p7b"},
                f"{'--insecure' if self.insecure else '--passphrase-file'} and {to}: it holds no private key",
            ),
            (self._readers_of_standard_input > 1, "`-` is named more than once: standard input is read once"),
        )
        return next((message for is_so, message in faults if is_so), "")

    def wish(self) -> Wish:
        """Return what is wanted."""
        from sitecert.pipeline.convert import Compatibility, Encoding, Target, Wish

        return Wish(
            Target(self.target),
            split=self.split is not None,
            leaf_only=self.leaf_only,
            with_root=self.with_root,
            alias=self.alias or "",
            compatibility=Compatibility(self.compatibility or "modern"),
            encoding=Encoding.DER if self.encoding == "der" else Encoding.PEM,
        )

    def name_of(self, path: Path) -> str:
        """Return what a file is called in problems."""
        from sitecert.load.given import STANDARD_INPUT_NAME

        return STANDARD_INPUT_NAME if str(path) == STANDARD_INPUT else str(path)

    @property
    def _readers_of_standard_input(self) -> int:
        named = (*self.inputs, *self.identities, *self.password_files, self.passphrase_file)
        return sum(str(each) == STANDARD_INPUT for each in named)
