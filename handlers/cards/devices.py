"""Something installed in a home, as the team reads it; and what was reported about it before."""

from datetime import date

from sqlalchemy import select

from domain.homes import Device
from domain.requests import Request
from domain.work import Work
from handlers.cards.agenda import shortened
from handlers.messages import Fact
from locales.text import Day, Listing, Text, Value, t

NAME = 80  # characters of a name, in a list
LAST = 3  # requests


def device_fact(device: Device, today: date) -> Fact:
    """Where what is, and how its warranty stands."""
    return Fact(device_name(device), _warranty(device, today) or "–")


def device_name(device: Device) -> Text:
    """Where what is."""
    return t("report.device", room=shortened(device.room, NAME), device=shortened(f"{device.brand} {device.model}",
                                                                                NAME))  # fmt: skip


def _warranty(device: Device, today: date) -> Text | None:
    until = device.warranty_until
    if until is None:
        return None
    return t("customer.warranty.over" if until < today else "customer.warranty", on=Day(until))


def history(work: Work, request: Request) -> list[Fact]:
    """Which device it is about, with its warranty, and the last requests about it (or, without one, about its area)."""
    device = work.session.get(Device, request.device_id) if request.device_id is not None else None
    found = []
    if device is not None:
        value: Value = device_name(device)
        if warranty := _warranty(device, work.now.date()):
            value = t("page.two", first=value, second=warranty)
        found.append(Fact(t("team.device"), value))
    if before := _before(work, request):
        lines = [t("team.before.one", number=r.number, on=Day(r.opened_at.date()), state=t(f"state.{r.state}"))
                 for r in before]  # fmt: skip
        found.append(Fact(t("team.before"), Listing(tuple(lines), "plain")))
    return found


def _before(work: Work, request: Request) -> list[Request]:
    if request.home_id is None:
        return []
    here = select(Request).where(Request.home_id == request.home_id, Request.id < request.id)
    alike = here.where(
        Request.device_id == request.device_id if request.device_id is not None else Request.area == request.area
    )
    return list(work.session.scalars(alike.order_by(Request.id.desc()).limit(LAST)))
