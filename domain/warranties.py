"""Warranties: which one a request stands under, from the device it is about and the day the home was handed over."""

from datetime import date

from domain.declared import months_after
from domain.homes import Device, Home
from domain.requests import Request
from domain.tariff import Tariff
from domain.work import Work

DEVICE = "device"
INSTALLATION = "installation"


def warranty_on(work: Work, tariff: Tariff, request: Request, home: Home | None) -> str | None:
    """The kind of warranty a request stands under today."""
    device = work.session.get(Device, request.device_id) if request.device_id is not None else None
    return warranty_for(tariff, device, home, work.now.date())


def warranty_for(tariff: Tariff, device: Device | None, home: Home | None, today: date) -> str | None:
    """The first of the tariff's that still runs: dated ones from installation, the device's own to its last day."""
    since = device.installed_on if device is not None and device.installed_on else None
    since = since or (home.handed_over_on if home is not None else None)
    for kind in tariff.warranties:
        dated = kind.months is not None and since is not None
        if dated and since is not None and today < months_after(since, kind.months or 0):
            return kind.kind
        if kind.kind == DEVICE and device is not None and device.warranty_until and today <= device.warranty_until:
            return kind.kind
    return None
