"""A price a teammate makes: more time, another grade, further lines, his own; the homeowner's tap makes it hold."""

from collections.abc import Iterable
from dataclasses import replace
from textwrap import shorten

from domain import bookings, contracts, quoting
from domain.appointments import Booking
from domain.areas import Help
from domain.cases import Extra
from domain.company import Job
from domain.coverage import Ruling
from domain.labour import NoPrice
from domain.money import Money
from domain.notes import Direction, Words, send
from domain.pricing import price
from domain.proposals import Promise
from domain.quoting import Look
from domain.requests import Request
from domain.stored import keep
from domain.work import Refusal
from handlers.cards.lines import quote_facts
from handlers.cards.names import named, work_label
from handlers.cards.verdict import Terms, valid_for
from handlers.conversation import Handler, Talk
from handlers.messages import Field, FormErrors, Outgoing, Part, Plain
from handlers.refusals import FormRefused
from handlers.team.amounts import money_in, own_word
from handlers.team.requests import form, form_again, minutes_in, request_of, said_so_far, wrong_at
from locales.text import Value, t

LONGEST_REASON = 500  # characters
GIVEN = ("work", "minutes", "grade", "lines", "amount")
MOST_LINES, LONGEST_LINE = 10, 100


class NothingToPrice(Refusal):
    """There is no help in this area that one could book, so there is nothing to make a price for."""


def _booking(talk: Talk, request: Request) -> Booking | None:
    return next(iter(bookings.booked_for(talk.work, request)), None)


