"""Every template of the package, and those that a repository puts in their place, prepared once."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Iterable, Mapping

from jinja2 import Environment, FunctionLoader, StrictUndefined, TemplateNotFound, TemplateSyntaxError
from jinja2.sandbox import ImmutableSandboxedEnvironment

from sitecert import markdown
from sitecert.emit import plain
from sitecert.emit.quoting import shell
from sitecert.model.document import Place
from sitecert.model.layout import LARGEST_FILE
from sitecert.problems import Problem
from sitecert.problems.codes.environment import TEMPLATE_FAILS

LONGEST_REASON = 120


class OverrideError(Exception):
    """A repository's own template that cannot be rendered: where in it, and why."""

    def __init__(self, name: str, line: int, reason: str) -> None:
        """Keep the template's name below `templates/`, the line (from 1) and the reason."""
        super().__init__(reason)
        self._place = Place(f"templates/{name}", line, 1)

    def problem(self, site: str) -> Problem:
        """Return it as a problem of the site that was being rendered."""
        return TEMPLATE_FAILS.at(self._place, str(self), site=site)


class Templates:
    """Templates by their names below `templates/`, as `runbook/install.sh.j2`.

    Values are data and are rendered once, never twice. Only what ends in `.html.j2` is escaped for HTML; a
    shell script takes its values through the filter `shell`, Markdown through those of `markdown`, plain
    text through those of `plain`.

    A repository's own templates come from whoever opens a pull request: they see what the package's see,
    reach no file and no code, and what they make is bounded.
    """

    def __init__(self, texts: Mapping[str, str], overrides: Mapping[str, str] | None = None) -> None:
        """Prepare the templates; both arguments map names to texts, `overrides` those of a repository."""
        self._overrides = overrides or {}
        every = {**texts, **self._overrides}
        # The sandbox looks at each attribute that a template asks for, which takes as long as all the rest:
        # the package's own templates, where they are alone, are as much its code as what calls them.
        environment = ImmutableSandboxedEnvironment if self._overrides else Environment
        self._environment = environment(
            loader=FunctionLoader(lambda name: (every[name], name, None) if name in every else None),
            undefined=StrictUndefined,
            autoescape=_is_html,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
        )
        filters: dict[str, Callable[..., str]] = {**markdown.FILTERS, **plain.FILTERS, "shell": shell}
        self._environment.filters.update(filters)

    def render(self, name: str, **values: object) -> str:
        """Return the named template filled with `values`.

        Raises OverrideError where it is a repository's own and fails, jinja2.TemplateError for a name that
        there is not.
        """
        if name in self._overrides:
            return self._render_override(name, values)
        return self._environment.get_template(name).render(**values)

    def _render_override(self, name: str, values: Mapping[str, object]) -> str:
        try:
            return _bounded(self._environment.get_template(name).generate(**values))
        except Exception as error:
            raise OverrideError(name, _line_of(error, name), _reason(error)) from error


def _bounded(parts: Iterable[str]) -> str:
    """Join what a template makes, piece by piece; raises ValueError for more than `LARGEST_FILE` bytes."""
    made: list[str] = []
    size = 0
    for part in parts:
        made.append(part)
        size += len(part.encode())
        if size > LARGEST_FILE:
            raise ValueError("it makes more than 1 MiB, which is the most allowed")
    return "".join(made)


def _line_of(error: Exception, name: str) -> int:
    """Return the line of a template in which an error arose, 1 where it is not known."""
    if isinstance(error, TemplateSyntaxError):
        return error.lineno
    lines = [frame.lineno for frame in traceback.extract_tb(error.__traceback__) if frame.filename == name]
    return (lines[-1] if lines else None) or 1


def _reason(error: Exception) -> str:
    """Return what went wrong, on one line and not too long; what a template says of itself is its own."""
    said = " ".join(str(error).split()) or type(error).__name__
    if isinstance(error, TemplateNotFound):
        said = f"there is no template {said}"
    return f"cannot be rendered: {said if len(said) <= LONGEST_REASON else f'{said[:LONGEST_REASON]}...'}"


def _is_html(name: str | None) -> bool:
    return name is not None and name.endswith(".html.j2")
