"""What sitecert costs, beside the bare work, in one run on one machine.

`python tests/bench/bench.py 100` generates that many sites and prints CPU seconds (user and system, of
all processes started) and wall seconds, then the ratios that the design promises. Quote the ratios;
the seconds are this machine's. How long an RSA key takes is chance, so what makes keys is repeated, in
turn, until some hundreds were made. What a run costs that has nothing to do is promised for 1,000 sites:
with fewer, starting up counts for more.
"""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

SITECERT = [str(Path(sys.executable).with_name("sitecert"))]
PROMISED_FROM = 1000
"""Sites: with fewer, starting up is most of what a run with nothing to do costs."""

BARE_BATCH = """
import sys
from concurrent.futures import ThreadPoolExecutor
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.x509.oid import NameOID

def make(index):
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    name = f"site{index}.example.org"
    request = (
        x509.CertificateSigningRequestBuilder()
        .subject_name(x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    request.public_bytes(serialization.Encoding.PEM)

with ThreadPoolExecutor() as executor:
    list(executor.map(make, range(int(sys.argv[1]))))
"""


@dataclass(frozen=True)
class Cost:
    """Seconds of CPU and of the clock on the wall."""

    cpu: float
    wall: float


def measure(work: Callable[[], object]) -> Cost:
    """Return what the processes that `work` starts cost."""
    before, start = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    work()
    after, end = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Cost(cpu, end - start)


def run(*command: str, cwd: Path, allowed: tuple[int, ...] = (0,)) -> None:
    """Run a command; its output is thrown away, its exit code is not."""
    done = subprocess.run(command, cwd=cwd, capture_output=True, check=False)
    if done.returncode not in allowed:
        sys.exit(f"{' '.join(command)} ended with {done.returncode}:\n{done.stderr.decode()[-2000:]}")


def lay_out(root: Path, sites: int) -> None:
    """Make a repository with that many sites of several kinds."""
    run(*SITECERT, "init", ".", cwd=root)
    (root / "sites" / "example.yaml").unlink()
    versions = ("5.x", "7.x", "8.0-1", "8.1", "8.10")
    for index in range(sites):
        text = (
            f"customer: Example Hospital {index}\n"
            f"version: {versions[index % len(versions)]}\n"
            f"common_name: smartweb{index}.hospital.example.org\n"
            f"alt_names: [enotify{index}.hospital.example.org]\n"
            f"servers: [spokwb{index}.hospital.example.org]\n"
            "subject: {state: Minnesota, locality: Example City}\n"
        )
        (root / "sites" / f"site-{index}.yaml").write_text(text, encoding="utf-8")


def made_keys(root: Path, sites: int) -> dict[str, Cost]:
    """Measure what makes keys: sitecert, the bare library, and openssl; ends with a compiled repository."""
    rounds = max(1, 300 // sites)
    spent: dict[str, list[Cost]] = {
        "cold, with keys": [],
        "bare cryptography batch": [],
        "openssl req loop": [],
    }
    for _ in range(rounds):
        for left in ("out", ".sitecert", "openssl"):
            shutil.rmtree(root / left, ignore_errors=True)
        spent["cold, with keys"].append(measure(lambda: run(*SITECERT, "compile", cwd=root)))
        bare = (sys.executable, "-c", BARE_BATCH, str(sites))
        spent["bare cryptography batch"].append(measure(lambda command=bare: run(*command, cwd=root)))
        spent["openssl req loop"].append(measure(lambda: openssl_loop(root)))
    return {
        name: Cost(sum(each.cpu for each in costs) / rounds, sum(each.wall for each in costs) / rounds)
        for name, costs in spent.items()
    }


def drop_all_but_generations(root: Path) -> None:
    """Delete everything under out/ that can be computed again."""
    for site in (root / "out").iterdir():
        for entry in site.iterdir():
            if entry.is_dir() and not entry.name.startswith("generation-"):
                shutil.rmtree(entry)
            elif entry.is_file():
                entry.unlink()


def openssl_loop(root: Path) -> None:
    """Make a key and a request for each site with `openssl req`, from sitecert's own configuration."""
    made = root / "openssl"
    made.mkdir()
    for config in sorted((root / "out").glob("*/generation-1/openssl.cnf")):
        name = str(made / config.parts[-3])
        run(
            "openssl", "req", "-new", "-newkey", "rsa:2048", "-nodes", "-config", str(config),
            "-keyout", f"{name}.key", "-out", f"{name}.csr", cwd=root,
        )  # fmt: skip


def main(sites: int) -> None:
    """Measure and print."""
    with tempfile.TemporaryDirectory() as folder, tempfile.TemporaryDirectory() as configuration:
        root = Path(folder)
        os.environ["XDG_CONFIG_HOME"] = configuration
        lay_out(root, sites)

        costs = made_keys(root, sites)
        drop_all_but_generations(root)
        shutil.rmtree(root / ".sitecert")
        for name in ("cold, keys kept", "nothing to do"):
            costs[name] = measure(lambda: run(*SITECERT, "compile", cwd=root))
        costs["compile --check"] = measure(lambda: run(*SITECERT, "compile", "--check", cwd=root))
        starts = 20
        costs["sitecert --version"] = measure(
            lambda: [run(*SITECERT, "--version", cwd=root) for _ in range(starts)]
        )
        costs["python -c pass"] = measure(
            lambda: [run(sys.executable, "-c", "pass", cwd=root) for _ in range(starts)]
        )
    report(sites, costs)


def report(sites: int, costs: dict[str, Cost]) -> None:
    """Print the costs and the ratios that are promised."""
    sys.stdout.write(f"{sites} sites, {os.cpu_count()} cores\n{'':26}{'CPU s':>10}{'wall s':>10}\n")
    for name, cost in costs.items():
        sys.stdout.write(f"{name:26}{cost.cpu:10.3f}{cost.wall:10.3f}\n")
    keys_alone = costs["cold, with keys"].cpu - costs["cold, keys kept"].cpu
    ratios = (
        ("key+CSR / bare batch", keys_alone / costs["bare cryptography batch"].cpu, 1.25),
        ("key+CSR / openssl loop", keys_alone / costs["openssl req loop"].cpu, 0.35),
        ("nothing to do / cold, keys kept", costs["nothing to do"].cpu / costs["cold, keys kept"].cpu, 0.25),
        ("--version / python -c pass", costs["sitecert --version"].cpu / costs["python -c pass"].cpu, 2.5),
    )
    sys.stdout.write(f"\n{'ratio of CPU':34}{'measured':>10}{'at most':>10}\n")
    for name, ratio, bound in ratios:
        is_promised = sites >= PROMISED_FROM or not name.startswith("nothing to do")
        sys.stdout.write(f"{name:34}{ratio:10.2f}{bound if is_promised else '-':>10}\n")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 100)
