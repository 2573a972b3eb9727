"""The forms that are converted, made once."""

from __future__ import annotations

import pytest

from convert.forms import Forms, make_forms


@pytest.fixture(scope="session")
def forms(tmp_path_factory: pytest.TempPathFactory) -> Forms:
    """Return the same certificate and key in every form."""
    return make_forms(tmp_path_factory.mktemp("forms"))
