"""What facts make us say: which card changes, who hears of it."""

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from domain import (
    desk,
    desk_events,
    events,
    first_aid_events,
    money_events,
    moved,
    promised,
    proposed_times,
    satisfaction_events,
    storm_events,
)
from domain.appointments import Booking, BookingState
from domain.notes import Direction, Note
from domain.people import ContactClaim, Person
from domain.requests import Request, running_of
from handlers import (
    commitments_told,
    company_told,
    desk_told,
    first_aid_told,
    freeing,
    money,
    moving,
    promises,
    quotes_told,
    recovery_told,
    referred_told,
    relaying,
    routed,
    storms_told,
    visits,
)
from handlers.cards.request import (
    booking_facts,
    for_homeowner,
    headline,
    relayed,
    thread,
    who_is,
)
from handlers.cards.team_card import for_team
from handlers.conversation import Talk, reach, standing, to
from handlers.homeowner.solve import calendar_entry
from handlers.messages import LATE, Channel, Importance, Message, Outgoing, Said
from handlers.team import contacts
from locales.text import t

Reaction = Callable[[Talk, Any], Iterable[Outgoing]]


def cards(talk: Talk, fact: events.OfRequest | events.OfBooking) -> Iterable[Outgoing]:
    """Both cards show how it stands now."""
    request = talk.work.session.get_one(Request, fact.request)
    own = for_homeowner(talk.work, talk.company, request)
    return [for_team(talk.work, talk.company, request), *([own] if own else [])]


def alarm(talk: Talk, fact: events.EmergencyRaised) -> Iterable[Outgoing]:
    """Everybody is rung, under the card and in the channel for emergencies."""
    request = talk.work.session.get_one(Request, fact.request)
    person = talk.work.session.get_one(Person, request.person_id)
    where = talk.company.channels.emergencies or request.channel
    yield Message(
        to=Channel(where, thread=f"request:{request.id}" if where == request.channel else None),
        title=t("team.emergency", number=request.number),
        body=(
            *((Said(request.story),) if request.story else ()),
            t("team.emergency.call", name=person.name, phone=person.phone or "–"),
        ),
        alert=True,
        importance=Importance.CRITICAL,
    )


def note(talk: Talk, fact: events.NoteAdded) -> Iterable[Outgoing]:
    """The homeowner's words go to the thread; where an answer to them is promised, the card says until when."""
    said = talk.work.session.get_one(Note, fact.note)
    if said.direction is not Direction.FROM_HOMEOWNER:
        return
    request = talk.work.session.get_one(Request, fact.request)
    desk.wake(talk.work, request)  # it rested until he writes
    yield relayed(request, said)
    if any(promise.what == "reply" for promise in promised.promises_for(talk.work, talk.company, request)):
        yield for_team(talk.work, talk.company, request)


def resolved(talk: Talk, fact: events.RequestResolved) -> Iterable[Outgoing]:
    """The homeowner is asked whether it is solved."""
    request = talk.work.session.get_one(Request, fact.request)
    yield Message(
        to=reach(talk.work.session.get_one(Person, request.person_id)),
        owed=request.id,
        title=headline(request),
        body=(
            t("solved.ask", name=who_is(talk.company, fact.by)),
            *((Said(request.resolution),) if request.resolution else ()),
        ),
        buttons=(
            (
                standing("solved.yes", "solved.yes", request=request.id),
                standing("solved.no", "solved.no", request=request.id),
            ),
            (standing("menu.human", "human.ask"),),
        ),
    )


def claimed(talk: Talk, fact: events.RequestClaimed) -> Iterable[Outgoing]:
    """The homeowner hears who sees to it."""
    request = talk.work.session.get_one(Request, fact.request)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    if chat is not None:
        yield Message(
            to=chat,
            body=(t("claimed.by", name=who_is(talk.company, fact.by), about=headline(request)),),
            buttons=((standing("menu.human", "human.ask"),),),
        )


def reopened(talk: Talk, fact: events.RequestReopened) -> Iterable[Outgoing]:
    """The team hears that it is not solved, or who took it up again."""
    request = talk.work.session.get_one(Request, fact.request)
    told = t("team.reopened") if fact.by is None else t("team.reopened.by", name=who_is(talk.company, fact.by))
    yield Message(to=thread(request), body=(told,), alert=fact.by is None)


def booked(talk: Talk, fact: events.Booked) -> Iterable[Outgoing]:
    """The team hears of the appointment."""
    request = talk.work.session.get_one(Request, fact.request)
    booking = talk.work.session.get_one(Booking, fact.booking)
    facts = booking_facts(talk.work, talk.company, request, booking)
    yield Message(to=thread(request), body=(t("team.moved" if fact.moved else "team.booked"),), facts=facts)


