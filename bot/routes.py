"""Who answers what: the table to read first."""

from collections.abc import Iterable, Mapping

from domain import rights, standings
from domain.standings import Kind
from domain.work import Refusal
from handlers import due, phone_answers, phoning
from handlers.allowed import allowed, belongs_here
from handlers.conversation import Handler, Step, Talk
from handlers.homeowner import (
    arrive,
    asked,
    call_back,
    coming_back,
    contract,
    danger,
    menu,
    paying,
    plans,
    preferences,
    prices,
    proposed_time,
    quoted,
    ready,
    recommend,
    report,
    requests,
    solve,
    statement,
    survey,
    times,
    waiting,
)
from handlers.inbound import (
    Blocked,
    Checkout,
    Chosen,
    Contact,
    Deleted,
    Delivered,
    Due,
    Edited,
    Filled,
    GroupChanged,
    Joined,
    Location,
    Media,
    Opened,
    Paid,
    Press,
    Reacted,
    Typed,
)
from handlers.management import satisfaction
from handlers.messages import Outgoing
from handlers.pipes import pressed
from handlers.team import (
    booking,
    calendar,
    campaign_forms,
    campaigns,
    commitments,
    contacts,
    customer,
    day,
    deeds,
    dispatch,
    find,
    goodwill,
    home,
    invite,
    payments,
    phone_log,
    price_list,
    quoting,
    recovery,
    relay,
    replies,
    solving,
    splitting,
    storms,
    trouble,
    unknown_money,
    visits,
)
from handlers.team import requests as team
from locales.text import t

# What a homeowner may type with a slash.
COMMANDS: dict[str, Handler] = {
    **arrive.COMMANDS,
    **menu.COMMANDS,
    **report.COMMANDS,
    **contract.COMMANDS,
    **plans.COMMANDS,
    **preferences.COMMANDS,
}

# What his buttons mean.
HOMEOWNER: dict[str, Handler] = {
    **arrive.PRESSES,
    **menu.PRESSES,
    **report.PRESSES,
    **danger.PRESSES,
    **solve.PRESSES,
    **times.PRESSES,
    **paying.PRESSES,
    **waiting.PRESSES,
    **ready.PRESSES,
    **requests.PRESSES,
    **contract.PRESSES,
    **plans.PRESSES,
    **prices.PRESSES,
    **statement.PRESSES,
    **quoted.PRESSES,
    **proposed_time.PRESSES,
    **survey.PRESSES,
    **recommend.PRESSES,
    **call_back.PRESSES,
    **asked.PRESSES,
    **coming_back.PRESSES,
    **preferences.PRESSES,
}

# The questions a conversation can stand at.
STEPS: dict[str, Step] = {
    **arrive.STEPS,
    **report.STEPS,
    **solve.STEPS,
    **times.STEPS,
    **paying.STEPS,
    **ready.STEPS,
    **survey.STEPS,
    **recommend.STEPS,
    **requests.STEPS,
}

# What the team's buttons, forms and slash commands mean.
TEAM: dict[str, Handler] = {
    **team.PRESSES,
    **solving.PRESSES,
    **relay.PRESSES,
    **deeds.PRESSES,
    **splitting.PRESSES,
    **booking.PRESSES,
    **goodwill.PRESSES,
    **storms.PRESSES,
    **visits.PRESSES,
    **quoting.PRESSES,
    **phoning.PRESSES,
    **phone_answers.PRESSES,
    **commitments.PRESSES,
    **dispatch.PRESSES,
    **calendar.PRESSES,
    **day.PRESSES,
    **contacts.PRESSES,
    **payments.PRESSES,
    **unknown_money.PRESSES,
    **trouble.PRESSES,
    **home.PRESSES,
    **customer.PRESSES,
    **find.PRESSES,
    **phone_log.PRESSES,
    **invite.PRESSES,
    **replies.PRESSES,
    **price_list.PRESSES,
    **recovery.PRESSES,
    **campaigns.PRESSES,
    **campaign_forms.PRESSES,
}
FORMS: dict[str, Handler] = {
    **solving.FORMS,
    **relay.FORMS,
    **deeds.FORMS,
    **splitting.FORMS,
    **booking.FORMS,
    **goodwill.FORMS,
    **storms.FORMS,
    **visits.FORMS,
    **quoting.FORMS,
    **commitments.FORMS,
    **dispatch.FORMS,
    **calendar.FORMS,
    **payments.FORMS,
    **unknown_money.FORMS,
    **find.FORMS,
    **phone_log.FORMS,
    **replies.FORMS,
    **price_list.FORMS,
    **recovery.FORMS,
    **campaign_forms.FORMS,
}
SLASH: dict[str, Handler] = {
    "satisfaction": satisfaction.show,
    "calendar": calendar.show,
    "day": day.show,
    "aftercare": find.command,
}
SHORTCUTS: dict[str, Handler] = {**relay.SHORTCUTS, **commitments.SHORTCUTS}


class OldButton(Refusal):
    """The button is not known any more, or was shown somewhere else."""


