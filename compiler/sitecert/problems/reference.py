"""The reference of all codes, as `docs/rules.md` holds it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import groupby

from sitecert.problems.rule import Rule

FAMILIES = {
    "SC0": "Files and YAML",
    "SC1": "The schema",
    "SC2": "Names",
    "SC3": "Settings, subject, waivers and policy",
    "SC4": "Keys, requests and what stands in out/",
    "SC5": "Certificates",
    "SC6": "What is served",
    "SC7": "Handing over, converting, and who can open the keys",
    "SC8": "The repository as a whole: renewal, spreadsheets, what changes in it, leaks",
    "SC9": "The machine and sitecert itself",
}
INTRODUCTION = """\
# The rules

Every problem that sitecert reports has a code. `sitecert explain CODE` prints what stands here.

An **error** stops its site: nothing of it is written, the other sites compile. A **warning** and a **note**
stop nothing. A site may *waive* a rule that says so, with a reason and a day (`waive`); a repository may
*soften* one that says so (`policy.severity`), and may make any rule stricter. One that is *acceptable* can be
overruled for one certificate (`sitecert intake --accept CODE`).

<!-- Made from compiler/sitecert/problems/codes/ by `make docs`: edit it there. -->
"""


def rules_markdown(rules: Iterable[Rule]) -> str:
    """Return the reference as Markdown: a table of contents by family, then a section for each code."""
    ordered = sorted(rules, key=lambda rule: rule.code)
    families = [(FAMILIES[prefix], list(group)) for prefix, group in groupby(ordered, _family)]
    parts = [INTRODUCTION, *_contents(families)]
    for title, group in families:
        parts.append(f"## {title}\n")
        parts += [_section(rule) for rule in group]
    return "\n".join(parts)


def _family(rule: Rule) -> str:
    return rule.code[:3]


def _contents(families: Iterable[tuple[str, list[Rule]]]) -> Iterator[str]:
    for title, group in families:
        lines = [f"- [{rule.code}](#{rule.code.lower()}) {rule.title}" for rule in group]
        yield "\n".join([f"**{title}**\n", *lines, ""])


def _section(rule: Rule) -> str:
    """Return one rule's section; its heading is the code alone, so that links to it stay good."""
    allowed = [name for name in ("waivable", "softenable", "acceptable") if getattr(rule, name)]
    paragraphs = (
        f"### {rule.code}",
        f"**{rule.title}** ({', '.join([rule.severity.value, *allowed])})",
        rule.rule,
        f"*Why:* {rule.why}",
        f"*Do:* {rule.fix}",
        f"*Source:* {rule.source}",
    )
    return "\n\n".join(paragraphs) + "\n"
