"""A campaign: whom it is for, what they read, and what came of it."""

from collections.abc import Iterable

from domain import campaigns
from domain.campaign_people import Counted, Whom
from domain.campaign_results import Results
from domain.campaigns import Campaign, CampaignState
from domain.company import Company
from domain.money import Money
from domain.prompts import Reply
from domain.tariff import NO_PLAN
from domain.work import Work
from handlers.cards.names import named, work_label
from handlers.conversation import standing
from handlers.messages import Button, Fact, Said, Section
from locales.text import Day, In, Listing, Text, Value, own, t


def buttons(*, asks: bool, prompt: int) -> tuple[Button, ...]:
    """What the homeowner can say to it; the engine adds *later*, *never this* and *stop all*."""
    more = standing("campaign.more", "prompt.more", prompt=prompt)
    return (standing("campaign.yes", "prompt.yes", prompt=prompt), more) if asks else (more,)


def plan_label(company: Company, key: str) -> Value:
    """A plan by its name, or that there is none."""
    if key == NO_PLAN:
        return t("campaigns.no_plan")
    return next((own(plan.name) for plan in company.plans if plan.key == key), key)


def region_label(company: Company, key: str) -> Value:
    """A region by its name."""
    return named({region.key: region.name for region in company.tariff.regions}, key)


def whom_label(company: Company, whom: Whom) -> Value:
    """Whom it is for."""
    parts: list[Value] = [plan_label(company, key) for key in whom.plans]
    parts += [region_label(company, key) for key in whom.regions]
    if whom.brand or whom.model:
        parts.append(f"{whom.brand} {whom.model}".strip())
    if whom.installed_before is not None:
        parts.append(t("campaigns.older", day=Day(whom.installed_before)))
    return Listing(tuple(parts), "plain") if parts else t("campaigns.everybody")


def asks_label(company: Company, kind: str | None, area: str | None) -> Value:
    """What a yes asks for."""
    if kind is None or area is None:
        return t("campaigns.asks.none")
    return t("campaigns.asks.this", work=work_label(company, kind), area=t(f"area.{area}"))


def reach(found: Counted) -> Iterable[Text]:
    """How many homes and people it is for, how many agreed; and why nobody would read it."""
    how_many = (
        t("campaigns.homes", found.homes), t("campaigns.people", found.people), t("campaigns.agreed", found.agreed)
    )  # fmt: skip
    yield t("campaigns.reach", who=Listing(how_many, "plain"))
    if not found.people:
        yield t("campaigns.nobody.there")
    elif not found.agreed:
        yield t("campaigns.nobody.agreed")


def about(company: Company, campaign: Campaign) -> tuple[Fact, ...]:
    """Where it stands, whom it is for, what a yes asks for, and how fast it goes."""
    return (
        Fact(t("campaigns.state"), t(f"campaign.{campaign.state}")),
        Fact(t("campaigns.whom"), whom_label(company, campaign.to)),
        Fact(t("campaigns.asks"), asks_label(company, campaign.work, campaign.area)),
        Fact(t("campaigns.when"), t("campaigns.pace", campaign.a_day, day=Day(campaign.starts_on))),
    )


def came_of_it(company: Company, found: Results) -> tuple[Fact, ...]:
    """What was said to it, and what was booked."""
    return (
        Fact(t("campaigns.asked"), found.asked, apart=True),
        Fact(t("campaigns.waiting"), found.waiting),
        Fact(t("campaigns.opened"), found.opened),
        Fact(t("campaigns.said.yes"), found.said(Reply.YES)),
        Fact(t("campaigns.said.more"), found.said(Reply.MORE)),
        Fact(t("campaigns.said.later"), found.said(Reply.LATER)),
        Fact(t("campaigns.said.never"), found.said(Reply.NEVER, Reply.STOP)),
        Fact(t("campaigns.booked"), found.booked),
        Fact(t("campaigns.revenue"), Money(found.revenue, company.currency)),
    )


def listed(company: Company, campaign: Campaign, found: Results, actions: tuple[Button, ...]) -> Section:
    """One in the list: a draft has come to nothing yet."""
    facts = about(company, campaign)
    if campaign.state is not CampaignState.DRAFT:
        facts = (*facts, *came_of_it(company, found))
    return Section(title=campaign.name, facts=facts, buttons=(actions,) if actions else ())


def preview(work: Work, company: Company, campaign: Campaign, found: Counted) -> Iterable[Section]:
    """Whom it reaches and how long that takes; then what they read in each language, with the buttons under it."""
    body = [*reach(found)]
    if found.agreed:
        last = campaigns.last_day(work, company, campaign, found.agreed)
        body.append(t("campaigns.days", -(-found.agreed // campaign.a_day), day=Day(last)))
    yield Section(title=campaign.name, body=tuple(body), facts=about(company, campaign))
    yield from read_in(company, campaign)


def read_in(company: Company, campaign: Campaign) -> Iterable[Section]:
    """What they read."""
    below = (*buttons(asks=campaign.work is not None, prompt=0), *OF_THE_ENGINE)
    for language in company.languages:
        labels = tuple(In(button.label, language) for button in below if isinstance(button.label, Text))
        yield Section(
            title=t("campaigns.read_in", language=t(f"language.{language}")),
            body=(Said(f"{company.name}\n{campaigns.words_in(campaign, company, language)}"),),
            footer=t("campaigns.buttons", buttons=Listing(labels, "plain")),
        )


OF_THE_ENGINE = (
    standing("prompt.later", "prompt.later"),
    standing("prompt.never", "prompt.never"),
    standing("prompt.stop", "prompt.stop"),
    standing("menu.human", "human.ask"),
)