def answer(talk: Talk) -> Iterable[Outgoing]:
    """The answer to an inbound: what came in, and from whom, decides who gives it."""
    inbound = talk.inbound
    if isinstance(inbound, Due):
        return due.DUE[inbound.kind](talk)
    if isinstance(inbound, Checkout):
        return paying.checkout(talk)
    if isinstance(inbound, Delivered):
        return due.delivered(talk)
    if isinstance(inbound, GroupChanged):
        standings.group_changed(talk.work, talk.company, inbound.group, inbound.added, inbound.removed)
        return ()
    if talk.person is not None:
        return _homeowner(talk)
    if isinstance(inbound, Joined):
        return arrive.group(talk)
    if talk.came.sender.network == "slack":
        return _team(talk)
    return ()


def _homeowner(talk: Talk) -> Iterable[Outgoing]:
    inbound = talk.inbound
    if not isinstance(inbound, Blocked):
        arrive.back_again(talk, talk.who)
    if isinstance(inbound, Press):
        return _press(talk, inbound)
    if isinstance(inbound, Typed) and inbound.command is not None:
        return COMMANDS.get(inbound.command, menu.help_)(talk)
    if isinstance(inbound, (Typed, Media)):
        step, said = STEPS.get(talk.draft.step or ""), danger.heard(talk)
        hears = step and (step.typed if isinstance(inbound, Typed) else step.media)
        if said is None and hears and not requests.replied_to(talk):
            said = hears(talk)
        return requests.words(talk) if said is None else said
    return _OTHERS[type(inbound)](talk) if type(inbound) in _OTHERS else ()


_OTHERS: dict[type, Handler] = {
    Edited: requests.edited,
    Contact: arrive.contact,
    Location: requests.place,
    Blocked: arrive.blocked,
    Paid: paying.paid,
}


def _press(talk: Talk, press: Press) -> Iterable[Outgoing]:
    """A button is bound to the chat it was shown in, and to its question; an old one shows where we are."""
    meant = pressed(talk.work.session, press.place.chat, press.token)
    if meant is None or meant.act not in HOMEOWNER:
        talk.notice = t("press.unknown")
        return talk.ask() if talk.draft.step else menu.home(talk)
    if meant.turn is not None and meant.turn != talk.draft.turn:
        talk.notice = t("press.old")
        return talk.ask() if talk.draft.step else menu.home(talk)
    talk.args = meant.args
    return HOMEOWNER[meant.act](talk)


def _team(talk: Talk) -> Iterable[Outgoing]:
    """Whoever he is at this moment decides, not who he was when the card was drawn."""
    inbound = talk.inbound
    if talk.visitor is Kind.BOT:
        return ()
    if isinstance(inbound, Opened):
        return home.opened(talk)
    if isinstance(inbound, Joined) or not _concerns_us(talk):
        return ()
    belongs_here(talk)
    if isinstance(inbound, Chosen):
        return _act(talk, inbound.shortcut, SHORTCUTS, rights.SHORTCUTS) if inbound.shortcut in SHORTCUTS else ()
    if isinstance(inbound, (Press, Filled)):
        return _team_act(talk, inbound)
    if isinstance(inbound, Typed) and inbound.command is not None:
        return _act(talk, inbound.command, SLASH, rights.COMMANDS) if inbound.command in SLASH else ()
    if isinstance(inbound, Reacted):
        allowed(talk, rights.SEND_REACTION)
    return _IN_THREAD.get(type(inbound), relay.said_in_thread)(talk)


def _act(talk: Talk, act: str, table: Mapping[str, Handler], rows: Mapping[str, rights.Roles]) -> Iterable[Outgoing]:
    """What has no row in the table of rights is nobody's."""
    allowed(talk, rows.get(act, rights.NOBODY))
    return table[act](talk)


_IN_THREAD: dict[type, Handler] = {Reacted: relay.reacted, Edited: relay.edited, Deleted: relay.deleted}


def _concerns_us(talk: Talk) -> bool:
    """What strangers write in a channel is none of our business, nor what people put on messages for fun."""
    inbound = talk.inbound
    if isinstance(inbound, Reacted):
        meant = inbound.name == talk.company.desk.send_reaction
        return meant and (inbound.added or talk.teammate is not None)
    return talk.teammate is not None or not isinstance(inbound, Typed | Media | Edited | Deleted) or _command(inbound)


def _command(inbound: object) -> bool:
    return isinstance(inbound, Typed) and inbound.command is not None


def _team_act(talk: Talk, inbound: Press | Filled) -> Iterable[Outgoing]:
    session, mine = talk.work.session, inbound.sender.user  # what was shown to him alone is bound to him
    if isinstance(inbound, Press):
        table, rows = TEAM, rights.PRESSES
        meant = pressed(session, inbound.place.chat, inbound.token) or pressed(session, mine, inbound.token)
    else:
        table, rows, meant = FORMS, rights.FORMS, pressed(session, mine, f"{inbound.token}.0")
    if meant is None or meant.act not in table:
        raise OldButton
    talk.args = meant.args
    return home.around(talk, _act(talk, meant.act, table, rows))
