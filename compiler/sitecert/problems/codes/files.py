"""SC0xx: files and YAML, before their meaning is looked at."""

from __future__ import annotations

from sitecert.problems.problem import Severity
from sitecert.problems.rule import Rule

NOT_UTF8 = Rule(
    code="SC001",
    title="file is not UTF-8",
    rule="Every YAML file is UTF-8 text without a byte order mark.",
    why="Another encoding turns names into different names, and a byte order mark hides in a diff.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 5.2",
    fix="save the file as UTF-8 without a byte order mark",
)
TOO_LARGE = Rule(
    code="SC002",
    title="file is too large",
    rule="A YAML file has at most 256 KiB; every other kind of file has a limit of its own.",
    why="A site needs a thousand bytes; a parser should not be asked to swallow anything else.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="make the file smaller, or move out what does not belong in it",
)
TOO_DEEP = Rule(
    code="SC003",
    title="YAML is nested too deeply",
    rule="Lists and mappings are nested at most 16 levels deep.",
    why="A site needs three; deep nesting makes parsers slow, or crashes them.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="close the brackets that were left open, or mend the indentation",
)
STRANGE_CHARACTER = Rule(
    code="SC004",
    title="a character that cannot be seen",
    rule="Text has no control, invisible or bidirectional characters, and no space but the ordinary one.",
    why="What a reviewer sees would not be what is compiled (Trojan Source, CVE-2021-42574).",
    source="docs/design.md, strict loading; Unicode TR 36; YAML 1.2.2 section 5.1",
    fix="delete the character, or type an ordinary space in its place",
)
TAB = Rule(
    code="SC005",
    title="a tab",
    rule="YAML files are indented and spaced with spaces.",
    why="A tab has no width of its own, so the same file looks indented differently to each reader.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 6.1",
    fix="replace the tab by spaces",
)
NOT_NORMALISED = Rule(
    code="SC006",
    title="text is not in Unicode's normal form C",
    rule="An accented letter is written as one character wherever Unicode has one (NFC).",
    why="Two names that look the same would differ, in the certificate and in every comparison.",
    source="docs/design.md, strict loading; Unicode UAX 15; RFC 5280 section 7",
    fix="type the letter again, or save the file in Unicode normal form C",
)
SYNTAX = Rule(
    code="SC007",
    title="file is not YAML",
    rule="Every file parses as YAML.",
    why="Nothing can be said about a file that cannot be read.",
    source="YAML 1.2.2",
    fix="compare the line with the ones around it: its indentation, colons, quotes and brackets",
)
DUPLICATE_KEY = Rule(
    code="SC008",
    title="a key is written twice",
    rule="A mapping has each key once.",
    why="One of the two would silently win.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 3.2.1.3",
    fix="keep one of the two",
)
ALIAS = Rule(
    code="SC009",
    title="an alias",
    rule="Values are written out where they belong, without `*aliases`.",
    why="A reviewer should read a value where it is used, and a few nested aliases become gigabytes.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="write the value out; what all sites share belongs in `defaults` of `sitecert.yaml`",
)
ANCHOR = Rule(
    code="SC010",
    title="an anchor",
    rule="Values carry no `&anchors`.",
    why="An anchor has no use without an alias, and aliases are not allowed.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="remove the anchor, or put the text in quotes if it begins with &",
)
MERGE_KEY = Rule(
    code="SC011",
    title="a merge key",
    rule="Mappings are written out, without `<<`.",
    why="A reviewer should read a value where it is used.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="write the keys out; what all sites share belongs in `defaults` of `sitecert.yaml`",
)
TAG = Rule(
    code="SC012",
    title="a tag",
    rule="Values carry no `!tags`: the schema says what each value is.",
    why="Tags make parsers build other things than text.",
    source="docs/design.md, strict loading; docs/facts.md, threat T1",
    fix="remove the tag, or put the text in quotes if it begins with !",
)
DIRECTIVE = Rule(
    code="SC013",
    title="a directive",
    rule="A file has no lines that begin with `%`, such as `%YAML` and `%TAG`.",
    why="A directive changes how the rest of the file is read.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 6.8",
    fix="remove the line",
)
MANY_DOCUMENTS = Rule(
    code="SC014",
    title="more than one document in a file",
    rule="A file holds one YAML document.",
    why="The second one would be ignored.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 9.2",
    fix="remove the `---`, or move what follows it to a file of its own",
)
KEY_NOT_TEXT = Rule(
    code="SC015",
    title="a key that is no text",
    rule="Every key is a word.",
    why="A list, a mapping or nothing at all cannot name a value.",
    source="docs/design.md, strict loading; YAML 1.2.2 section 3.2.1.3",
    fix="write `key: value`, and put values that begin with ? or : in quotes",
)
NOT_A_MAPPING = Rule(
    code="SC016",
    title="file holds no mapping",
    rule="A file consists of `key: value` lines.",
    why="An empty file, a list or a lone text says nothing about a site.",
    source="docs/design.md, a site",
    fix="start from a file that `sitecert new` writes",
)
TOO_MANY = Rule(
    code="SC017",
    title="too many problems in one file",
    rule="The first hundred problems of a file are shown.",
    why="More of the same would hide the other files' problems.",
    source="docs/design.md, promise 4",
    fix="mend the ones that are shown, then run the command again",
)
NOT_A_REGULAR_FILE = Rule(
    code="SC020",
    title="not an ordinary file",
    rule="What is read is an ordinary file in ordinary folders: no symbolic link, pipe, socket or device.",
    why="A link can lead out of the repository, and a pipe makes the reader wait for ever.",
    source="docs/facts.md, threat T3",
    fix="replace it by an ordinary file",
)
UNREADABLE = Rule(
    code="SC021",
    title="a file cannot be read",
    rule="Every file that is needed is there and may be read.",
    why="A file that cannot be read must not look like one that is not there.",
    source="docs/design.md, promise 7",
    fix="see that the file is there and that you may read it",
)
OUTSIDE = Rule(
    code="SC022",
    title="a path that leads out of the repository",
    rule="A file is named relative to the repository's root, with / and without `..`.",
    why="What is compiled must come from what was reviewed.",
    source="docs/facts.md, threat T2",
    fix="put the file into the repository and name it from there, as in `trust/internal-root.pem`",
)
SITE_NAME = Rule(
    code="SC023",
    title="a name that no site or group can have",
    rule="Names under `sites/` have 1 to 63 of a-z, 0-9 and -, begin and end with a letter or a digit.",
    why="The name becomes a folder on every system, and part of commands that people type.",
    source="docs/design.md, a certificate repository; docs/facts.md, threat T2",
    fix="rename it",
)
RESERVED_NAME = Rule(
    code="SC024",
    title="a name that Windows keeps for itself",
    rule="No site or group is named con, prn, aux, nul, com0 to com9 or lpt0 to lpt9.",
    why="Git cannot check such a name out on Windows.",
    source="Microsoft: Naming Files, Paths, and Namespaces; docs/facts.md, threat T2",
    fix="rename it",
)
SITE_SUFFIX = Rule(
    code="SC025",
    title="a YAML file that is not named .yaml",
    rule="A site's file ends in `.yaml`, in lower case.",
    why="A file that looks like a site but is not read is a certificate that is forgotten.",
    source="docs/design.md, a certificate repository; promise 7",
    fix="rename it",
)
NAME_CLASH = Rule(
    code="SC026",
    title="a site and a group have the same name",
    rule="There is either `sites/NAME.yaml` or a folder `sites/NAME/`.",
    why="Both would be compiled into `out/NAME/`.",
    source="docs/design.md, a certificate repository",
    fix="rename one of the two",
)
NESTED_GROUP = Rule(
    code="SC027",
    title="a folder inside a group",
    rule="Sites stand in `sites/` or one folder below it.",
    why="What lies deeper is not read, and a site that is not read is forgotten.",
    source="docs/design.md, a certificate repository; promise 7",
    fix="move its files up into the group",
)
NOT_READ = Rule(
    code="SC028",
    title="something under sites/ that is not read",
    rule="`sites/` holds the sites' `.yaml` files, folders of them, and README files.",
    why="A copy that an editor left, or a misnamed site, should not be taken for one that is compiled.",
    source="docs/design.md, promise 7",
    fix="remove it, or name it `.yaml` if it is a site",
    severity=Severity.WARNING,
    softenable=True,
)
NO_SITES = Rule(
    code="SC029",
    title="no sites",
    rule="A repository has at least one site.",
    why="A run that has nothing to do because it finds nothing must not look like a run with nothing due.",
    source="docs/design.md, promise 7",
    fix="write the first one with `sitecert new NAME`",
    severity=Severity.WARNING,
    softenable=True,
)
TEMPLATE_NOT_YOURS = Rule(
    code="SC030",
    title="a template that a repository cannot replace",
    rule="A repository may replace templates of `documents/` and `pages/`; the others come from sitecert.",
    why="Root runs what the others make.",
    source="docs/design.md, a certificate repository",
    fix="remove the file, and propose the change to sitecert itself",
)
NO_SUCH_TEMPLATE = Rule(
    code="SC031",
    title="a template that replaces nothing",
    rule="A template in a repository has the name of the one in the package that it replaces.",
    why="A mistyped name would silently leave the package's own template in use.",
    source="docs/design.md, a certificate repository",
    fix="give it the name of the template that it replaces, or remove it",
)
