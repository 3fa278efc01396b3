"""A campaign as a manager writes it: whom it is for, what a yes asks for, when; then the words in each language."""

from collections.abc import Iterable
from datetime import date

from domain import campaign_people, campaigns
from domain.campaign_people import Whom, counted
from domain.campaigns import Campaign, CampaignState, Wish
from domain.company import Company
from domain.tariff import NO_PLAN
from domain.work import Refusal
from handlers.cards.campaign import asks_label, plan_label, reach, region_label
from handlers.conversation import Handler, Talk
from handlers.inbound import Filled
from handlers.messages import Field, Form, FormErrors, Outgoing, Part, Plain
from handlers.refusals import FormRefused, phrase
from handlers.team.campaigns import every_one, list_again, one
from handlers.team.requests import filled, said_in, said_so_far
from locales.text import Value, t

ALL, NOTHING = "all", "nothing"
USUAL_A_DAY = 40
REGIONS = 99
FIRST_PAGE = ("name", "plan", "region", "brand", "model", "before", "asks", "day", "a_day")
WRONG_AT: dict[type[Refusal], str] = {  # where in the form a rule's no is said
    campaigns.CampaignWithoutName: "name", campaigns.CampaignTooMany: "a_day", campaigns.CampaignDayWrong: "day",
    campaigns.CampaignWorkWrong: "asks",
}  # fmt: skip


def ask_new(talk: Talk) -> Iterable[Outgoing]:
    """To whom, what a yes asks for, and when?"""
    return _form(talk, None)


def ask_change(talk: Talk) -> Iterable[Outgoing]:
    """The same, with what was said before."""
    campaign = campaigns.held(talk.work, talk.number("campaign"))
    if campaign.state is not CampaignState.DRAFT:
        raise campaigns.CampaignStands(campaign.name, campaign.state)
    return _form(talk, campaign)


def _form(talk: Talk, campaign: Campaign | None) -> Iterable[Outgoing]:
    if talk.came.trigger is None:
        return
    args: dict[str, Plain] = {"campaign": campaign.id} if campaign is not None else {}
    if (beneath := talk.args.get("list")) is not None:
        args["list"] = beneath
    yield Form(
        trigger=talk.came.trigger,
        user=talk.came.sender.user,
        act="campaigns.whom",
        args=args,
        title=t("campaigns.one"),
        intro=(t("campaigns.intro"),),
        fields=tuple(_fields(talk, campaign)),
        submit=t("campaigns.further"),
    )


def _fields(talk: Talk, campaign: Campaign | None) -> Iterable[Field]:
    whom = campaign.to if campaign is not None else Whom()
    company, tomorrow = talk.company, campaigns.working_day(talk.work, talk.company, talk.company.today(talk.work.now))
    yield Field("name", t("campaigns.name"), hint=t("campaigns.name.hint"), longest=campaigns.LONGEST_NAME,
                initial=campaign.name if campaign else None)  # fmt: skip
    everybody: tuple[str, Value] = (ALL, t("campaigns.all"))
    plans = (everybody, *((key, plan_label(company, key)) for key in (*(p.key for p in company.plans), NO_PLAN)))
    yield Field("plan", t("campaigns.plan"), "choice", options=plans, initial=_one_of(whom.plans))
    places = campaign_people.regions(talk.work)[:REGIONS]
    if places:
        options = (everybody, *((key, region_label(company, key)) for key in places))
        yield Field("region", t("campaigns.region"), "choice", options=options, initial=_one_of(whom.regions))
    yield Field("brand", t("campaigns.brand"), optional=True, initial=whom.brand or None, longest=100)
    yield Field("model", t("campaigns.model"), optional=True, initial=whom.model or None, longest=100,
                hint=t("campaigns.model.hint"))  # fmt: skip
    before = whom.installed_before.isoformat() if whom.installed_before else None
    yield Field("before", t("campaigns.before"), "date", optional=True, initial=before)
    asked = f"{campaign.work}:{campaign.area}" if campaign is not None and campaign.work else NOTHING
    yield Field("asks", t("campaigns.asks"), "choice", groups=_works(company), initial=asked,
                hint=t("campaigns.asks.hint"))  # fmt: skip
    day = campaign.starts_on if campaign is not None else tomorrow
    yield Field("day", t("campaigns.day"), "date", initial=day.isoformat())
    many = campaign.a_day if campaign is not None else USUAL_A_DAY
    yield Field("a_day", t("campaigns.a_day"), "number", initial=str(many), hint=t("campaigns.a_day.hint"))


def _one_of(chosen: tuple[str, ...]) -> str:
    return chosen[0] if chosen else ALL


