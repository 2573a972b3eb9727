"""The sentences of the document that depend on the site: why, what may go wrong, who is told."""

from __future__ import annotations

from sitecert.emit.documents.dates import instant
from sitecert.emit.documents.facts import names
from sitecert.emit.documents.plans import address
from sitecert.emit.documents.view import Fact, Message, Risk, Sentence, Target, sentence, value
from sitecert.model.generation import Generation
from sitecert.model.site import InstallOn, IssuerKind, Site
from sitecert.pki.renewal import renewal_start
from sitecert.pki.validity import longest_validity


def justification(site: Site, generation: Generation, in_service: Generation | None) -> tuple[Sentence, ...]:
    """Return why the change is made: when the certificate in service ends, and when the new one will."""
    reasons = [
        sentence(
            "Users and integrations of {} reach Smart Suite at {} over TLS. A certificate lives for a fixed"
            " time. When the one in service ends, browsers refuse the pages or warn, and integrations that"
            " check it stop.",
            value(site.customer),
            site.common_name.value,
        )
    ]
    if in_service and in_service.certificate:
        ending = in_service.certificate.leaf
        reasons.append(
            sentence(
                f"The certificate in service ends at {instant(ending.not_after)}: the change must be done"
                " before."
            )
        )
    if generation.certificate:
        leaf = generation.certificate.leaf
        reasons.append(
            sentence(
                f"The new certificate keeps the service reachable until {instant(leaf.not_after)}. Its own"
                f" replacement is due by {renewal_start(leaf)}."
            )
        )
    return tuple(reasons)


def functions(site: Site) -> tuple[str, ...]:
    """Return what stops working when a certificate ends (kb39324, Overview)."""
    found = [
        "Web directory and Personal Profile sign-in",
        "OnCall lookup and assignment",
        "Paging from the web",
    ]
    roles = {server.role for server in site.servers}
    found.append("eNotify" if "enotify" in roles else "eNotify, where it is used")
    found.append("Patient data views, where that module is enabled")
    if any(server.ords for server in site.servers):
        found.append("APEX applications (shown by ORDS)")
    return tuple(found)


def backout(
    generation: Generation, targets: tuple[Target, ...], in_service: Generation | None
) -> tuple[Sentence, ...]:
    """Return when to back out, until when that is possible, and what it leads to."""
    if not targets:
        return ()
    if generation.certificate is None:
        return (sentence("Trigger: a check fails. No service was touched, so users notice nothing."),)
    rules = [
        sentence(
            "Trigger: a check fails and is not mended at once, a technical test shows another fingerprint, or"
            " a clinical test fails on more than one workstation."
        ),
        sentence("Begin early enough to end within the window."),
    ]
    if len(targets) > 1:
        rules.append(sentence("Back out the targets in the order below: the last one changed comes first."))
    rules += [
        _fingerprint_afterwards(in_service),
        sentence(
            "There is no point of no return while the backup stands. What comes back is the certificate of"
            " before, with its own end: where that is past or was revoked, mend forward and keep to the"
            " downtime procedure."
        ),
    ]
    return tuple(rules)


def _fingerprint_afterwards(in_service: Generation | None) -> Sentence:
    if in_service is None or in_service.certificate is None:
        return sentence(
            "Afterwards the technical tests must show the fingerprint that was noted before the change."
        )
    return sentence(
        "Afterwards the technical tests must show the fingerprint that was noted before the change; that of"
        " generation {} is {}.",
        str(in_service.number),
        in_service.certificate.leaf.fingerprint,
    )


def risks(site: Site, generation: Generation) -> tuple[Risk, ...]:
    """Return what may go wrong, what users would see, and what the plan does about it."""
    found = [
        Risk(
            sentence("Key and certificate do not belong together, or a file is damaged"),
            sentence("The service does not start"),
            sentence("Checked before anything is changed; the state of before is put back"),
        ),
        Risk(
            sentence("A service starts and still shows the old certificate, or a wrong one"),
            sentence("Warnings, or an outage on the day when the old one ends"),
            sentence("Every place is tested by its fingerprint in a TLS handshake"),
        ),
        _trust_risk(site),
        Risk(
            sentence("An integration holds a copy of the old certificate (pinning)"),
            sentence("It stops, without a word to users"),
            sentence("Ask the owner of each integration before the window; test each one after"),
        ),
        Risk(
            sentence("An integration shows this certificate as its own client certificate"),
            sentence("The other side refuses it"),
            sentence("The certificate is for servers only; give the integration its own"),
        ),
    ]
    if site.install_on is not InstallOn.SERVERS:
        found.append(
            Risk(
                sentence("The standby unit of the load balancer keeps the old certificate"),
                sentence("Warnings after a failover"),
                sentence("Synchronise the units and test the standby too"),
            )
        )
    if generation.disclosed:
        found.append(
            Risk(
                sentence("The private key was disclosed"),
                sentence("Another host can pose as this site; the certificate may be revoked"),
                sentence("Raise {} and order anew", "key.generation"),
            )
        )
    return tuple(found)


