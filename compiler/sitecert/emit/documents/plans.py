"""The plans that come from the runbooks: implementation, test and backout."""

from __future__ import annotations

import shlex
from collections.abc import Mapping

from sitecert.emit.documents.view import (
    Fact,
    Impact,
    NumberedStep,
    Script,
    Sentence,
    Target,
    Test,
    sentence,
)
from sitecert.emit.scripts import SCRIPT as BALANCER_SCRIPT
from sitecert.model.certificate import CertificateFacts
from sitecert.model.generation import Generation
from sitecert.model.layout import INSTALL_SCRIPT, REQUEST_SCRIPT
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.runbook import Runbook
from sitecert.model.site import InstallOn, Server, Site

LOAD_BALANCER = "load-balancer"
"""The target of the load balancer's runbook (docs/design.md section 2)."""
_HTTPS_PORT = 443
_INSTALLERS = (INSTALL_SCRIPT, BALANCER_SCRIPT)
_RUNNABLE = (*_INSTALLERS, REQUEST_SCRIPT)
_INSTALL_VERBS = ("check", "apply", "verify")
_REQUEST_VERBS = ("make", "show")
_READ_SERVED = "openssl x509 -noout -serial -fingerprint -sha256"


def targets(
    generation: Generation, runbooks: tuple[Runbook, ...], script_digests: Mapping[str, str]
) -> tuple[Target, ...]:
    """Return what is done on each target, in the order of the runbooks.

    `script_digests` maps paths below `runbooks/` to SHA-256 (hex). Scripts that install an earlier
    generation lie beside those of this change while its certificate is awaited; they are left out.
    """
    is_request = generation.certificate is None
    scripts = tuple(
        Script(path, digest)
        for path, digest in sorted(script_digests.items())
        if (path.rpartition("/")[2] == REQUEST_SCRIPT) == is_request
    )
    return tuple(_target(runbook, scripts, is_request=is_request) for runbook in runbooks)


def impacts(of: tuple[Target, ...]) -> tuple[Impact, ...]:
    """Return every step that users notice."""
    return tuple(
        Impact(target.called, each.number, each.step.title, each.step.impact)
        for target in of
        for each in target.steps
        if each.step.impact
    )


def implementation_rules(site: Site, of: tuple[Target, ...]) -> tuple[Sentence, ...]:
    """Return the rules that hold for all steps."""
    if not of:
        return ()
    rules = [
        sentence("Follow the steps in their order and note the time of each."),
        sentence("Stop at the first check that fails and go to the backout plan."),
    ]
    if sum(target.name != LOAD_BALANCER for target in of) > 1:
        rules.append(
            sentence("One server at a time: begin the next one when every check of this one is right.")
        )
        if site.load_balancer:
            rules.append(
                sentence(
                    "Before the first step on a server, take it out of the load balancer's pool; put it back"
                    " after the last check."
                )
            )
    return tuple(rules)


def expected(leaf: CertificateFacts) -> tuple[Fact, ...]:
    """Return what every technical test must show, as `openssl x509` writes it."""
    digits = leaf.fingerprint.upper()
    pairs = ":".join(digits[at : at + 2] for at in range(0, len(digits), 2))
    serial = leaf.serial.upper()
    return (
        Fact("Fingerprint", (sentence("{}", pairs),)),
        Fact("Serial", (sentence("{}", serial.zfill(len(serial) + len(serial) % 2)),)),
    )


def test_rules(site: Site) -> tuple[Sentence, ...]:
    """Return how the technical tests are made."""
    rules = [
        sentence("From a workstation that reaches the systems, not from the systems themselves."),
        sentence(
            "{} makes every test below and compares names and chain too; by hand, use the commands.",
            f"sitecert verify {site.name}",
        ),
    ]
    if site.load_balancer and site.install_on is InstallOn.SERVERS:
        rules.append(sentence("Through the load balancer, repeat until every server has answered."))
    return tuple(rules)