def unbooked(talk: Talk, fact: events.BookingCancelled) -> Iterable[Outgoing]:
    """Both hear that it is off; the calendar entry is taken back."""
    request = talk.work.session.get_one(Request, fact.request)
    booking = talk.work.session.get_one(Booking, fact.booking)
    facts = booking_facts(talk.work, talk.company, request, booking)[:1]
    yield Message(to=thread(request), body=(t("team.unbooked"),), facts=facts)
    if booking.state is BookingState.CANCELLED:
        entry = calendar_entry(talk, request, booking)
        yield Message(
            to=reach(talk.work.session.get_one(Person, request.person_id)), body=(t("booking.off"),), facts=facts,
            media=(entry,), sorry_after=talk.work.now + LATE, owed=request.id,
        )  # fmt: skip


def hold_expired(talk: Talk, fact: events.HoldExpired) -> Iterable[Outgoing]:
    """Whoever had not confirmed is told that the time is free again."""
    request = talk.work.session.get_one(Request, fact.request)
    booking = talk.work.session.get_one(Booking, fact.booking)
    chat = to(talk.work.session.get_one(Person, request.person_id))
    ours = proposed_times.keeps_for_answer(talk.work, booking.id) is not None  # he never asked for that time
    if chat is not None and request.running and not ours:
        yield Message(
            to=chat,
            body=(t("hold.over"),),
            facts=booking_facts(talk.work, talk.company, request, booking)[:1],
            buttons=((standing("request.book", "solve.ways", request=request.id),),),
        )


def linked(talk: Talk, fact: events.PersonLinked) -> Iterable[Outgoing]:
    """The team hears who is here now."""
    person = talk.work.session.get_one(Person, fact.person)
    yield Message(to=Channel(talk.company.channels.requests), body=(t("team.linked", name=person.name),))
    for request in running_of(talk.work, person.id):
        yield for_team(talk.work, talk.company, request)


def contact(talk: Talk, fact: events.ContactShared) -> Iterable[Outgoing]:
    """The team is asked who it is."""
    yield contacts.card(talk, talk.work.session.get_one(ContactClaim, fact.claim))


def blocked(talk: Talk, fact: events.PersonBlocked) -> Iterable[Outgoing]:
    """The team hears, once, that somebody must be called instead; with what is still running for him."""
    person = talk.work.session.get_one(Person, fact.person)
    running = running_of(talk.work, person.id)
    yield Message(
        to=thread(running[0]) if running else Channel(talk.company.channels.requests),
        body=(t("team.blocked", name=person.name, phone=person.phone or "–"),),
    )


