"""The team's calendar from Slack: absences, extra shifts, closing days; and everybody's own calendar address."""

from collections.abc import Iterable
from datetime import date, time

from domain import arranging, calendar, feeds
from domain.calendar import CalendarEntry, EntryKind, NotYourCalendar, Wish
from domain.work import Refusal
from handlers.cards.days import absence_card, entry_fact, may_see, spoken, whose, zone_for
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Button, Field, Form, FormErrors, Importance, Message, Outgoing, Teammate
from handlers.refusals import FormRefused
from handlers.team.requests import filled
from locales.text import Text, Value, t

LISTED = 15  # entries; each has a button of its own
LONGEST_REASON = 200  # characters


class NoSuchEntry(Refusal):
    """It is not there."""


def here(talk: Talk) -> Teammate:
    """Whoever speaks, where he speaks: nobody else sees it."""
    place = talk.came.place
    return Teammate(talk.came.sender.user, place.chat if place.kind == "channel" else None)


def show(talk: Talk) -> Iterable[Outgoing]:
    """What is entered ahead, each with *take back*, and what can be entered."""
    yield _listed(talk)


def _listed(talk: Talk, said: tuple[Text, ...] = ()) -> Message:
    all_ = calendar.arranges(talk.staff)
    found = calendar.ahead(talk.work, None if all_ else talk.staff.key)
    mine = [entry for entry in found if calendar.may_enter(talk.staff, entry.kind, entry.technician)]
    return Message(
        to=here(talk),
        title=t("calendar.list.all" if all_ else "calendar.list.mine"),
        body=said if found else (*said, t("calendar.nothing")),
        facts=tuple(entry_fact(talk.company, entry, reason=may_see(talk, entry)) for entry in found),
        buttons=(*((_back(talk, entry),) for entry in mine[:LISTED]), _new(talk), *_own_address(talk)),
    )


def _back(talk: Talk, entry: CalendarEntry) -> Button:
    label = t("calendar.take_back", who=whose(talk.company, entry), when=spoken(talk.company, entry))
    return Button(label, "calendar.back", {"entry": entry.id}, standing=True)


def _new(talk: Talk) -> tuple[Button, ...]:
    away = standing("calendar.new.away", "calendar.new", kind=EntryKind.AWAY.value)
    if not calendar.arranges(talk.staff):
        return (away,)
    extra = standing("calendar.new.extra", "calendar.new", kind=EntryKind.EXTRA.value)
    return (away, extra, standing("calendar.new.closed", "calendar.new", kind=EntryKind.CLOSED.value))