def downtime(site: Site) -> tuple[Sentence, ...]:
    """Return what people do while the pages cannot be reached."""
    url = address(site, site.alternative_names) or site.common_name.value
    return (
        sentence(
            "Before the window: print or export the on-call list and the directory of the units that page"
            " from the web."
        ),
        sentence(
            "While {} cannot be reached: operators page and look up on-call staff by the downtime procedure.",
            url,
        ),
        sentence("After the window: enter what was noted on paper."),
    )


def clinical_tests(site: Site, generation: Generation) -> tuple[Sentence, ...]:
    """Return what a clinician tries, on the devices of the wards."""
    url = address(site, names(site, generation))
    opened = (
        sentence("Open {} as usual: no warning.", url)
        if url
        else sentence("Open the usual page: no warning.")
    )
    tests = [
        opened,
        sentence("Sign in to the Personal Profile; look somebody up in the directory."),
        sentence("Look up who is on call for one service."),
        sentence("Send a test page to a device that was agreed on; it arrives."),
    ]
    roles = {server.role for server in site.servers}
    where = "" if "enotify" in roles else ", where eNotify is used"
    tests.append(sentence(f"Send a test notification to an eNotify test group{where}."))
    if any(server.ords for server in site.servers):
        tests.append(sentence("Open one APEX application."))
    tests.append(
        sentence("Repeat the first test on one device of each kind: workstation, thin client, telephone.")
    )
    return tuple(tests)


def communication() -> tuple[Message, ...]:
    """Return who is told what and when."""
    return (
        Message(
            "When approved",
            "Clinical leads, service desk, owners of integrations",
            "Window, what is interrupted, downtime procedure",
        ),
        Message(
            "One hour before", "Operators, house supervisor, service desk", "The change begins; who to call"
        ),
        Message("When done", "The same", "Result of the tests; the certificate's new end"),
        Message(
            "When backed out", "The same, and the approvers", "What works, what does not, what comes next"
        ),
    )


def approvers(site: Site) -> tuple[Sentence, ...]:
    """Return who signs: the approvers that were given, or the roles that a board expects."""
    if site.change.approvers:
        return tuple(sentence("{}", value(approver)) for approver in site.change.approvers)
    return (
        sentence("Change manager"),
        sentence("Owner of the application"),
        sentence("Clinical representative"),
    )


def review(generation: Generation) -> tuple[Fact, ...]:
    """Return what is noted afterwards, and the next dates."""
    facts = [
        Fact("Result (successful, successful with issues, backed out)"),
        Fact("Begun and ended at"),
        Fact("Deviations from the plan"),
    ]
    if generation.certificate:
        leaf = generation.certificate.leaf
        facts += [
            Fact("The certificate ends", (sentence(instant(leaf.not_after)),)),
            Fact("Renew by", (sentence(str(renewal_start(leaf))),)),
        ]
    return tuple(facts)


def review_actions(site: Site, generation: Generation) -> tuple[Sentence, ...]:
    """Return what is done after the change."""
    if generation.certificate is None:
        return ()
    return (
        sentence("Keep the evidence of what is served: {}.", f"sitecert verify {site.name} --record"),
        sentence(
            "Remove the packs from the servers and from the workstation; keep the backups until the review."
        ),
    )


def recurrence(site: Site, generation: Generation) -> tuple[Sentence, ...]:
    """Return when the change comes again: public certificates live ever shorter (BR 6.3.2)."""
    if generation.certificate is None or site.issuer is not IssuerKind.PUBLIC:
        return ()
    due = renewal_start(generation.certificate.leaf)
    days = longest_validity(due)
    return (
        sentence(f"A public certificate issued on {due} may be valid for at most {days} days."),
        sentence(
            "The change comes again several times a year: propose it to the board as a standard change."
        ),
    )


def _trust_risk(site: Site) -> Risk:
    answers = {
        IssuerKind.PUBLIC: "The chain is installed with the certificate; test one device of each kind",
        IssuerKind.INTERNAL: "Distribute the customer's root first; test one device of each kind",
        IssuerKind.SELF_SIGNED: "Distribute the certificate first; test one device of each kind",
    }
    return Risk(
        sentence("A client or integration does not trust the issuer"),
        sentence("Warnings, or no connection, on that device alone"),
        sentence(answers[site.issuer]),
    )
