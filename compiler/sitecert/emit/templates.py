"""Every template of the package, prepared once."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from jinja2 import DictLoader, StrictUndefined
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sitecert import markdown
from sitecert.emit import plain
from sitecert.emit.quoting import shell


class Templates:
    """Templates by their names below `templates/`, as `runbook/install.sh.j2`.

    Values are data and are rendered once, never twice. Only what ends in `.html.j2` is escaped for HTML; a
    shell script takes its values through the filter `shell`, Markdown through those of `markdown`, plain
    text through those of `plain`.
    """

    def __init__(self, texts: Mapping[str, str]) -> None:
        """Prepare the templates; `texts` maps their names to their texts."""
        self._environment = ImmutableSandboxedEnvironment(
            loader=DictLoader(texts),
            undefined=StrictUndefined,
            autoescape=_is_html,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        filters: dict[str, Callable[..., str]] = {**markdown.FILTERS, **plain.FILTERS, "shell": shell}
        self._environment.filters.update(filters)

    def render(self, name: str, **values: object) -> str:
        """Return the named template filled with `values`; raises jinja2.TemplateError for a name it lacks."""
        return self._environment.get_template(name).render(**values)


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")
