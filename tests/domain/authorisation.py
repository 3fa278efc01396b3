"""Every act of the team's desk, tried by everybody everywhere: what comes of it, as a table one can read.

`python -m tests.domain.authorisation` writes the golden file anew: look at each line of the difference.
"""

import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path

import msgspec
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot import reception, routes, schema
from bot.database import sqlite_engine
from domain import (
    calendar,
    campaigns,
    canned,
    commitments,
    dispatching,
    notes,
    payments,
    phone_tasks,
    price_changes,
    proposed_times,
    recoveries,
    standings,
    storm_deeds,
    storm_watching,
    surveys,
)
from domain.calendar import EntryKind, NotYourCalendar, Wish
from domain.campaign_people import Whom
from domain.company import Company
from domain.dispatching import NotYoursToMove
from domain.money import Money
from domain.notes import Direction, Note, Words
from domain.orders import Movement
from domain.people import ContactClaim
from domain.requests import Happening, Request
from domain.standings import Kind
from domain.work import Refusal, Work
from handlers import allowed, refusals
from handlers.inbound import (
    Chosen,
    Deleted,
    Edited,
    Filled,
    Inbound,
    Opened,
    Place,
    Press,
    Reacted,
    Sender,
    Typed,
)
from handlers.messages import Button, Channel, Importance, Message, Outgoing, Page, Section, Teammate
from handlers.pipes import Card, make_keyboard
from handlers.refusals import FormRefused
from handlers.team.home import NotYourTab
from locales.phrasebook import say
from locales.text import t
from tests.domain import till
from tests.domain.ground import MONDAY, home, person, request
from tests.domain.test_dispatching import at, has_visit, twins
from tests.domain.till import PAID

GOLDEN = Path(__file__).with_name("authorisation.txt")
LEGEND = """Who may what at the team's desk: every act, tried by everybody, everywhere. Written by a program
(python -m tests.domain.authorisation), kept by a test.

yes   it is done, or its form opens (a rule of the work itself may still say no)
own   only for his own calendar and visits, and this is somebody else's
role  refused: he alone reads which role it takes, and whom to ask
told  refused: he alone reads that this is not for him, and nothing else
–     nothing happens and nothing is said

technician, dispatcher, manager: who has that one role. guest: of our workspace, named a manager in the company file.
stranger: of another company, in a shared channel. elsewhere: an id that the company file names, from another workspace.
removed: in the company file when the card was drawn, not any more.
"""
PLACES = {
    "home channel": Place("slack", "C0SERVICE", "channel", "100.1"),
    "shared channel": Place("slack", "C0SHARED", "channel", "100.1"),
    "direct message": Place("slack", "D0DIRECT", "private", "100.1"),
}
PEOPLE = {
    "technician": Sender("slack", "U0TOM", team="T1"),
    "dispatcher": Sender("slack", "U0LENA", team="T1"),
    "manager": Sender("slack", "U0MARC", team="T1"),
    "guest": Sender("slack", "U0GUS", team="T1"),
    "stranger": Sender("slack", "U0EVE", team="T9", foreign=True),
    "bot": Sender("slack", "U0ROBOT", team="T1"),
    "elsewhere": Sender("slack", "U0MARC", team="T9", foreign=True),
    "removed": Sender("slack", "U0GONE", team="T1"),
}
WAITING = "We are on our way."
ROLES = {"tom": "technician", "lena": "dispatcher", "marc": "manager"}
NAMES = ("Tom", "Lena", "Marc", "Ana")
ROLE = (allowed.NotYourRole, allowed.NobodyHasTheRole)
TOLD = (allowed.TeamOnly, allowed.GuestsCannot, allowed.OtherWorkspace)
OWN = (NotYourCalendar, NotYoursToMove, canned.NotYourReply)
FILLED = {
    "words": "It is done.",
    "again": "It is done.",
    "minutes": "20",
    "who": "ana",
    "first": "2026-03-20",
    "amount": "1",
    "number": "1",
    "name": "Lamps",
    "a_day": "10",
    **{f"words_{language}": "New lamps" for language in ("en", "fr", "es", "it")},
}


FIGURE = "labour work=visit per_hour"


