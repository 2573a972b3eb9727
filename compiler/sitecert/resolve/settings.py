"""What a site's settings say after merging, and the problems met while they are read."""

from __future__ import annotations

from dataclasses import dataclass, field

from sitecert.model.document import Document, Mapping, Node, Place, Scalar, Sequence
from sitecert.problems import Problem, Rule
from sitecert.problems.wording import key_of
from sitecert.resolve.merge import flatten, merge


@dataclass(frozen=True, slots=True)
class Settings:
    """The merged settings of one site by JSON pointer, as the schema found them valid.

    `problems` collects what is found while they are read.
    """

    site: str
    source: str
    nodes: dict[str, Node] = field(repr=False)
    problems: list[Problem] = field(default_factory=list)

    @classmethod
    def of(cls, site: str, document: Document, defaults: Mapping | None) -> Settings:
        """Return the settings of a site's document, merged with the defaults where there are any."""
        merged = document.root if defaults is None else merge(defaults, document.root)
        return cls(site, document.path, dict(flatten(merged)))

    def text(self, pointer: str) -> str | None:
        """Return the text of a value, or None where there is none."""
        node = self.nodes.get(pointer)
        return node.text if isinstance(node, Scalar) else None

    def flag(self, pointer: str) -> bool | None:
        """Return a boolean, or None where nothing is said."""
        text = self.text(pointer)
        return None if text is None else text == "true"

    def number(self, pointer: str) -> int | None:
        """Return a whole number, or None where there is none."""
        text = self.text(pointer)
        return None if text is None else int(text)

    def items(self, pointer: str) -> list[str]:
        """Return the pointers of a list's items."""
        node = self.nodes.get(pointer)
        return (
            [f"{pointer}/{index}" for index in range(len(node.items))] if isinstance(node, Sequence) else []
        )

    def places(self) -> dict[str, Place]:
        """Return where each value was written; the file itself stands for what was not."""
        first_line = Place(self.source, 1, 1)
        return {pointer: node.place if pointer else first_line for pointer, node in self.nodes.items()}

    def is_own(self, pointer: str) -> bool:
        """Tell whether the site's own file says this; a default that does not fit a site is passed over."""
        node = self.nodes.get(pointer)
        return node is not None and node.place.path == self.source

    def report(self, rule: Rule, pointer: str, clause: str, hint: str = "") -> None:
        """Add a problem at a value, or at the file's first line where it is not given."""
        place = self.nodes[pointer].place if pointer in self.nodes else Place(self.source, 1, 1)
        message = f"{key_of(pointer)}: {clause}"
        self.problems.append(rule.at(place, message, hint=hint, pointer=pointer, site=self.site))
