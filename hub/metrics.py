from __future__ import annotations

from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import Collector

from channels import queries
from kernel import parked
from kernel.work import Ground

_BUCKETS = (0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300, 900, 3600)


class PrometheusMeter:
    """Takes the readings of this process for Prometheus."""

    def __init__(self, registry: CollectorRegistry) -> None:
        self._histograms = {
            "send_latency": Histogram(
                "hub_send_latency_seconds",
                "From due to handed over to the vendor",
                ["channel"],
                buckets=_BUCKETS,
                registry=registry,
            ),
            "receipt_latency": Histogram(
                "hub_receipt_latency_seconds",
                "From handed over to the vendor's report of delivery",
                ["channel"],
                buckets=_BUCKETS,
                registry=registry,
            ),
        }
        self._outcomes = Counter("hub_outcomes_total", "Outcomes of hand-overs", ["outcome"], registry=registry)

    def read(self, name: str, label: str, value: float) -> None:
        """Take one reading; raises KeyError for a measure that is not defined here."""
        if name == "outcome":
            self._outcomes.labels(label).inc(value)
        else:
            self._histograms[name].labels(label).observe(value)


class LoadCollector(Collector):
    """Reads from the database, at each scrape, how much waits and for how long."""

    def __init__(self, ground: Ground) -> None:
        self._ground = ground

    def collect(self) -> Iterable[Metric]:
        """Return the gauges; the queries look only at what is unfinished."""
        with self._ground.read() as session:
            load = queries.load(session, self._ground.clock.now())
            parked_work, _since = parked.count_parked(session)
        messages = GaugeMetricFamily("hub_messages", "Unfinished messages", labels=["channel", "status"])
        for (channel, status), count in sorted(load.messages_by_status.items()):
            messages.add_metric([channel, status], count)
        yield messages
        yield GaugeMetricFamily("hub_oldest_due_seconds", "Age of the oldest message due", load.oldest_due_s)
        yield GaugeMetricFamily("hub_inbound_waiting", "Inbound texts not yet heard", load.inbound_waiting)
        yield GaugeMetricFamily("hub_oldest_inbound_seconds", "Age of the oldest of them", load.oldest_inbound_s)
        yield GaugeMetricFamily(
            "hub_parked", "Parked inbound texts, events and jobs", load.inbound_parked + parked_work
        )