def tests(site: Site, names: tuple[AlternativeName, ...]) -> tuple[Test, ...]:
    """Return one handshake for each place that serves the certificate.

    A handshake is the only proof: exit codes and ready lines were all seen to say yes to a broken
    server.
    """
    name = _name_to_ask_for(site, names)
    found = []
    if site.install_on is not InstallOn.LOAD_BALANCER:
        for server in site.servers:
            found += _server_tests(server, name)
    if site.load_balancer and name:
        found.append(_test(sentence("Through the load balancer"), name.value, _HTTPS_PORT, name))
    return tuple(found)


def address(site: Site, names: tuple[AlternativeName, ...]) -> str | None:
    """Return the address that users open; None where only a wildcard is known."""
    name = _name_to_ask_for(site, names)
    if name is None:
        return None
    ports = {server.https_port for server in site.servers}
    port = ports.pop() if site.load_balancer is None and len(ports) == 1 else _HTTPS_PORT
    host = f"[{name.value}]" if ":" in name.value else name.value
    return f"https://{host}/" if port == _HTTPS_PORT else f"https://{host}:{port}/"


def _target(runbook: Runbook, scripts: tuple[Script, ...], *, is_request: bool) -> Target:
    steps = tuple(NumberedStep(number, step) for number, step in enumerate(runbook.steps, start=1))
    own = tuple(script for script in scripts if script.path.rpartition("/")[0] == runbook.target)
    is_balancer = runbook.target == LOAD_BALANCER
    names = [script.path.rpartition("/")[2] for script in own]
    installers = [name for name in names if name in _INSTALLERS]
    verbs = _REQUEST_VERBS if is_request else _INSTALL_VERBS
    return Target(
        name=runbook.target,
        called=sentence("the load balancer") if is_balancer else sentence("{}", runbook.target),
        heading=sentence("Load balancer") if is_balancer else sentence("Server {}", runbook.target),
        introduction=_introduction(installs=bool(installers), is_request=is_request, is_balancer=is_balancer),
        commands=tuple(f"sh {name} {verb}" for name in names if name in _RUNNABLE for verb in verbs),
        constants=runbook.constants,
        steps=steps,
        backout=tuple(f"sh {name} rollback" for name in installers),
        undo=tuple(each for each in reversed(steps) if each.step.undo),
        scripts=own,
        payload=runbook.payload,
    )


def _introduction(*, installs: bool, is_request: bool, is_balancer: bool) -> tuple[Sentence, ...]:
    if is_request:
        return (
            sentence(
                "As root. {} makes the private key and the request (CSR) by the steps below; no service is"
                " touched. {} prints the request, which is sent back; the key stays.",
                "make",
                "show",
            ),
        )
    if not installs:
        return (sentence("By an administrator of the load balancer." if is_balancer else "As root."),)
    return (
        sentence(
            "As root, in the folder of the pack. {} changes nothing and says whether the change may begin;"
            " {} does the steps below and puts everything back if one fails; {} proves what is served.",
            "check",
            "apply",
            "verify",
        ),
        sentence(
            "After an interruption {} says where the run stands; {} again goes on from there, {} undoes it.",
            "status",
            "apply",
            "rollback",
        ),
    )


def _name_to_ask_for(site: Site, names: tuple[AlternativeName, ...]) -> AlternativeName | None:
    candidates = (site.common_name, *names)
    return next((name for name in candidates if not name.value.startswith("*.")), None)


def _server_tests(server: Server, name: AlternativeName | None) -> list[Test]:
    tests = [_test(sentence("{}, Apache", server.name), server.name, server.https_port, name)]
    if server.ords:
        tests.append(_test(sentence("{}, ORDS", server.name), server.name, server.ords_port, name))
    return tests


def _test(place: Sentence, host: str, port: int, name: AlternativeName | None) -> Test:
    end = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    asked = f" -servername {shlex.quote(name.value)}" if name and name.kind is NameKind.DNS else ""
    handshake = f"openssl s_client -connect {shlex.quote(end)}{asked} </dev/null 2>/dev/null"
    return Test(place, (f"{handshake} |", f"  {_READ_SERVED}"))