def company() -> Company:
    """The sample company, where three people have one role each, and a guest was made a manager."""
    ground = twins().model_copy(update={"payment": PAID.payment})
    team = [m.model_copy(update={"roles": (ROLES[m.key],)}) if m.key in ROLES else m for m in ground.team]
    guest = ground.member("marc").model_copy(
        update={"key": "gus", "slack": "U0GUS", "name": "Gus", "roles": ("manager",)}
    )
    return ground.model_copy(update={"team": (*team, guest)})


@dataclass
class World:
    """What there is to act on, and what each button carries."""

    work: Work
    company: Company
    args: dict[str, str | int]


def world(work: Work) -> World:
    """One of each: a request with a visit of Ana's, an order, money nobody asked for, an absence, a claim, notes."""
    ours = company()
    standings.learn(work, {"U0GUS": Kind.GUEST, "U0ROBOT": Kind.BOT}, {})
    owner = person(work, "Marta", telegram="7001")
    place = home(work, "VILLA", owner)
    place.region = "riviera"
    asked = request(work, owner, place)
    asked.talks = "ana"
    booking = has_visit(work, ours, asked, at(4, 10))
    away = calendar.enter(work, ours, Wish(EntryKind.AWAY, "ana", at(9, 0), at(10, 0)), ours.member("lena"))
    args: dict[str, str | int] = {"request": asked.id, "entry": away.id, "kind": "closed", "who": "ana"}
    args |= {"day": "2026-03-04", "inbox": 1, "claim": _claim(work), "order": _order(work)}
    payments.receive(work, ours, payments.Received("nothing", Money(500, "EUR"), "c9", "ch9", "7009"))
    args["movement"] = work.session.scalars(select(Movement.id).where(Movement.order_id.is_(None))).one()
    slot = dispatching.searching(work, ours, booking, asked).at(at(5, 14))
    assert slot is not None
    args["proposal"] = proposed_times.propose(work, ours, booking, asked, slot, "lena").id
    args["note"] = _notes(work, asked)
    args["task"] = phone_tasks.owe(work, asked, {}).id
    args |= {"commitment": _commitment(work, asked), "due": at(9, 10).isoformat()}
    made = canned.make(work, ours, ours.member("marc"), None, "Coming", {"en": "We are coming."})
    args |= {"reply": made.ref, "seen": made.version}
    args |= {"figure": FIGURE, "change": _prices(work, ours)}
    args |= {"area": asked.area.value, "urgency": asked.urgency.value}
    args |= {"tab": "mine", "person": asked.person_id, "home": asked.home_id or 0}
    args["storm"] = _storm(work, ours, asked)
    args["recovery"] = _recovery(work, ours, asked)
    args["campaign"] = _campaign(work, ours)
    for place in PLACES.values():
        _thread(work, asked, place)
    for fact in work.events:
        told = {"name": type(fact).__name__, "subject": fact.subject, "actor": "test"}
        work.session.add(Happening(**told, facts=msgspec.to_builtins(fact), at=work.now))
    work.session.flush()
    return World(work, ours, args)


def _storm(work: Work, ours: Company, asked: Request) -> int:
    likeness = storm_watching.alike(work, ours, asked)[0].likeness
    storm = storm_deeds.begin_by_hand(work, ours, asked, likeness.key, "ana")
    assert storm is not None
    return storm.id


def _recovery(work: Work, ours: Company, asked: Request) -> int:
    """Somebody was not satisfied."""
    survey = surveys.ask(work, asked)
    assert survey is not None
    surveys.answer(work, survey, 1)
    one = recoveries.answered(work, ours, survey)
    assert one is not None
    return one.id


def _campaign(work: Work, ours: Company) -> int:
    """A draft, for every owner."""
    words = dict.fromkeys(ours.languages, "New lamps")
    wish = campaigns.Wish("Lamps", Whom(), words, "visit", "lighting", work.now.date(), 10)
    return campaigns.draft(work, ours, wish, "marc").id


def _claim(work: Work) -> int:
    stranger, known = person(work, "Paula", telegram="7002"), person(work, "Paula Rossi", phone="+39555")
    home(work, "FLAT", known)
    claim = ContactClaim(person_id=stranger.id, phone="+39555", suggested_id=known.id, created_at=work.now)
    work.session.add(claim)
    work.session.flush()
    return claim.id


