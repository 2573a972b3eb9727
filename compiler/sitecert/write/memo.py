"""Keep what a compile found to be whole (see `load.memo`)."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path

from sitecert.model.memo import Remembered
from sitecert.write.files import replace_file
from sitecert.write.lock import state_folder


def write_memo(root: Path, memo: Mapping[str, Remembered]) -> None:
    """Write the memo, by site."""
    content = {site: (each.digest, each.keys) for site, each in sorted(memo.items())}
    replace_file(state_folder(root) / "memo.json", json.dumps(content).encode())
