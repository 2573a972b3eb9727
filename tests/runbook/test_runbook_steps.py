"""The steps as data: what each version of Smart Suite and each kind of custody gets."""

from __future__ import annotations

import re
from dataclasses import replace
from hashlib import sha256

import pytest

from sitecert.model.generation import Generation
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.runbook import Runbook
from sitecert.model.site import InstallOn, Vendor
from sitecert.runbook.install import install_runbook
from sitecert.runbook.load_balancer import load_balancer_runbook
from sitecert.runbook.places import names_to_prove
from sitecert.runbook.request import request_runbook
from support.runbooks import (
    SUITES,
    a_generation,
    behind,
    load_balancer_files,
    made_on_the_server,
    on_version,
)
from support.sites import a_site, dns

SCRIPTS_OWN = {"PACK", "NEW", "PWD", "RUN"}


def _install(version: str, generation: Generation | None = None) -> Runbook:
    site = on_version(a_site(), version)
    return install_runbook(site, site.servers[0], generation or a_generation())


def _every_runbook() -> list[Runbook]:
    site = a_site()
    on_server = [made_on_the_server(site), made_on_the_server(site, passphrase=True)]
    return [
        *(_install(version) for version in SUITES),
        _install("8.1", a_generation(has_chain=False)),
        *(request_runbook(each, each.servers[0], "ab" * 32) for each in on_server),
        *(load_balancer_runbook(behind(site, vendor), a_generation()) for vendor in Vendor),
    ]


def _ids(runbook: Runbook) -> list[str]:
    return [step.id for step in runbook.steps]


@pytest.mark.parametrize("runbook", _every_runbook())
def test_steps_are_well_formed(runbook: Runbook) -> None:
    """Ids are identifiers and unique, texts are ASCII and one line, every step says what and why."""
    assert len(set(_ids(runbook))) == len(runbook.steps)
    for step in runbook.steps:
        assert re.fullmatch(r"[a-z][a-z0-9_]*", step.id)
        assert step.title
        assert step.why
        for text in (step.title, step.why, step.article, step.impact, *step.do, *step.check, *step.undo):
            assert text.isascii()
            assert text == "" or text.isprintable()


@pytest.mark.parametrize("runbook", _every_runbook())
def test_every_value_that_a_step_names_is_a_constant(runbook: Runbook) -> None:
    """A step names nothing that the top of the script, and the document, do not say."""
    lines = "\n".join(line for step in runbook.steps for line in (*step.do, *step.check, *step.undo))
    named = set(re.findall(r"\$([A-Z][A-Z0-9_]*)", lines))
    assert named <= {constant.name for constant in runbook.constants} | SCRIPTS_OWN


@pytest.mark.parametrize("runbook", _every_runbook())
def test_constants_are_well_formed(runbook: Runbook) -> None:
    """Each is a shell variable, once, and has a meaning."""
    names = [constant.name for constant in runbook.constants]
    assert len(set(names)) == len(names)
    assert all(re.fullmatch(r"[A-Z][A-Z0-9_]*", name) for name in names)
    assert all(constant.meaning for constant in runbook.constants)


def test_files_come_before_services() -> None:
    """Nothing is placed before the backup, nothing restarted before everything is placed, all is proved."""
    assert _ids(_install("8.1")) == [
        "check_pack",
        "rehearse",
        "back_up",
        "record_before",
        "place_chain",
        "place_key",
        "place_der",
        "place_certificate",
        "restart_apache",
        "prove_apache",
        "restart_ords",
        "wait_for_ords",
        "prove_ords",
        "finish",
    ]


@pytest.mark.parametrize(
    ("version", "command"),
    [
        ("5.x", "service amcom_httpd restart"),
        ("8.0-1", "systemctl restart amcom_httpd.service"),
        ("8.1", "systemctl restart amcom_httpd.service"),
    ],
)
def test_apache_is_restarted_as_the_article_says(version: str, command: str) -> None:
    """kb39324 step 10, word for word; the same command backs out."""
    steps = {step.id: step for step in _install(version).steps}
    assert steps["restart_apache"].do == (command,)
    assert command in steps["record_before"].undo[0]


@pytest.mark.parametrize("version", ["5.x", "8.0-1"])
def test_without_ords_there_is_no_der(version: str) -> None:
    """ORDS came with 8.1."""
    lines = [line for step in _install(version).steps for line in (*step.do, *step.check, *step.undo)]
    assert not [line for line in lines if "ords" in line.lower() or ".der" in line]