def _order(work: Work) -> int:
    wish, who = till.asked(work, "Emma")
    return till.ordered(work, till.held(work, wish, technician="ines"), wish, who).id


def _prices(work: Work, ours: Company) -> int:
    """Visits become dearer next month."""
    amounts = {FIGURE: Decimal(115)}
    return price_changes.enter(work, ours, price_changes.Wish(date(2026, 4, 1), amounts), "marc").id


def _notes(work: Work, asked: Request) -> int:
    words = Words(Direction.TO_HOMEOWNER, "Ana", WAITING)
    return notes.send(work, asked, words, "ana").id


def _commitment(work: Work, asked: Request) -> int:
    wish = commitments.Wish("I shall call on Friday", at(6, 10), "ana")
    return commitments.pin(work, asked, wish, "ana").id


def _thread(work: Work, asked: Request, place: Place) -> None:
    """The card of the request hangs there, and under it stands what a teammate wrote for the team."""
    work.session.add(Card(target=place.chat, about=f"request:{asked.id}", remote=str(place.thread)))
    source = f"slack:{place.chat}:101.1"
    notes.add_note(work, asked, Words(Direction.INTERNAL, "Ana", "Fuse is gone.", source=source))


def acts(ground: World) -> Iterator[tuple[str, Callable[[Sender, Place], Inbound]]]:
    """Every act there is, by the tables of the routes, and the inbound that it is."""
    for act in sorted(routes.TEAM):
        yield f"press {act}", _press(ground, act)
    for act in sorted(routes.FORMS):
        yield f"form {act}", _form(ground, act)
    yield "press home.show: managers' side", _press(ground, "home.show", tab="team")
    yield "form team.goodwill.sent: too much", _form(ground, "team.goodwill.sent", amount="5000")
    for name in sorted(routes.SLASH):
        yield f"command /{name}", lambda who, place, name=name: Typed(sender=who, place=place, text="", command=name)
    yield (
        "command /aftercare: prices",
        lambda who, place: Typed(sender=who, place=place, text="prices", command="aftercare", trigger="1.2.3"),
    )
    yield (
        "command /aftercare: campaigns",
        lambda who, place: Typed(sender=who, place=place, text="campaigns", command="aftercare", trigger="1.2.3"),
    )
    for name in sorted(routes.SHORTCUTS):
        yield (
            f"shortcut {name}",
            lambda who, place, name=name: Chosen(
                sender=who,
                place=place,
                message="101.1",
                trigger="1.2.3",
                shortcut=name,
                author="U0ANA",
                text="Fuse is gone.",
            ),
        )
    sends = ground.company.desk.send_reaction or ""
    yield "reaction that sends", lambda who, place: Reacted(sender=who, place=place, message="101.1", name=sends)
    yield "another reaction", lambda who, place: Reacted(sender=who, place=place, message="101.1", name="wave")
    yield "words in a thread", lambda who, place: Typed(sender=who, place=place, message="102.1", text="Noted.")
    yield "words changed", lambda who, place: Edited(sender=who, place=place, message="101.1", text="Fuse is fine.")
    yield "words deleted", lambda who, place: Deleted(sender=who, place=place, message="101.1")
    yield "home opened", lambda who, place: Opened(sender=who, place=place)


def _press(ground: World, act: str, **args: str) -> Callable[[Sender, Place], Inbound]:
    def made(who: Sender, place: Place) -> Inbound:
        token = _token(ground, act, place.chat, **args)
        return Press(sender=who, place=place, message="100.1", trigger="1.2.3", token=f"{token}.0")

    return made


def _form(ground: World, act: str, **filled: str) -> Callable[[Sender, Place], Inbound]:
    def made(who: Sender, place: Place) -> Inbound:
        token = _token(ground, act, who.user)
        return Filled(sender=who, place=Place("slack", who.user), trigger="1.2.3", token=token, values=FILLED | filled)

    return made


def _token(ground: World, act: str, place: str, **args: str) -> str:
    """The button as it was drawn, when nobody asked who would press it."""
    drawn = Button(t("press.old"), act, ground.args | args, standing=True)
    return make_keyboard(ground.work.session, place, None, [drawn], ground.work.now)