def _works(company: Company) -> tuple[tuple[Value, tuple[tuple[str, Value], ...]], ...]:
    """Every kind of work the company offers, under its area."""
    nothing: tuple[str, Value] = (NOTHING, asks_label(company, None, None))
    groups: list[tuple[Value, tuple[tuple[str, Value], ...]]] = [(t("campaigns.asks.no"), (nothing,))]
    for area in company.areas:
        # The area stands in each option too: what is chosen is shown without its heading.
        works = tuple((f"{job.work}:{area}", asks_label(company, job.work, area)) for job in company.offered(area))
        groups.append((t(f"area.{area}"), works))
    return tuple(groups)


def ask_words(talk: Talk) -> Iterable[Outgoing]:
    """What shall they read, in each language? It says how many it reaches."""
    wish = _wish(talk)
    try:
        campaigns.check(talk.work, talk.company, wish)
    except Refusal as no:
        raise FormRefused(FormErrors({WRONG_AT.get(type(no), "name"): phrase(no)})) from None
    known = _known(talk)
    found = counted(talk.work, wish.whom)
    given = {name: said_in(talk, name) for name in FIRST_PAGE}
    fields = [
        Field(f"words_{language}", t("campaigns.words", found.languages.get(language, 0),
              language=t(f"language.{language}")), "lines", longest=campaigns.LONGEST_WORDS,
              initial=str(known.words.get(language, "")) or None if known is not None else None)
        for language in talk.company.languages
    ]  # fmt: skip
    intro: tuple[Part, ...] = (*reach(found), t("campaigns.words.how", company=talk.company.name))
    yield Form(
        trigger=None,
        user=talk.came.sender.user,
        act="campaigns.words",
        args={**_kept(talk), **{name: said for name, said in given.items() if said}},
        title=t("campaigns.one"),
        intro=intro,
        fields=tuple(fields),
        submit=t("campaigns.look"),
    )


def _kept(talk: Talk) -> dict[str, Plain]:
    return {name: talk.args[name] for name in ("campaign", "list") if name in talk.args}


def _known(talk: Talk) -> Campaign | None:
    return campaigns.held(talk.work, talk.number("campaign")) if "campaign" in talk.args else None


def written(talk: Talk) -> Iterable[Outgoing]:
    """It is kept as a draft; the preview stands where the form, or the preview before, stood."""
    wish, known = _wish(talk), _known(talk)
    try:
        if known is None:
            campaign = campaigns.draft(talk.work, talk.company, wish, talk.staff.key)
        else:
            campaign = known
            campaigns.change(talk.work, talk.company, known, wish, talk.staff.key)
    except Refusal as no:
        field = next((name for name in filled(talk) if not said_in(talk, name)), f"words_{talk.company.languages[0]}")
        raise FormRefused(FormErrors({field: phrase(no)})) from None
    beneath = talk.inbound.beneath if isinstance(talk.inbound, Filled) else None
    if known is None:
        yield one(talk, campaign, beneath)  # in the place of the form
        if beneath is not None:
            yield every_one(talk, view=beneath)
    elif beneath is not None:
        listed_in = talk.args.get("list")
        yield one(talk, campaign, str(listed_in) if listed_in else None, view=beneath)
        yield from list_again(talk)


def _wish(talk: Talk) -> Wish:
    """What was filled in, on both pages. Raises FormRefused."""
    asks = said_so_far(talk, "asks")
    kind, _, area = asks.partition(":") if asks not in ("", NOTHING) else (None, "", None)
    return Wish(
        said_so_far(talk, "name"),
        Whom(
            _chosen(talk, "plan"), _chosen(talk, "region"), said_so_far(talk, "brand"), said_so_far(talk, "model"),
            _day(talk, "before"),
        ),
        {language: said_in(talk, f"words_{language}") for language in talk.company.languages},
        kind,
        area,
        _day(talk, "day") or talk.company.today(talk.work.now),
        _number(talk, "a_day"),
    )  # fmt: skip


def _chosen(talk: Talk, field: str) -> tuple[str, ...]:
    said = said_so_far(talk, field)
    return (said,) if said not in ("", ALL) else ()


def _day(talk: Talk, field: str) -> date | None:
    try:
        return date.fromisoformat(said_so_far(talk, field))
    except ValueError:
        return None


def _number(talk: Talk, field: str) -> int:
    """How many; 0 for what is no whole number, which the rules refuse."""
    said = said_so_far(talk, field)
    return int(said) if said.isascii() and said.isdecimal() and len(said) < 7 else 0


PRESSES: dict[str, Handler] = {"campaigns.new": ask_new, "campaigns.change": ask_change}
FORMS: dict[str, Handler] = {"campaigns.whom": ask_words, "campaigns.words": written}
