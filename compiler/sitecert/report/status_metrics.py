"""The status as metrics, in Prometheus's text format 0.0.4."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, time

from sitecert.model.fleet import Mark, SiteStage, SiteStatus


@dataclass(frozen=True, slots=True)
class Metric:
    """One gauge: its help text, and its value for a site, or None where the site has none."""

    help: str
    value: Callable[[SiteStatus], float | None]


def _seconds(moment: datetime) -> float:
    return moment.timestamp()


METRICS: Mapping[str, Metric] = {
    "sitecert_certificate_not_before_timestamp_seconds": Metric(
        "When the certificate in service began, in seconds since 1970.",
        lambda site: _seconds(site.in_service.leaf.not_before) if site.in_service else None,
    ),
    "sitecert_certificate_not_after_timestamp_seconds": Metric(
        "When the certificate in service ends, in seconds since 1970.",
        lambda site: _seconds(site.in_service.leaf.not_after) if site.in_service else None,
    ),
    "sitecert_act_by_timestamp_seconds": Metric(
        "From when the certificate in service is to be replaced, in seconds since 1970.",
        lambda site: (
            _seconds(datetime.combine(site.in_service.act_by, time(), UTC)) if site.in_service else None
        ),
    ),
    "sitecert_certificate_generation": Metric(
        "The generation of the certificate in service; 0 is from before sitecert.",
        lambda site: site.in_service.generation if site.in_service else None,
    ),
    "sitecert_site_due": Metric(
        "1 where a replacement should be under way or done.", lambda site: site.is_due
    ),
    "sitecert_site_stopped": Metric(
        "1 where a problem stops the site.", lambda site: site.stage is SiteStage.STOPPED
    ),
    "sitecert_site_interim": Metric(
        "1 where an interim certificate stands in.", lambda site: Mark.INTERIM in site.marks
    ),
    "sitecert_site_key_disclosed": Metric(
        "1 where the private key in service once came in the clear.",
        lambda site: Mark.DISCLOSED in site.marks,
    ),
}


def status_metrics(sites: Sequence[SiteStatus]) -> str:
    """Return one gauge for each fact of each site, as a collector of text files reads them."""
    return "".join(f"{line}\n" for line in _lines(sorted(sites, key=lambda site: site.site)))


def _lines(sites: Sequence[SiteStatus]) -> Iterator[str]:
    yield from _head("sitecert_sites", "How many sites were looked at.")
    yield f"sitecert_sites {len(sites)}"
    for name, metric in METRICS.items():
        yield from _head(name, metric.help)
        for site in sites:
            value = metric.value(site)
            if value is not None:
                yield f'{name}{{site="{_label(site.site)}"}} {value:.0f}'
    yield from _head("sitecert_site_stage", "1 for the stage that the site is in.")
    for site in sites:
        stage = site.stage.value
        yield f'sitecert_site_stage{{site="{_label(site.site)}",stage="{_label(stage)}"}} 1'


def _head(name: str, text: str) -> Iterator[str]:
    yield f"# HELP {name} {text}"
    yield f"# TYPE {name} gauge"


def _label(value: str) -> str:
    """Return a label's value as it stands between quotes."""
    return value.replace("\\", r"\\").replace('"', r"\"").replace("\n", r"\n")
