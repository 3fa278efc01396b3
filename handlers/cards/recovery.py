"""The card of a recovery: who was not satisfied with what, who makes it good and until when; and what he is offered."""

from collections.abc import Iterable
from datetime import datetime

from domain import call_windows, promised, recoveries
from domain.company import Company
from domain.people import Person
from domain.recoveries import Recovered, Recovery
from domain.requests import Request
from domain.surveys import Survey
from domain.work import Work
from handlers.cards.answer import reasons
from handlers.cards.commitment import by
from handlers.cards.request import headline, who_is, zone_of
from handlers.conversation import standing
from handlers.messages import Button, Channel, Fact, Homeowner, Message, Part, Plain, Said
from locales.text import Moment, Span, Text, t


def about(one: Recovery) -> str:
    """The identity of the card, the same for the homeowner and for the team."""
    return f"recovery:{one.id}"


def thread(one: Recovery) -> Channel:
    """The thread under the team's card."""
    return Channel(one.channel, thread=about(one))


def title(work: Work, one: Recovery) -> Text:
    """How low it is."""
    answer = recoveries.answer_of(work, one)
    if isinstance(answer, Survey):
        return t("low.title", score=str(answer.score))
    return t("low.recommend", score=str(answer.score))


def for_team(work: Work, company: Company, one: Recovery, *, alert: bool = False) -> Message:
    """The card, as it is now."""
    return Message(
        to=Channel(one.channel),
        title=title(work, one),
        body=tuple(said(work, one)),
        facts=(*_who(work, company, one), *_done(work, company, one)),
        buttons=_buttons(one),
        about=about(one),
        alert=alert,
    )


def said(work: Work, one: Recovery) -> Iterable[Part]:
    """About what, why, and in which words."""
    answer = recoveries.answer_of(work, one)
    yield headline(work.session.get_one(Request, one.request_id))
    if isinstance(answer, Survey) and answer.reasons:
        yield t("survey.because", reasons=reasons(answer))
    if answer.remark:
        yield Said(answer.remark)


def _who(work: Work, company: Company, one: Recovery) -> Iterable[Fact]:
    person, answer = work.session.get_one(Person, one.person_id), recoveries.answer_of(work, one)
    yield Fact(t("team.customer"), t("recovery.who", name=person.name, phone=person.phone or "–"))
    if isinstance(answer, Survey) and answer.technician:
        yield Fact(t("low.technician"), who_is(company, answer.technician))
    yield Fact(t("recovery.owner"), who_is(company, one.owner) if one.owner else t("recovery.nobody"))


def _done(work: Work, company: Company, one: Recovery) -> Iterable[Fact]:
    """Until when; what has been done; what came of it."""
    zone = company.time_zone
    if one.running:
        yield Fact(t("recovery.due"), by(one.due_at, zone, work.now))
    if one.call_at is not None:
        yield Fact(t("recovery.call"), Moment(one.call_at, zone, "short"))
    if one.contacted_at is not None:
        yield Fact(t("recovery.contacted"), Moment(one.contacted_at, zone, "short"))
    if one.words:
        yield Fact(t("recovery.done"), one.words)
    if not one.running:
        yield Fact(t("recovery.outcome"), outcome(one))


def outcome(one: Recovery) -> Text:
    """What became of it."""
    return t("recovered.waits") if one.outcome is Recovered.OPEN else t(f"recovered.{one.outcome}")


def _buttons(one: Recovery) -> tuple[tuple[Button, ...], ...]:
    if not one.running:
        return ((standing("recovery.write", "recovery.write", recovery=one.id),),)
    return (
        (take(one), standing("recovery.write", "recovery.write", recovery=one.id),
         standing("recovery.called", "recovery.called", recovery=one.id)),
        (standing("recovery.good", "recovery.good", recovery=one.id),
         standing("recovery.not", "recovery.not", recovery=one.id)),
    )  # fmt: skip


def take(one: Recovery) -> Button:
    """I see to it: whoever has it already is named in the button, so that nobody takes it from somebody unseen."""
    args: dict[str, Plain] = {"recovery": one.id, "was": one.owner or ""}
    label = t("team.take_over") if one.owner else t("team.take")
    return Button(label, "recovery.take", args, "" if one.owner else "primary", standing=True)


# ── what he reads ──


def zone(work: Work, company: Company, one: Recovery) -> str:
    """Where he is."""
    return zone_of(work, company, work.session.get_one(Request, one.request_id))


def offer(work: Work, company: Company, to: Homeowner, one: Recovery) -> Message:
    """When may we call? Three half days, in his own time."""
    there = zone(work, company, one)
    found = call_windows.windows(
        promised.worktime(work, company), company.time_zone, there, company.follow_ups.daytime, work.now
    )
    choices = tuple(
        (Button(Span(window.begins, window.until, there), "recovery.call", _when(one, window), standing=True),)
        for window in found
    )
    body = (t("recovery.offer"),) if choices else (t("recovery.sorry.told"),)
    return Message(
        to=to, body=body, buttons=(*choices, (standing("menu.human", "human.ask"),)), about=about(one),
    )  # fmt: skip


def _when(one: Recovery, window: call_windows.Window) -> dict[str, Plain]:
    return {"recovery": one.id, "begins": window.begins.isoformat(), "until": window.until.isoformat()}


def chosen(work: Work, company: Company, to: Homeowner, one: Recovery, until: datetime) -> Message:
    """When we call him."""
    when = Span(one.call_at or until, until, zone(work, company, one))
    return Message(
        to=to,
        body=(t("recovery.call.kept", when=when),),
        buttons=((standing("menu.human", "human.ask"),),),
        about=about(one),
    )
