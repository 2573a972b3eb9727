"""What a site's version means for its services, and where the site contradicts it."""

from __future__ import annotations

from sitecert.model.suite import ServiceManager, SuiteTraits
from sitecert.problems.codes.settings import ORDS_SYSV, ORDS_VERSION, SERVICE_MANAGER, UNDECIDED_VERSION
from sitecert.problems.wording import quoted
from sitecert.resolve.settings import Settings
from sitecert.suite import Undecided, traits_of


def read_traits(settings: Settings) -> SuiteTraits | None:
    """Return what holds for the site's version, or None where neither the article nor the site decides."""
    version = settings.text("/version")
    if version is None:
        return None
    verdict = traits_of(version)
    if isinstance(verdict, Undecided):
        return _decide(settings, version, verdict)
    manager = settings.text("/service_manager")
    if settings.is_own("/service_manager") and manager != verdict.service_manager:
        clause = f"is {manager}, but version {version} has {verdict.service_manager}"
        settings.report(SERVICE_MANAGER, "/service_manager", clause)
    says = settings.flag("/ords")
    if says and settings.is_own("/ords"):
        check_ords(settings, "/ords", verdict)
    return SuiteTraits(verdict.service_manager, ords=verdict.ords and says is not False)


def check_ords(settings: Settings, pointer: str, traits: SuiteTraits) -> None:
    """Report `ords: true` where the version or the service manager excludes it."""
    version = settings.text("/version") or ""
    verdict = traits_of(version)
    if isinstance(verdict, SuiteTraits) and not verdict.ords:
        settings.report(ORDS_VERSION, pointer, f"is true, but version {version} has no ORDS")
    elif traits.service_manager is ServiceManager.SYSV:
        settings.report(ORDS_SYSV, pointer, "is true, but `service_manager` is sysv")


def _decide(settings: Settings, version: str, verdict: Undecided) -> SuiteTraits | None:
    """Return what the site itself says of a version that the article leaves open."""
    manager, ords = settings.text("/service_manager"), settings.flag("/ords")
    if manager is None or ords is None:
        settings.report(UNDECIDED_VERSION, "/version", f"{quoted(version)} {verdict.reason}")
        return None
    traits = SuiteTraits(ServiceManager(manager), ords=ords)
    if ords:
        check_ords(settings, "/ords", traits)
    return traits
