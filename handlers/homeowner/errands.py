"""What we propose to do: maintenance that a plan provides for, a newer device, newer software. A yes chooses a time."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

import msgspec

from domain import contracts, errands, looking
from domain.catalogue import find
from domain.errands import Errand
from domain.homes import Device, Home
from domain.plans import Maintenance
from domain.pricing import Priced
from domain.prompts import Kind, Prompt
from domain.requests import Request
from domain.work import Refusal
from handlers.asking import Asking
from handlers.cards.devices import device_name
from handlers.cards.lines import quote_facts
from handlers.cards.verdict import Terms, Way, way_fact, write_down
from handlers.conversation import Talk, standing
from handlers.homeowner import wanted
from handlers.homeowner.mine import may_spend
from handlers.homeowner.occasions import home_fact, home_of
from handlers.messages import Button, Fact, Homeowner, Message, Outgoing
from locales.phrasebook import say
from locales.text import Day, Minutes, Text, Value, own, t


class NotOfferedAnyMore(Refusal):
    """What was proposed has no price any more, or nobody does it."""


@dataclass(frozen=True)
class Proposed:
    """What would be done, and what it costs now."""

    home: Home
    errand: Errand
    priced: Priced


def _proposed(talk: Talk, prompt: Prompt) -> Proposed | None:
    home = home_of(talk, prompt)
    errand = _errand(talk, prompt, home)
    priced = errands.priced(talk.work, talk.company, home, errand) if errand is not None else None
    return Proposed(home, errand, priced) if errand is not None and priced is not None else None


def _errand(talk: Talk, prompt: Prompt, home: Home) -> Errand | None:
    if prompt.kind is Kind.UPGRADE:
        today = looking.there(talk.work, home)
        return errands.upgrade(talk.company, home, _device(talk, prompt), str(prompt.facts["reason"]), today)
    care = _care(talk, home)
    return errands.maintenance(talk.company, care) if care is not None else None


def _device(talk: Talk, prompt: Prompt) -> Device:
    return talk.work.session.get_one(Device, int(prompt.subject.partition(":")[2]))


def _care(talk: Talk, home: Home) -> Maintenance | None:
    plan = contracts.terms(contracts.running(talk.work, home.id))
    return plan.maintenance if plan is not None else None


def still(talk: Talk, prompt: Prompt) -> bool:
    """Is there still a reason, and something with a price to offer?"""
    return looking.holds(talk.work, talk.company, prompt) and _proposed(talk, prompt) is not None


# ── what is said ──


def maintenance(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """Why, when it is due, and what it costs."""
    home, facts = home_of(talk, prompt), prompt.facts
    done = [Fact(t("occasion.done"), Day(date.fromisoformat(facts["done"])))] if facts.get("done") else []
    return Message(
        to=to,
        title=_care_name(_care(talk, home)),
        body=(t("occasion.maintenance.why", int(facts["months"])),),
        facts=(
            *home_fact(talk, prompt),
            Fact(t("occasion.due"), Day(date.fromisoformat(facts["due"]))),
            *done,
            *_cost(talk, _proposed(talk, prompt)),
        ),
        buttons=_ways(prompt),
    )


def _care_name(care: Maintenance | None) -> Value:
    return own(care.name) if care is not None and care.name is not None else t("occasion.maintenance")


def _cost(talk: Talk, proposed: Proposed | None) -> tuple[Fact, ...]:
    """What it is, how long it takes and what it costs, with what is left of the plan then."""
    if proposed is None:
        return ()
    errand = proposed.errand
    job = next(job for job in talk.company.offered(errand.area) if job.work == errand.work)
    lasting = job.model_copy(update={"minutes": errand.minutes, "at_least": None})
    return (way_fact(talk.company, Way(lasting, talk.company.help_of(errand.work), proposed.priced)),)


def _ways(prompt: Prompt) -> tuple[tuple[Button, ...], ...]:
    yes = standing("occasion.yes", "prompt.yes", prompt=prompt.id)
    return (
        (msgspec.structs.replace(yes, style="primary"), standing("occasion.more", "prompt.more", prompt=prompt.id)),
    )


def upgrade(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """Which device, why (he can check it), what changes for him, and the price line by line."""
    device, proposed = _device(talk, prompt), _proposed(talk, prompt)
    known = find(talk.company.catalogue, device.brand, device.model)
    changes = [t("occasion.upgrade.update")] if prompt.facts["reason"] == errands.FIRMWARE else []
    if not changes and known is not None and known.replaced_by is not None:
        changes = [t("occasion.upgrade.new", words=own(known.replaced_by))]
    lines: tuple[Fact, ...] = ()
    if proposed is not None:
        takes = Fact(t("booking.takes"), Minutes(proposed.errand.minutes))
        lines = (takes, *quote_facts(talk.company, proposed.priced.quote))
    return Message(
        to=to,
        title=own(known.name) if known is not None and known.name is not None else device_name(device),
        body=(_reason(talk, prompt), *changes),
        facts=(*home_fact(talk, prompt), *lines),
        buttons=_ways(prompt),
    )


def _reason(talk: Talk, prompt: Prompt) -> Text:
    facts = prompt.facts
    if facts["reason"] == "age":
        return t("occasion.upgrade.age", int(facts["years"]), installed=_day(facts["installed"]))
    if facts["reason"] == errands.FAULTS:
        return t("occasion.upgrade.faults", int(facts["times"]), day=_day(facts["last"]))
    if facts["reason"] == errands.FIRMWARE:
        return t("occasion.upgrade.firmware", has=str(facts["has"]), newest=str(facts["newest"]))
    ended = facts["on"] <= looking.there(talk.work, home_of(talk, prompt)).isoformat()
    return t("occasion.upgrade.ended" if ended else "occasion.upgrade.ends", day=_day(facts["on"]))


def _day(iso: str) -> Day:
    return Day(date.fromisoformat(iso))


# ── yes ──


def yes(talk: Talk, prompt: Prompt) -> Iterable[Outgoing]:
    """He wants it: a request for just that, and the times. A second press shows them again."""
    before = wanted.begun(talk, prompt)
    if before is not None:
        return wanted.again(talk, before, _work(talk, before))
    proposed = _proposed(talk, prompt)
    if proposed is None:
        raise NotOfferedAnyMore
    if not may_spend(talk, proposed.priced.quote.total, proposed.home.id):
        return (talk.say(t("solve.owner_decides"), buttons=((standing("menu.human", "human.ask"),),)),)
    request = _begun(talk, prompt, proposed)
    return wanted.offered(talk, request, _work(talk, request))


def _begun(talk: Talk, prompt: Prompt, proposed: Proposed) -> Request:
    errand = proposed.errand
    story = _story(talk, prompt, proposed.home)
    request = errands.take_up(talk.work, talk.company, talk.who.id, proposed.home, errand, story)
    if request is None:
        raise NotOfferedAnyMore
    prompt.request_id = request.id
    write_down(talk.work, talk.company, request)
    return request


def _story(talk: Talk, prompt: Prompt, home: Home) -> str:
    """What the team reads as what he wants."""
    language = talk.company.team_language
    if prompt.kind is Kind.MAINTENANCE:
        care = _care(talk, home)
        own_words = care.name.say(language) if care is not None and care.name is not None else ""
        return own_words or say(t("occasion.maintenance"), language)
    device = _device(talk, prompt)
    known = find(talk.company.catalogue, device.brand, device.model)
    newest = str(prompt.facts.get("newest", ""))
    what = newest or (known.replaced_by.say(language) if known is not None and known.replaced_by is not None else "–")
    return f"{device.brand} {device.model} ({device.room}) → {what}"


def _work(talk: Talk, request: Request) -> str:
    """The one kind of work it is for."""
    return Terms.of(talk.work, talk.company, request).jobs[0].work


KINDS: dict[Kind, Asking] = {
    Kind.MAINTENANCE: Asking(still, maintenance, yes),
    Kind.UPGRADE: Asking(still, upgrade, yes),
}
