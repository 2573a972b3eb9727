r"""The values of an `openssl.cnf` that any openssl from 0.9.8 on reads as they are meant (config(5)).

Between double quotes only `\` and `"` are special: not `$`, `#`, `'`, `;`, `@`, nor blanks at the ends.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from sitecert.model.request import RequestContent
from sitecert.pki.errors import ConfigurationTextError

UNWRITABLE = frozenset("\0\r\n")
ESCAPED_CHARACTER = re.compile(r"\\*[^\\]")
LONGEST_CHUNK = 470
"""Octets between two folds: with the field's name before it, a line stays below 500.

openssl up to 1.1.1 reads lines in pieces of 510 octets and takes a `\\` at the end of one for something
else (docs/facts.md, OpenSSL's configuration).
"""


@dataclass(frozen=True, slots=True)
class ConfigField:
    """One line of a section: a name, and a value that is already quoted and folded."""

    name: str
    value: str


@dataclass(frozen=True, slots=True)
class OpenSSLConfig:
    """What the configuration says beside the profile: the key's size in bits, and two sections."""

    key_bits: int
    distinguished_name: tuple[ConfigField, ...]
    alt_names: tuple[ConfigField, ...]


def quote_value(text: str) -> str:
    """Return a value in the quotes of a configuration file, on one line.

    Raises ConfigurationTextError for NUL, CR and LF, which no value can hold.
    """
    if UNWRITABLE.intersection(text):
        raise ConfigurationTextError("the value holds NUL, CR or LF, which no OpenSSL configuration can hold")
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{escaped}"'


def fold_value(quoted: str) -> str:
    r"""Fold a quoted value into lines of fewer than 500 octets, each but the last ending in `\`.

    A fold never follows a `\`, which would turn the line's end into something else.
    """
    lines, line = [], ""
    for character in ESCAPED_CHARACTER.findall(quoted):
        if len((line + character).encode()) > LONGEST_CHUNK:
            lines.append(line)
            line = ""
        line += character
    return "\\\n".join([*lines, line])


def config_fields(content: RequestContent) -> OpenSSLConfig:
    """Return the lines of both sections, in the request's order; raises ConfigurationTextError.

    Of two lines with one name openssl keeps the last and says nothing: names are numbered (`DNS.1`), and
    so is a subject's field that stands more than once (`0.OU`).
    """
    repeated = Counter(attribute.field for attribute in content.subject)
    subject = [(each.field, each.value, repeated[each.field] > 1) for each in content.subject]
    names = [(name.kind, name.value) for name in content.alternative_names]
    return OpenSSLConfig(
        key_bits=content.key_bits,
        distinguished_name=tuple(_numbered_fields(subject)),
        alt_names=tuple(_numbered_names(names)),
    )


def openssl_config_view(content: RequestContent) -> dict[str, object]:
    """Return what `templates/openssl/openssl.cnf.j2` renders; raises ConfigurationTextError."""
    config = config_fields(content)
    return {
        "key_bits": config.key_bits,
        "distinguished_name": config.distinguished_name,
        "alt_names": config.alt_names,
    }


def _numbered_fields(fields: Iterable[tuple[str, str, bool]]) -> Iterator[ConfigField]:
    seen: Counter[str] = Counter()
    for field, value, is_repeated in fields:
        name = f"{seen[field]}.{field}" if is_repeated else field
        seen[field] += 1
        yield ConfigField(name, fold_value(quote_value(value)))


def _numbered_names(names: Iterable[tuple[str, str]]) -> Iterator[ConfigField]:
    seen: Counter[str] = Counter()
    for kind, value in names:
        seen[kind] += 1
        yield ConfigField(f"{kind}.{seen[kind]}", fold_value(quote_value(value)))
