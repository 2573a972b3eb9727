"""A request is proved before it is written: what was made is parsed again and held against its site."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric import rsa

from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.request import RequestContent
from sitecert.pipeline import keys
from sitecert.pki.requests import build_request
from sitecert.plan import keys as planned_keys
from support.repository import a_repository


def test_a_request_that_says_something_else_is_never_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Should the builder slip in a name, the site is stopped and neither key nor request reaches out/."""

    def with_a_name_more(key: rsa.RSAPrivateKey, content: RequestContent) -> bytes:
        slipped = AlternativeName(NameKind.DNS, "evil.example.org")
        return build_request(key, replace(content, alternative_names=(*content.alternative_names, slipped)))

    monkeypatch.setattr(keys, "build_request", with_a_name_more)
    repository = a_repository(tmp_path)
    repository.site()
    result = repository.run("compile")
    assert result.code == 1
    assert "SC415" in result.codes
    assert repository.tree() == {}


def test_a_weak_key_stops_its_site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever badkeys finds in a key that stands under out/ is an error of compile and of --check."""
    repository = a_repository(tmp_path)
    repository.site()
    assert repository.run("compile").code == 0
    before = repository.tree()
    monkeypatch.setattr(planned_keys, "weaknesses", lambda _key: ("its primes are close",))
    for command in (("compile", "--check"), ("compile",)):
        result = repository.run(*command)
        assert result.code == 1
        assert "SC410" in result.codes
    assert repository.tree() == before