REACTIONS: dict[type[events.Event], Sequence[Reaction]] = {
    events.RequestOpened: (cards,),
    events.EmergencyRaised: (storms_told.alone, cards, alarm),
    events.RequestClaimed: (cards, claimed),
    events.RequestResolved: (commitments_told.solved, cards, resolved, storms_told.child_changed),
    events.RequestConfirmed: (cards,),
    events.RequestReopened: (
        storms_told.alone,
        commitments_told.not_solved,
        cards,
        reopened,
        storms_told.child_changed,
    ),
    events.RequestClosed: (cards,),
    events.RequestCancelled: (commitments_told.called_off, cards, storms_told.child_changed),
    first_aid_events.FirstAidHelped: (
        commitments_told.called_off,
        cards,
        first_aid_told.told,
        storms_told.child_changed,
    ),
    first_aid_events.FirstAidDidNotHelp: (first_aid_told.told,),
    events.NoteAdded: (note,),
    desk_events.WordsWaiting: (relaying.waiting,),
    desk_events.WordsSent: (relaying.left, cards, recovery_told.words_left),
    desk_events.WordsTakenBack: (relaying.taken_back,),
    desk_events.WordsChanged: (relaying.changed,),
    desk_events.WordsWithdrawn: (relaying.withdrawn,),
    desk_events.CardMoved: (routed.card_moved,),
    events.UrgencyChanged: (routed.rerouted, cards, desk_told.urgency_changed),
    desk_events.HandedOver: (desk_told.handed_over,),
    desk_events.AreaChanged: (storms_told.sorted_anew, routed.rerouted, cards, desk_told.area_changed),
    desk_events.ClocksLookedAt: (cards,),
    desk_events.Snoozed: (cards, desk_told.snoozed),
    desk_events.Woken: (cards, desk_told.woken),
    desk_events.PartAwaited: (cards, desk_told.part_awaited),
    desk_events.RequestUnmerged: (desk_told.unmerged,),
    desk_events.NotSolvedThere: (cards, desk_told.not_solved_there),
    desk_events.RequestMerged: (commitments_told.merged, cards, desk_told.merged, storms_told.child_changed),
    desk_events.RequestSplit: (desk_told.split,),
    desk_events.Noted: (desk_told.noted,),
    desk_events.GoodwillGiven: (desk_told.goodwill,),
    desk_events.CommitmentMade: (cards, commitments_told.made),
    desk_events.CommitmentMoved: (cards, commitments_told.moved),
    desk_events.CommitmentAsked: (cards, commitments_told.asked),
    desk_events.CommitmentSettled: (cards, commitments_told.settled),
    desk_events.CommitmentReopened: (cards, commitments_told.reopened),
    desk_events.CommitmentWentOver: (cards, commitments_told.went_over),
    desk_events.TimeOffered: (desk_told.time_offered,),
    desk_events.TimeDeclined: (desk_told.time_declined,),
    storm_events.StormBegan: (storms_told.began,),
    storm_events.StormJoined: (cards, storms_told.joined),
    storm_events.StormLeft: (cards, storms_told.left),
    storm_events.StormTaken: (storms_told.taken,),
    storm_events.StormTold: (storms_told.told,),
    storm_events.StormSolved: (storms_told.solved,),
    storm_events.StormDenied: (storms_told.denied,),
    desk_events.PricesEntered: (company_told.prices_entered,),
    desk_events.PricesTakenBack: (company_told.prices_taken_back,),
    events.WaitBegan: (cards,),
    events.WaitEnded: (cards,),
    events.PromiseWarned: (promises.warned,),
    desk_events.HandedBack: (cards, relaying.handed_back),
    events.Booked: (cards, booked, freeing.booked, moving.away_then),
    events.BookingCancelled: (cards, unbooked, money.called_off, freeing.freed),
    events.BookingMoved: (freeing.freed,),
    events.HoldExpired: (hold_expired, money.lapsed, freeing.freed),
    events.TechnicianSetOut: (cards, visits.set_out),
    events.RunningLate: (cards, visits.running_late),
    events.NobodyThere: (cards, visits.nobody_there, money.called_off, freeing.freed),
    events.SlotFreed: (visits.freed,),
    moved.TechnicianSwapped: (cards, moving.swapped),
    moved.TimeProposed: (moving.proposed,),
    moved.TimeAgreed: (moving.agreed,),
    moved.TimeNotAgreed: (moving.not_agreed,),
    moved.TimeWithdrawn: (moving.withdrawn,),
    moved.TimeStands: (moving.stands,),
    moved.NoTimeFound: (moving.nothing_found,),
    moved.CalendarEntered: (moving.entered,),
    moved.CalendarTakenBack: (moving.taken_back,),
    moved.OutsideUnreachable: (moving.unreachable,),
    events.WorkDone: (money.done,),
    money_events.PaymentAsked: (money.asked,),
    money_events.OrderPaid: (money.paid,),
    money_events.OrderLetGo: (money.on_the_card,),
    money_events.MoneyCameAgain: (money.on_the_card,),
    money_events.FeeRose: (money.fee_rose,),
    money_events.MoneyAstray: (money.astray,),
    money_events.UnknownSettled: (money.unknown_settled,),
    money_events.MoneyKept: (money.kept,),
    money_events.MoneyGivenBack: (money.given_back,),
    money_events.MoneyLeft: (money.too_much,),
    events.QuoteProposed: (
        cards,
        quotes_told.proposed,
    ),
    events.QuoteAccepted: (cards, quotes_told.accepted),
    events.QuoteRefused: (
        cards,
        quotes_told.refused,
    ),
    events.PersonLinked: (linked,),
    events.ContactShared: (contact,),
    events.PersonBlocked: (blocked,),
    events.SurveyAnswered: (recovery_told.scored,),
    satisfaction_events.SurveyReasoned: (recovery_told.scored,),
    events.SurveyRemarked: (recovery_told.scored,),
    satisfaction_events.RecommendAnswered: (recovery_told.recommended,),
    satisfaction_events.RecommendRemarked: (recovery_told.recommended,),
    satisfaction_events.RecoveryOpened: (recovery_told.opened,),
    satisfaction_events.RecoveryTaken: (recovery_told.taken,),
    satisfaction_events.RecoveryWarned: (recovery_told.warned,),
    satisfaction_events.CallChosen: (recovery_told.call_chosen,),
    satisfaction_events.RecoveryContacted: (recovery_told.shown,),
    satisfaction_events.RecoveryMadeGood: (recovery_told.shown,),
    satisfaction_events.RecoverySettled: (recovery_told.settled,),
    satisfaction_events.ReferralCame: (referred_told.came,),
    satisfaction_events.ReferralSigned: (referred_told.signed,),
}