# ── the form ──


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form: which help, how long, by whom, what besides."""
    request = request_of(talk)
    booking = _booking(talk, request)
    if booking is not None:
        agreed = bookings.quote_of(talk.work, booking)
        intro = t("more.intro", minutes=agreed.minutes, price=agreed.total)
        return form(talk, request, "price", (intro,), _fields(talk, (), None))
    jobs = quoting.jobs_for(talk.work, talk.company, request)
    if not jobs:
        raise NothingToPrice
    return form(talk, request, "price", (t("price.intro"),), _fields(talk, jobs, _likely(talk, jobs)))


def _likely(talk: Talk, jobs: tuple[Job, ...]) -> Job:
    """What a price is most often made for: a visit."""
    return next((job for job in jobs if talk.company.help_of(job.work) is Help.VISIT), jobs[0])


def _fields(talk: Talk, jobs: tuple[Job, ...], likely: Job | None) -> tuple[Field, ...]:
    company = talk.company
    works: tuple[tuple[str, Value], ...] = tuple((job.work, work_label(company, job.work)) for job in jobs)
    names = {grade.key: grade.name for grade in company.tariff.grades}
    grades: tuple[tuple[str, Value], ...] = tuple((key, named(names, key)) for key in names)
    which: tuple[Field, ...] = ()
    if likely is not None and len(works) > 1:
        which = (Field("work", t("price.work"), "choice", options=works, initial=likely.work),)
    who = (Field("grade", t("price.grade"), "choice", options=grades, optional=True),) if len(grades) > 1 else ()
    return (
        *which,
        Field("minutes", t("more.minutes"), "number", initial=str(likely.minutes) if likely else None),
        *who,
        Field("lines", t("price.lines"), "lines", hint=t("price.lines.hint"), optional=True, longest=1000),
        Field("amount", t("price.own", currency=company.currency), "number", hint=t("price.own.hint"), optional=True),
    )


def preview(talk: Talk) -> Iterable[Outgoing]:
    """What it comes to, line by line, and why: then he is asked."""
    request, look = request_of(talk), _look(talk)
    own_word(talk, _own(talk, request, look), "amount" if look.fixed is not None else "lines")
    promise, agreed = _promise(talk, request, look)
    quote = promise.priced.quote
    if agreed is not None and not look.asks_for_more and quote.total.minor <= agreed.minor:
        raise FormRefused(FormErrors({"minutes": t("more.not_dearer", price=agreed)}))
    lines: list[Part] = [t("price.line", what=f.label, amount=f.value) for f in quote_facts(talk.company, quote)]
    why = Field("words", t("more.words"), "lines", hint=t("more.hint"), longest=LONGEST_REASON)
    given: dict[str, Plain] = {name: said_so_far(talk, name) for name in GIVEN}
    return form_again(talk, request, "price", given, (t("price.preview"), *lines), (why,), t("price.send"))


def sent(talk: Talk) -> Iterable[Outgoing]:
    """Put it to the homeowner."""
    request, look = request_of(talk), _look(talk)
    words = said_so_far(talk, "words")
    if not words:
        raise FormRefused(FormErrors({"words": t("goodwill.no_reason")}))
    own_word(talk, _own(talk, request, look), "words")
    if look.fixed is not None:
        look = replace(look, fixed_for=shorten(words, LONGEST_LINE, placeholder="…"))
    promise, _ = _promise(talk, request, look)
    said = Words(Direction.TO_HOMEOWNER, talk.staff.name, words)
    send(talk.work, request, said, talk.staff.key, at_once=True)
    quoting.propose(talk.work, _booking(talk, request), request, promise, talk.staff.key)
    return ()


# ── what it comes to ──


def _look(talk: Talk) -> Look:
    """What was filled in. Raises FormRefused."""
    minutes = minutes_in(said_so_far(talk, "minutes"))
    if not minutes:
        raise wrong_at(talk, "minutes", t("form.minutes_wrong"))
    own = said_so_far(talk, "amount")  # nothing at all is a price, too
    amount = money_in(talk, "amount", own, t("price.own.wrong"), least=0) if own else None
    return Look(minutes, said_so_far(talk, "grade") or None, tuple(_extras(talk)), amount)


def _extras(talk: Talk) -> Iterable[Extra]:
    """Each line: what, and after the last semicolon how much."""
    lines = [line.strip() for line in said_so_far(talk, "lines").splitlines() if line.strip()]
    if len(lines) > MOST_LINES:
        raise FormRefused(FormErrors({"lines": t("price.too_many", most=MOST_LINES)}))
    for line in lines:
        name, mark, amount = line.rpartition(";")
        if not mark or not name.strip() or len(name.strip()) > LONGEST_LINE:
            raise FormRefused(FormErrors({"lines": t("price.wrong_line", line=line[:LONGEST_LINE])}))
        money = money_in(talk, "lines", amount, wrong=t("price.wrong_line", line=line[:LONGEST_LINE]))
        yield Extra(name.strip(), money)


def _own(talk: Talk, request: Request, look: Look) -> Money:
    """What rests on his word alone, not on the tariff: what he asks for besides, or what he gives away of it."""
    asked = sum((extra.amount.minor for extra in look.extras), look.fixed.minor if look.fixed else 0)
    given = 0
    if look.fixed is not None:
        his, usual = (_made(talk, request, replace(look, extras=(), fixed=fixed)) for fixed in (look.fixed, None))
        given = usual.priced.quote.total.minor - his.priced.quote.total.minor if his and usual else 0
    return Money(max(asked, given), talk.company.currency)


def _made(talk: Talk, request: Request, look: Look) -> Promise | None:
    """What it comes to; none where the tariff says nothing."""
    booking = _booking(talk, request)
    if booking is not None:
        return quoting.revised(talk.work, talk.company.time_zone, booking, request, look)
    return _fresh(talk, request, look)


def _promise(talk: Talk, request: Request, look: Look) -> tuple[Promise, Money | None]:
    """What it comes to, and what was agreed before. Raises FormRefused where the tariff has no price for it."""
    booking, promise = _booking(talk, request), _made(talk, request, look)
    agreed = bookings.quote_of(talk.work, booking).total if booking is not None else None
    if promise is None:
        raise wrong_at(talk, "amount", t("price.no_price"))
    if promise.priced.verdict.ruling is Ruling.EXCLUDED:
        raise wrong_at(talk, "amount", t("price.excluded"))
    return promise, agreed


def _fresh(talk: Talk, request: Request, look: Look) -> Promise | None:
    """For a visit or call that he then chooses a time for."""
    company, terms = talk.company, Terms.of(talk.work, talk.company, request)
    jobs = quoting.jobs_for(talk.work, company, request)
    job = next((job for job in jobs if job.work == said_so_far(talk, "work")), jobs[0] if jobs else None)
    if job is None:
        raise NothingToPrice
    case = look.on(terms.case(job, look.minutes))
    left = contracts.balances(talk.work, contracts.running(talk.work, request.home_id), but_for=request.id)
    try:
        priced = price(company.tariff, company.currency, company.time_zone, case, terms.plan, left)
    except NoPrice:
        return None
    return Promise(priced, keep(talk.work, company.tariff).id, talk.work.now + valid_for(company))


PRESSES: dict[str, Handler] = {"team.price": ask}
FORMS: dict[str, Handler] = {"team.price.sent": preview, "team.price.go": sent}