def _own_address(talk: Talk) -> tuple[tuple[Button, ...], ...]:
    if "technician" not in talk.staff.roles:
        return ()
    if feeds.has_one(talk.work, talk.staff.key):
        return ((standing("feed.again", "feed.make"), standing("feed.revoke", "feed.revoke")),)
    return ((standing("feed.make", "feed.make"),),)


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Open the form for one kind of entry."""
    if talk.came.trigger is None:
        return
    kind = EntryKind(str(talk.args["kind"]))
    if not calendar.may_enter(talk.staff, kind, talk.staff.key):
        raise NotYourCalendar
    yield Form(
        trigger=talk.came.trigger,
        user=talk.came.sender.user,
        act="calendar.sent",
        args={"kind": kind.value},
        title=t(f"calendar.title.{kind}"),
        intro=(t(f"calendar.intro.{kind}"),),
        fields=(*_who(talk, kind), *_when(kind), _why()),
        submit=t("calendar.submit"),
    )


def _who(talk: Talk, kind: EntryKind) -> tuple[Field, ...]:
    if kind is EntryKind.CLOSED or not calendar.arranges(talk.staff):
        return ()
    people: tuple[tuple[str, Value], ...] = tuple((m.key, m.name) for m in talk.company.team if "technician" in m.roles)
    mine = talk.staff.key if "technician" in talk.staff.roles else None
    return (Field("who", t("calendar.who"), "choice", options=people, initial=mine),)


def _when(kind: EntryKind) -> tuple[Field, ...]:
    first = Field("first", t("calendar.first"), "date")
    last = Field("last", t("calendar.last"), "date", hint=t("calendar.last.hint"), optional=True)
    if kind is EntryKind.CLOSED:
        return (first, last)
    must = kind is EntryKind.EXTRA
    hint = None if must else t("calendar.whole_days")
    begins = Field("begins", t("calendar.begins"), "time", optional=not must)
    return (first, begins, last, Field("ends", t("calendar.ends"), "time", hint=hint, optional=not must))


def _why() -> Field:
    return Field("reason", t("calendar.reason"), hint=t("calendar.reason.hint"), optional=True, longest=LONGEST_REASON)


def sent(talk: Talk) -> Iterable[Outgoing]:
    """It is entered, and holds at once; what lies in it is listed to whoever entered it."""
    kind = EntryKind(str(talk.args["kind"]))
    said = filled(talk)
    who = None if kind is EntryKind.CLOSED else str(said.get("who") or talk.staff.key)
    if who is not None and who not in {m.key for m in talk.company.team if "technician" in m.roles}:
        raise FormRefused(FormErrors({"who" if calendar.arranges(talk.staff) else "first": t("calendar.wrong.who")}))
    first = _day(said, "first")
    last = _day(said, "last") if said.get("last") else first
    hours = (_time(said, "begins"), _time(said, "ends"))
    zone = zone_for(talk.company, who)
    wish = Wish(kind, who, *calendar.stretch(first, last, hours, zone), str(said.get("reason") or "").strip())
    entry = _entered(talk, wish, "ends" if hours[1] and last == first else "last")
    arranging.let_holds_go(talk.work, entry)
    yield absence_card(talk, entry, Teammate(talk.came.sender.user))


def _entered(talk: Talk, wish: Wish, where: str) -> CalendarEntry:
    """Written down, or what is wrong at the field it is wrong at."""
    try:
        return calendar.enter(talk.work, talk.company, wish, talk.staff)
    except calendar.EndsTooEarly:
        raise FormRefused(FormErrors({where: t("calendar.wrong.ends")})) from None
    except calendar.OverAlready:
        raise FormRefused(FormErrors({where: t("calendar.wrong.over")})) from None
    except calendar.TooLong:
        raise FormRefused(FormErrors({"last": t("calendar.wrong.long")})) from None
    except NotYourCalendar:
        raise FormRefused(FormErrors({"first": t("refusal.not_your_calendar")})) from None


def _day(said: dict[str, object], field: str) -> date:
    try:
        return date.fromisoformat(str(said.get(field) or ""))
    except ValueError:
        raise FormRefused(FormErrors({field: t("calendar.wrong.day")})) from None


def _time(said: dict[str, object], field: str) -> time | None:
    given = said.get(field)
    if not given:
        return None
    try:
        return time.fromisoformat(str(given))
    except ValueError:
        raise FormRefused(FormErrors({field: t("calendar.wrong.time")})) from None


def back(talk: Talk) -> Iterable[Outgoing]:
    """It does not hold any more; the list as it stands now."""
    entry = talk.work.session.get(CalendarEntry, talk.number("entry"))
    if entry is None:
        raise NoSuchEntry
    calendar.take_back(talk.work, entry, talk.staff)
    stand = arranging.let_stand(talk.work, entry)
    yield _listed(talk, (t("calendar.stand", stand),) if stand else ())


def make_address(talk: Talk) -> Iterable[Outgoing]:
    """A secret address for his own calendar program, said once; the one before works no more."""
    token = feeds.make(talk.work, talk.staff.key, talk.staff.key)
    yield Message(
        to=here(talk),
        title=t("feed.title"),
        body=(t("feed.address", address=f"{talk.address or ''}/calendar/{token}.ics"), t("feed.once")),
        buttons=((standing("feed.revoke", "feed.revoke"),),),
        importance=Importance.CRITICAL,
        secret=True,
    )


def revoke_address(talk: Talk) -> Iterable[Outgoing]:
    """The address works no more."""
    had = feeds.revoke(talk.work, talk.staff.key, talk.staff.key)
    yield Message(to=here(talk), body=(t("feed.revoked" if had else "feed.none"),))


PRESSES: dict[str, Handler] = {
    "calendar.list": show,
    "calendar.new": ask,
    "calendar.back": back,
    "feed.make": make_address,
    "feed.revoke": revoke_address,
}
FORMS: dict[str, Handler] = {"calendar.sent": sent}