def test_the_der_is_made_as_the_article_says() -> None:
    """kb39324 step 9: PKCS#8, DER, no passphrase."""
    (step,) = [step for step in _install("8.1").steps if step.id == "place_der"]
    assert "openssl pkcs8 -topk8 -inform PEM -outform DER" in step.do[0]
    assert "-nocrypt" in step.do[0]


def test_the_payload_is_what_is_filed() -> None:
    """The digests are those of the generation's own files."""
    certificate = a_generation().certificate
    assert certificate
    files = {"server.crt": certificate.served_pem, "chain.crt": certificate.chain_pem}
    found = {file.name: file.sha256 for file in _install("8.1").payload}
    assert found == {name: sha256(content).hexdigest() for name, content in files.items()}


def test_without_a_chain_nothing_names_one() -> None:
    """A self-signed certificate has no chain.crt to place."""
    runbook = _install("8.1", a_generation(has_chain=False))
    assert "place_chain" not in _ids(runbook)
    assert [file.name for file in runbook.payload] == ["server.crt"]


@pytest.mark.parametrize("make", [_install, lambda _, open_: load_balancer_runbook(a_site(), open_)])
def test_a_generation_without_a_certificate_is_no_runbook(make: object) -> None:
    """There is nothing to install yet."""
    assert callable(make)
    with pytest.raises(ValueError, match="no certificate"):
        make("8.1", Generation(1))


def test_the_primary_method_strips_its_passphrase() -> None:
    """kb39324 steps 2 to 5, with the cipher of the site's security."""
    site = made_on_the_server(a_site(), passphrase=True)
    runbook = request_runbook(site, site.servers[0], "ab" * 32)
    assert _ids(runbook)[2:5] == ["make_key", "make_request", "strip_passphrase"]
    assert "genrsa -des3" in runbook.steps[2].do[0]


@pytest.mark.parametrize(
    ("names", "proved"),
    [
        (dns("a.example.org", "b.example.org"), "a.example.org b.example.org"),
        (dns("*.example.org"), "any-name.example.org"),
        ((AlternativeName(NameKind.IP, "192.0.2.1"),), "-"),
    ],
)
def test_names_that_sni_can_ask_for(names: tuple[AlternativeName, ...], proved: str) -> None:
    """A wildcard is asked for by a name that it covers; an address by none."""
    assert names_to_prove(names) == proved


def test_sites_of_one_kind_have_the_same_steps() -> None:
    """What differs between sites stands in the constants alone."""
    site = a_site()
    other = replace(
        site, name="other", servers=(replace(site.servers[0], name="web.example.org", https_port=4443),)
    )
    runbooks = [install_runbook(each, each.servers[0], a_generation()) for each in (site, other)]
    assert runbooks[0].steps == runbooks[1].steps
    assert runbooks[0].constants != runbooks[1].constants


@pytest.mark.parametrize("vendor", Vendor)
def test_servers_take_turns_where_both_get_the_certificate(vendor: Vendor) -> None:
    """Each server is drained, changed and enabled while the others answer, in the vendor's own commands."""
    site = behind(a_site(), vendor)
    servers = tuple(replace(site.servers[0], name=f"spokwb{number}.parknicollet.com") for number in (1, 2))
    both = replace(site, servers=servers, install_on=InstallOn.BOTH)
    turns = load_balancer_runbook(both, a_generation()).turns
    assert [turn.server for turn in turns] == [server.name for server in servers]
    for turn in turns:
        assert bool(turn.drain) == bool(turn.enable) == (vendor is not Vendor.OTHER)
        assert turn.server in "\n".join((turn.why, *turn.drain)) or vendor is Vendor.OTHER
    sheet = load_balancer_files(both, a_generation())["load-balancer.md"]
    assert sheet.index("## The servers, one at a time") < sheet.index("## Backing out")
    assert load_balancer_runbook(site, a_generation()).turns == ()


@pytest.mark.parametrize("vendor", [Vendor.F5, Vendor.NETSCALER])
def test_objects_carry_a_date(vendor: Vendor) -> None:
    """A new object is named for the day from which it is valid, and for its generation."""
    runbook = load_balancer_runbook(behind(a_site(), vendor), a_generation())
    lines = "\n".join(line for step in runbook.steps for line in step.do)
    values = "\n".join(constant.value for constant in runbook.constants)
    assert "smartweb.parknicollet.com-20260101-g1" in lines + values
