"""What stands in which CSV file: the rows, and for each column how it is read."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from bot.import_cells import Reader
from domain.areas import Area
from domain.declared import Period
from domain.homes import Role

PERIODS: tuple[Period, ...] = ("month", "quarter", "year")


@dataclass(frozen=True)
class Customer:
    """A person we work for; `phone` in E.164."""

    ref: str
    name: str
    language: str
    phone: str | None
    email: str | None


@dataclass(frozen=True)
class Home:
    """A home we look after."""

    ref: str
    name: str
    address: str
    postcode: str
    city: str
    country: str
    region: str | None
    time_zone: str
    latitude: float | None
    longitude: float | None
    zone: str | None = None
    km: int | None = None
    complexity: str | None = None
    handed_over_on: date | None = None


@dataclass(frozen=True)
class Membership:
    """A customer's place in a home; `spending_limit` in major units, None means no limit."""

    home_ref: str
    customer_ref: str
    role: Role
    spending_limit: Decimal | None


@dataclass(frozen=True)
class Contract:
    """A home's contract; without `ends_on` it runs on."""

    ref: str
    home_ref: str
    plan: str
    starts_on: date
    ends_on: date | None
    period: Period


@dataclass(frozen=True)
class Device:
    """Something installed in a home."""

    ref: str
    home_ref: str
    area: Area
    room: str
    brand: str
    model: str
    serial: str | None
    installed_on: date | None
    warranty_until: date | None
    firmware: str | None = None


@dataclass(frozen=True)
class Parsed:
    """The whole import, every reference resolved within it."""

    customers: tuple[Customer, ...]
    homes: tuple[Home, ...]
    members: tuple[Membership, ...]
    contracts: tuple[Contract, ...]
    devices: tuple[Device, ...]


@dataclass(frozen=True)
class Column:
    """A column: how its cells are read, an example, and the file its values refer to."""

    name: str
    read: Callable[[Reader, str], Any]
    example: str
    required: bool = True
    refers: str | None = None


@dataclass(frozen=True)
class Table:
    """A file: its columns, and those that together name a row."""

    file: str
    kind: Callable[..., Any]
    columns: tuple[Column, ...]
    key: tuple[str, ...] = ("ref",)
    optional: bool = False


def _role(reader: Reader, cell: str) -> Role:
    return Role(reader.one_of(cell.replace(" ", "_"), [role.value for role in Role], "role"))


def _area(reader: Reader, cell: str) -> Area:
    return Area(reader.area(cell))


def _period(reader: Reader, cell: str) -> Period:
    named = reader.one_of(cell, PERIODS, "period")
    return next(period for period in PERIODS if period == named)


FILES = (
    Table(
        "customers.csv",
        Customer,
        (
            Column("ref", Reader.ref, "a reference like C001"),
            Column("name", Reader.name, "the full name"),
            Column("language", Reader.language, "en, fr, es or it"),
            Column("phone", Reader.phone, "a number like +33612345678", required=False),
            Column("email", Reader.mail, "an address", required=False),
        ),
    ),
    Table(
        "homes.csv",
        Home,
        (
            Column("ref", Reader.ref, "a reference like H001"),
            Column("name", Reader.name, "what the family calls it"),
            Column("address", Reader.name, "street and number"),
            Column("postcode", Reader.short, "the postcode"),
            Column("city", Reader.name, "the town"),
            Column("country", Reader.country, "a code like FR"),
            Column("region", Reader.short, "a region of yours", required=False),
            Column("time_zone", Reader.zone, "a zone like Europe/Paris"),
            Column("latitude", Reader.latitude, "degrees", required=False),
            Column("longitude", Reader.longitude, "degrees", required=False),
            Column("zone", Reader.travel_zone, "a travel zone of the tariff", required=False),
            Column("km", Reader.km, "the way to it in kilometres", required=False),
            Column("complexity", Reader.complexity, "a complexity of the tariff", required=False),
            Column("handed_over_on", Reader.day, "a day", required=False),
        ),
    ),
    Table(
        "members.csv",
        Membership,
        (
            Column("home_ref", Reader.ref, "a ref of homes.csv", refers="homes.csv"),
            Column("customer_ref", Reader.ref, "a ref of customers.csv", refers="customers.csv"),
            Column("role", _role, "owner, member, tenant or house_manager"),
            Column("spending_limit", Reader.amount, "an amount", required=False),
        ),
        key=("home_ref", "customer_ref"),
    ),
    Table(
        "contracts.csv",
        Contract,
        (
            Column("ref", Reader.ref, "a reference like K001"),
            Column("home_ref", Reader.ref, "a ref of homes.csv", refers="homes.csv"),
            Column("plan", Reader.plan, "the key of a plan"),
            Column("starts_on", Reader.day, "a day like 2025-03-01"),
            Column("ends_on", Reader.day, "a day", required=False),
            Column("period", _period, "month, quarter or year"),
        ),
    ),
    Table(
        "devices.csv",
        Device,
        (
            Column("ref", Reader.ref, "a reference like D001"),
            Column("home_ref", Reader.ref, "a ref of homes.csv", refers="homes.csv"),
            Column("area", _area, "an area like lighting"),
            Column("room", Reader.name, "the room"),
            Column("brand", Reader.name, "the maker"),
            Column("model", Reader.name, "the model"),
            Column("serial", Reader.name, "the serial number", required=False),
            Column("installed_on", Reader.day, "a day", required=False),
            Column("warranty_until", Reader.day, "a day", required=False),
            Column("firmware", Reader.short, "the version of its software", required=False),
        ),
        optional=True,
    ),
)
