"""Where it is looked, and `--connect`."""

from __future__ import annotations

import re
from dataclasses import replace

import click
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sitecert.cli.connect import RedirectionType
from sitecert.model.names import AlternativeName, NameKind
from sitecert.model.site import InstallOn, LoadBalancer, Site, Vendor
from sitecert.model.verification import Address, Redirection
from sitecert.verify.endpoints import RedirectionError, endpoints
from support.sites import a_server, a_site, dns

ONE, TWO = "spokwb1.parknicollet.com", "spokwb2.parknicollet.com"
NAME = "smartweb.parknicollet.com"
SERVERS = (a_server(ONE, https_port=8080), a_server(TWO, ords=False))
BALANCED = a_site(servers=SERVERS, load_balancer=LoadBalancer(Vendor.F5, None), install_on=InstallOn.BOTH)


def places(site: Site, *redirections: Redirection) -> list[str]:
    """Return each place, and where it is asked."""
    return [
        f"{each.service} {each.address} {each.connect}".removesuffix(f" {each.address}")
        for each in endpoints(site, redirections)
    ]


@pytest.mark.parametrize(
    ("install_on", "expected"),
    [
        (InstallOn.SERVERS, [f"Apache {ONE}:8080", f"ORDS {ONE}:8443", f"Apache {TWO}:443"]),
        (InstallOn.LOAD_BALANCER, [f"load balancer {NAME}:443"]),
        (
            InstallOn.BOTH,
            [f"Apache {ONE}:8080", f"ORDS {ONE}:8443", f"Apache {TWO}:443", f"load balancer {NAME}:443"],
        ),
    ],
)
def test_every_place_that_install_on_names(install_on: InstallOn, expected: list[str]) -> None:
    """HTTPS of each server, ORDS where it has that, the load balancer by the common name."""
    assert places(replace(BALANCED, install_on=install_on)) == expected


@pytest.mark.parametrize(
    ("name", "host"),
    [
        (dns("*.parknicollet.com")[0], "any-name.parknicollet.com:443"),
        (AlternativeName(NameKind.IP, "2001:db8::1"), "[2001:db8::1]:443"),
    ],
)
def test_a_common_name_that_is_no_host(name: AlternativeName, host: str) -> None:
    """A wildcard is asked at a name that it covers, an address at itself."""
    assert places(replace(BALANCED, install_on=InstallOn.LOAD_BALANCER, common_name=name)) == [
        f"load balancer {host}"
    ]


def test_redirections_name_servers_ports_and_the_load_balancer() -> None:
    """The whole name, one port of it, the word for the load balancer or the common name; ports may stay."""
    assert places(
        BALANCED,
        Redirection(ONE, None, "10.0.0.1", None),
        Redirection(ONE, 8443, "10.0.0.2", 9443),
        Redirection("load-balancer", None, "::1", 8443),
    ) == [
        f"Apache {ONE}:8080 10.0.0.1:8080",
        f"ORDS {ONE}:8443 10.0.0.2:9443",
        f"Apache {TWO}:443",
        f"load balancer {NAME}:443 [::1]:8443",
    ]
    assert places(BALANCED, Redirection(NAME, 443, "10.0.0.3", 1))[-1].endswith("10.0.0.3:1")
    only = a_site(servers=(a_server(ONE),))
    assert places(only, Redirection(NAME, None, "10.0.0.3", None)) == [
        f"Apache {ONE}:443 10.0.0.3:443",
        f"ORDS {ONE}:8443 10.0.0.3:8443",
    ]


@pytest.mark.parametrize(
    ("redirections", "words"),
    [
        ([Redirection("spokwb3", None, "::1", 1)], "spokwb3 names no place of this site"),
        ([Redirection(ONE, 443, "::1", 1)], f"{ONE}:443 names no place of this site: {ONE}:8080"),
        (
            [Redirection(ONE, None, "::1", 1), Redirection(ONE, None, "::1", 2)],
            f"{ONE}:8080 cannot be at [::1]:1 and [::1]:2 at once",
        ),
        (
            [Redirection(NAME, None, "a", None), Redirection("load-balancer", None, "b", None)],
            "load-balancer:443 cannot be at a:443 and b:443 at once",
        ),
    ],
)
def test_a_redirection_without_sense_is_refused(redirections: list[Redirection], words: str) -> None:
    """A mistyped name must not let the real place be asked instead."""
    with pytest.raises(RedirectionError, match=re.escape(words)):
        endpoints(BALANCED, redirections)


PORTS = st.none() | st.integers(1, 65535)
HOSTS = (
    st.from_regex(r"[a-z0-9]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z0-9]{1,10}){0,3}", fullmatch=True)
    | st.ip_addresses(v=4).map(str)
    | st.ip_addresses(v=6).map(str)
    | st.just("*.example.org")
)


def written(host: str, port: int | None) -> str:
    """Return a side as a person writes it."""
    return (f"[{host}]" if ":" in host else host) + (f":{port}" if port is not None else "")


@given(HOSTS, PORTS, HOSTS, PORTS)
def test_every_redirection_is_read_as_it_is_written(
    name: str, port: int | None, host: str, to_port: int | None
) -> None:
    """Names in any case; each side with a port or without."""
    text = f"{written(name, port)}={written(host, to_port)}"
    expected = Redirection(name, port, host, to_port)
    assert RedirectionType().convert(text, None, None) == expected
    assert RedirectionType().convert(text.upper(), None, None) == expected


@given(st.text(alphabet="ab1.:[]=*% /@\n", max_size=24))
def test_whatever_is_read_says_the_same_again(text: str) -> None:
    """Any other text is refused in words; nothing is read in two ways."""
    try:
        read = RedirectionType().convert(text, None, None)
    except click.UsageError:
        return
    again = f"{written(read.name, read.port)}={written(read.host, read.to_port)}"
    assert RedirectionType().convert(again, None, None) == read
    assert text.count("=") == 1


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a=",
        "=b:1",
        "a=b:0",
        "a=b:65536",
        "a=b:",
        "a:x=b:1",
        "a=b:1=c",
        "a=::1:443",
        "a=[::1",
        "a=[::g]:1",
        "a=[1.2.3.4]:1",
        "a b=c:1",
        "a=b:1\n",
        "a=b:\u0661",
    ],
)
def test_what_is_no_redirection_is_refused(text: str) -> None:
    """The message repeats it and says what is allowed, or what is wrong."""
    with pytest.raises(click.UsageError) as refused:
        RedirectionType().convert(text, None, None)
    assert repr(text) in refused.value.message


def test_addresses_are_written_as_one_types_them() -> None:
    """IPv6 in brackets."""
    assert str(Address("2001:db8::1", 443)) == "[2001:db8::1]:443"
