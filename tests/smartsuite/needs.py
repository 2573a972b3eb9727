"""What a machine needs of the computer that it runs on."""

from __future__ import annotations

import os
import shutil
import subprocess
from functools import cache
from pathlib import Path

PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
PROGRAMS = ("systemd-nspawn", "nsenter", "unshare", "ip", "apache2", "java", "javac", "jar")
JETTY = Path("/usr/share/java/jetty9-server.jar")


@cache
def what_is_missing() -> str | None:
    """Say why no machine can run here and what to do about it, or nothing where one can."""
    programs = [program for program in PROGRAMS if shutil.which(program, path=PATH) is None]
    if not JETTY.exists():
        programs.append(str(JETTY))
    if programs:
        return f"needs {', '.join(programs)}: run `make system-packages`"
    if os.geteuid() != 0:
        return "needs root, for namespaces of the kernel: run the tests with sudo"
    mount = "mount -t tmpfs tmpfs /sys/fs/cgroup && mount -t cgroup2 cgroup2 /sys/fs/cgroup"
    tried = subprocess.run(
        ["unshare", "--mount", "--pid", "--net", "--fork", "sh", "-c", mount],
        capture_output=True,
        text=True,
        check=False,
    )
    if tried.returncode != 0:
        return (
            f"needs to make namespaces and to mount cgroup2 ({tried.stderr.strip()}): "
            "run the container with --privileged"
        )
    return None
