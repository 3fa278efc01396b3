"""Who came by a friend's link: the team reads it as a lead, and the friend is thanked when it became a contract."""

from collections.abc import Iterable

from domain import referrals, satisfaction_events
from domain.contracts import Contract
from domain.people import Person
from domain.referrals import Referred
from handlers.conversation import Talk, standing, to
from handlers.messages import Channel, Fact, Message, Outgoing
from locales.text import Moment, t


def came(talk: Talk, fact: satisfaction_events.ReferralCame) -> Iterable[Outgoing]:
    """The lead's card."""
    yield _lead(talk, talk.work.session.get_one(Referred, fact.referred))


def signed(talk: Talk, fact: satisfaction_events.ReferralSigned) -> Iterable[Outgoing]:
    """The card says what became of it."""
    yield _lead(talk, talk.work.session.get_one(Referred, fact.referred))


def _lead(talk: Talk, one: Referred) -> Message:
    person = talk.work.session.get_one(Person, one.person_id)
    sender = referrals.sent_by(talk.work, one.referral_id)
    who = t("team.who", name=person.name, language=t(f"language.{person.language}"))
    contract = talk.work.session.get(Contract, one.contract_id) if one.contract_id is not None else None
    return Message(
        to=Channel(talk.company.channels.requests),
        title=t("lead.title"),
        body=(t("lead.signed") if contract is not None else t("lead.body"),),
        facts=(
            Fact(t("lead.who"), who),
            Fact(t("lead.by"), sender.name),
            Fact(t("lead.since"), Moment(one.came_at, talk.company.time_zone, "short")),
            *((Fact(t("lead.contract"), contract.ref),) if contract is not None else ()),
        ),
        about=f"referred:{one.id}",
    )


def thanks(talk: Talk, referred: int) -> Iterable[Outgoing]:
    """Once; whom he sent us he does not read."""
    sender = referrals.thank(talk.work, referred)
    chat = to(sender) if sender is not None else None
    if chat is not None:
        buttons = ((standing("menu.human", "human.ask"),),)
        yield Message(to=chat, body=(t("referral.thanks", company=talk.company.name),), buttons=buttons)
