"""What two sites cannot both have."""

from __future__ import annotations

from sitecert.resolve.between import check_between
from support.yaml_sites import resolved, show


def test_sites_that_share_nothing_have_no_problem() -> None:
    """Two ordinary sites stand beside each other."""
    one = resolved("servers: [a.example.org]", name="one", path="sites/one.yaml")
    two = resolved("common_name: b.example.org", name="two", path="sites/two.yaml")
    assert check_between([one, two]) == ()


def test_a_common_name_belongs_to_one_site() -> None:
    """Both sites are told, each with the other's file."""
    one = resolved("common_name: web.example.org", name="one", path="sites/one.yaml")
    two = resolved("version: 8.1\ncommon_name: WEB.example.org", name="two", path="sites/two.yaml")
    problems = check_between([one, two])
    assert [(problem.site, problem.place.path, show(problem)) for problem in problems] == [
        (
            "one",
            "sites/one.yaml",
            '1:14 error SC215 common_name: "web.example.org" belongs to sites/two.yaml as well',
        ),
        (
            "two",
            "sites/two.yaml",
            '2:14 error SC215 common_name: "web.example.org" belongs to sites/one.yaml as well',
        ),
    ]


def test_a_server_holds_one_certificate() -> None:
    """A server of two sites is a warning, unless the certificate goes to the load balancer."""
    balanced = "load_balancer: true\nservers: [a.example.org]\ncommon_name: lb.example.org"
    one = resolved("servers: [a.example.org]", name="one", path="sites/one.yaml")
    two = resolved("common_name: b.example.org\nservers: [a.example.org]", name="two", path="sites/two.yaml")
    three = resolved(balanced, name="three", path="sites/three.yaml")
    problems = check_between([one, two, three])
    assert [(problem.site, show(problem)) for problem in problems] == [
        ("one", '1:10 warning SC217 servers: "a.example.org" belongs to sites/two.yaml as well'),
        ("two", '2:10 warning SC217 servers: "a.example.org" belongs to sites/one.yaml as well'),
    ]


def test_folders_differ_in_more_than_case() -> None:
    """On some systems `Park` and `park` are one folder."""
    one = resolved("common_name: a.example.org", name="park", path="sites/park.yaml")
    two = resolved("common_name: b.example.org", name="Park", path="sites/Park.yaml")
    assert [(problem.site, show(problem)) for problem in check_between([one, two])] == [
        ("park", '1:1 error SC216 out: "park" belongs to sites/Park.yaml as well'),
        ("Park", '1:1 error SC216 out: "park" belongs to sites/park.yaml as well'),
    ]
