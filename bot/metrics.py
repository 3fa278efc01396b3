"""Metrics in Prometheus' form."""

from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Gauge, generate_latest

from bot.health import Health


def exposition(health: Health) -> tuple[bytes, str]:
    """The page that is scraped, and its type."""
    registry = CollectorRegistry()
    for name, what, value in (
        ("aftercare_handled", "Inbounds handled by the desk", health.handled),
        ("aftercare_failed", "Tries that failed on the desk", health.failed),
        ("aftercare_sent", "Messages sent", health.sent),
    ):
        Counter(name, what, registry=registry).inc(value)
    for name, what, up in (
        ("aftercare_telegram_up", "Whether Telegram answers", health.telegram),
        ("aftercare_slack_up", "Whether Slack is connected", health.slack),
    ):
        Gauge(name, what, registry=registry).set(up)
    return generate_latest(registry), CONTENT_TYPE_LATEST