def came_of(ground: World, inbound: Inbound) -> str:
    """One word for what came of it; whatever it changed is undone."""
    session = ground.work.session
    nested = session.begin_nested()
    work = Work(session, ground.work.now)
    talk = reception.welcome(work, ground.company, inbound, "slack:C0SERVICE:100.1", routes.STEPS)
    try:
        answered = list(routes.answer(talk))
        session.flush()
        if isinstance(inbound, Opened) and talk.teammate is None:
            return _closed(answered) if answered else "–"
        return _done(inbound, answered) if answered or work.events or talk.revive or _stirred(session) else "–"
    except FormRefused as wrong:
        why = {text.key for text in wrong.errors.errors.values()}
        return (
            "own"
            if why & {"refusal.not_your_calendar", "refusal.not_your_reply"}
            else "role"
            if "goodwill.manager" in why
            else "yes"
        )
    except NotYourTab:
        return "role"
    except ROLE as no:
        return _privately(inbound, list(refusals.said(talk, no)), "role", changed=bool(work.events))
    except TOLD as no:
        return _privately(inbound, list(refusals.said(talk, no)), "told", changed=bool(work.events))
    except OWN:
        return "own"
    except routes.OldButton:
        raise
    except Refusal:
        return "yes"  # he may; the work itself says no
    finally:
        nested.rollback()
        session.expire_all()


def _stirred(session: Session) -> bool:
    """Whether a note was written or changed: what is said in a thread is kept without a word."""
    return sorted(session.scalars(select(Note.words))) != sorted([WAITING, *("Fuse is gone." for _ in PLACES)])


def _done(inbound: Inbound, answered: list[Outgoing]) -> str:
    """What he is answered is for him alone, or for the company's own channels: a shared channel hears nothing."""
    shared = PLACES["shared channel"].chat
    assert not [one for one in answered if isinstance(getattr(one, "to", None), Channel) and one.to.id == shared]  # type: ignore[union-attr]
    return "yes"


def _closed(answered: list[Outgoing]) -> str:
    """The app's home of somebody who is not of the team: one sentence."""
    (only,) = answered
    assert isinstance(only, Page)
    assert (only.home, only.buttons) == (True, [])
    assert only.sections == (Section(body=(t("refusal.team_only"),)),)
    return "told"


def _privately(inbound: Inbound, said: list[Outgoing], word: str, *, changed: bool) -> str:
    """A refusal changes nothing, and only he reads it: in the channel, where nobody else sees it, or in private."""
    assert not changed
    assert isinstance(inbound, Press | Filled | Typed | Chosen | Reacted)
    (only,) = said
    assert isinstance(only, Message)
    where = inbound.place.chat if inbound.place.kind == "channel" else None
    assert only.to == Teammate(inbound.sender.user, where, inbound.place.thread)
    assert not only.buttons
    words = " ".join(say(part, "en") for part in only.body)  # type: ignore[arg-type]
    if word == "told":
        assert only.importance is Importance.LOW
        assert not any(name in words for name in (*NAMES, "Marta", "Fuse"))
    return word


def matrix(work: Work) -> str:
    """The whole table."""
    ground = world(work)
    rows = list(acts(ground))
    wide = max(len(name) for name, _ in rows) + 2
    lines = [LEGEND]
    for where, place in PLACES.items():
        lines.append(f"{where:<{wide}}" + "".join(f"{who:<12}" for who in PEOPLE).rstrip())
        for name, made in rows:
            cells = [came_of(ground, made(who, place)) for who in PEOPLE.values()]
            lines.append(f"{name:<{wide}}" + "".join(f"{cell:<12}" for cell in cells).rstrip())
        lines.append("")
    return "\n".join(lines)


def main() -> None:
    """Write the golden file."""
    with tempfile.TemporaryDirectory() as folder:
        engine = sqlite_engine(f"sqlite:///{folder}/record.db")
        schema.everything().create_all(engine)
        with Session(engine, expire_on_commit=False) as session:
            GOLDEN.write_text(matrix(Work(session, MONDAY, "test")), encoding="utf-8")
        engine.dispose()


if __name__ == "__main__":
    main()
