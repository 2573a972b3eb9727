"""What is shown of a look at a site, for what the command's own tests do not meet."""

from __future__ import annotations

import json

from sitecert.model.generation import Generation
from sitecert.model.verification import Verification
from sitecert.report.style import plain
from sitecert.report.verify import Findings, verification_json, verification_text, verification_total
from support.authority import pem, rsa_key
from support.tls import Pair, tls_server
from verify.looking import AUTHORITY, MOMENT, NAME, SITE, at_port, generation, judged, leaf


def seen(*generations: Generation, pair: Pair) -> tuple[Verification, Findings]:
    """Look at a site that one server serves, as the pipeline puts it together."""
    with tls_server(pair) as port:
        results = judged(generations, at_port(port))
    checks = tuple(each.check for each in results)
    certified = next((each for each in generations if each.certificate), None)
    number, issued = (certified.number, certified.certificate) if certified else (None, None)
    looked = Verification(SITE.name, number, issued, MOMENT, MOMENT, checks)
    return looked, {each.check: each.problems for each in results}


def test_an_interim_certificate_alone() -> None:
    """There is no generation to expect; the line and the total say what there is."""
    own = leaf(1, label="interim")
    looked, findings = seen(Generation(1, interim_pem=pem(own)), pair=Pair(rsa_key("interim"), [own]))
    text = verification_text(looked, findings, plain)
    assert f"  {NAME}  due    interim certificate of generation 1, TLSv1.3, chain of 1\n" in text
    assert verification_total(looked, findings) == "park-nicollet: 1 handshake at 1 place: 1 due"
    document = json.loads(verification_json(looked, findings, ()))
    assert (document["generation"], document["expected"]) == (None, [])
    assert document["endpoints"][0]["checks"][0]["generation"] == 1


def test_a_certificate_that_cannot_be_read_has_its_fingerprint_alone() -> None:
    """In the JSON; in the text it is another certificate."""
    odd = leaf(2, "a\x01b")
    filed = generation(2, leaf(2), AUTHORITY.intermediate)
    looked, findings = seen(filed, pair=Pair(rsa_key("generation 2"), [odd]))
    [sent] = json.loads(verification_json(looked, findings, ()))["endpoints"][0]["checks"][0]["chain"]
    assert list(sent) == ["fingerprint"]
    assert "  wrong  another certificate, TLSv1.3, chain of 1\n" in verification_text(looked, findings, plain)


def test_what_is_wrong_in_the_same_way_is_said_once() -> None:
    """Names in a row that share a finding have it under the last of them."""
    own = leaf(2, NAME, "b.parknicollet.com", "c.parknicollet.com")
    filed = generation(2, own, AUTHORITY.intermediate)
    both = {"b": Pair(rsa_key("generation 2"), [own, AUTHORITY.intermediate])}
    with tls_server(Pair(rsa_key("generation 2"), [own]), **both) as port:
        results = judged([filed], at_port(port))
    checks = tuple(each.check for each in results)
    looked = Verification(SITE.name, 2, filed.certificate, MOMENT, MOMENT, checks)
    lines = verification_text(looked, {each.check: each.problems for each in results}, plain).splitlines()
    assert [line.split()[0] for line in lines[1:]] == [
        NAME,
        "error[SC606]:",
        "help:",
        "b.parknicollet.com",
        "c.parknicollet.com",
        "error[SC606]:",
        "help:",
    ]
