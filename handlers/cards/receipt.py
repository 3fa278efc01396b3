"""The receipt of a payment: what is printed, as values; drawn in the reader's language when it leaves."""

from zoneinfo import ZoneInfo

from domain import proposals
from domain.appointments import Booking
from domain.company import Company
from domain.homes import Home
from domain.orders import Movement, Order
from domain.people import Person
from domain.proposals import StoredQuote
from domain.receipts import Receipt
from domain.requests import Request
from domain.work import Work
from handlers.cards.lines import quote_facts
from handlers.cards.request import zone_of
from handlers.messages import Document
from locales.text import Day, Listing, Span, Value, t


def paper(work: Work, company: Company, receipt: Receipt, order: Order) -> Document:
    """The receipt as a PDF."""
    movement = work.session.get_one(Movement, receipt.movement_id)
    booking = work.session.get(Booking, order.booking_id) if order.booking_id is not None else None
    request = work.session.get_one(Request, order.request_id)
    quote = proposals.quote_of(work.session.get_one(StoredQuote, order.quote_id))
    zone = zone_of(work, company, request)
    lines = [part for fact in quote_facts(company, quote) for part in (fact.label, fact.value)]
    how: Value = t("receipt.telegram") if movement.provider_charge else t("receipt.by_hand")
    paid: list[Value] = [t("pay.deposit" if order.deposit else "receipt.paid"), movement.amount]
    return Document(
        "receipt",
        f"{receipt.name}.pdf",
        {
            "title": t("receipt.title", number=receipt.name),
            "company": company.name,
            "head": Listing((
                t("receipt.date"), Day(movement.at.astimezone(ZoneInfo(zone)).date()),
                t("receipt.for"), work.session.get_one(Person, order.person_id).name,
                *_home(work, request),
                t("receipt.order"), order.number,
                *((t(f"help.{booking.help}"), Span(booking.starts_at, booking.ends_at, zone)) if booking else ()),
            )),
            "lines": Listing(tuple(lines)),
            "paid": Listing((
                *paid, t("receipt.tax"), _tax(movement), t("receipt.how"), how,
                *((t("receipt.charge"), movement.charge) if movement.charge and movement.provider_charge else ()),
            )),
            "footer": t("receipt.footer"),
        },
    )  # fmt: skip


def _home(work: Work, request: Request) -> tuple[Value, ...]:
    home = work.session.get(Home, request.home_id) if request.home_id is not None else None
    return () if home is None else (t("receipt.home"), f"{home.address}, {home.postcode} {home.city}")


def _tax(movement: Movement) -> Value:
    return type(movement.amount)(movement.tax_minor, movement.currency)
