"""The same search guided by coverage: `python -m fuzz.guided CORPUS -max_total_time=600`, with atheris.

atheris brings libFuzzer and is no dependency of ours: install it into an environment of its own, with
ours on PYTHONPATH.
"""

from __future__ import annotations

import sys

import atheris

with atheris.instrument_imports(include=["sitecert.pki"]):
    from sitecert.pki.formats.contents import GivenFile
    from sitecert.pki.formats.reading import read_contents

from fuzz.seeds import PASSWORD


def read_one(content: bytes) -> None:
    """Read one input; whatever is raised is a crash."""
    read_contents([GivenFile("fuzz", content)], [PASSWORD])


if __name__ == "__main__":
    atheris.Setup([*sys.argv, "-timeout=2", "-rss_limit_mb=512", "-max_len=20000"], read_one)
    atheris.Fuzz()
