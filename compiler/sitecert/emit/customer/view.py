"""What the templates of the customer's pack show: words, facts and commands, all decided beforehand."""

from __future__ import annotations

from dataclasses import dataclass

from sitecert.emit.documents.view import Fact, Notice, Sentence, ValidityPeriod


@dataclass(frozen=True, slots=True)
class Commands:
    """Lines to type, in the language that a reader's editor colours them by, and what they are for."""

    introduction: Sentence
    lines: tuple[str, ...]
    language: str = "sh"


@dataclass(frozen=True, slots=True)
class Section:
    """One section of the sheet: a list, then commands."""

    title: str
    items: tuple[Sentence, ...] = ()
    commands: tuple[Commands, ...] = ()


@dataclass(frozen=True, slots=True)
class CustomerRequest:
    """What a customer is asked for, as data.

    `subject_line` is the mail's. `facts` say what the CA is asked for, `short_facts` the same for the mail;
    `attached` are the files of the pack that the customer needs. `validity` is empty unless the issuer is
    public.
    """

    title: Sentence
    subject_line: Sentence
    notices: tuple[Notice, ...]
    facts: tuple[Fact, ...]
    short_facts: tuple[Fact, ...]
    sections: tuple[Section, ...]
    validity: tuple[ValidityPeriod, ...]
    letter: tuple[Sentence, ...]
    attached: tuple[Sentence, ...]
    returned: tuple[Sentence, ...]
    kept: tuple[Sentence, ...]
