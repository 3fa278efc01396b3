"""Campaigns: for whom, how many agreed, so many a day; stopped, done; and what came of them. On both databases."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from bot.postgresql import PostgreSQL
from domain import campaigns, consents, prompting
from domain.areas import Area
from domain.campaign_events import CampaignWent
from domain.campaign_people import Whom, agreed_of, counted, matching
from domain.campaign_results import results
from domain.campaigns import Campaign, CampaignState, Wish
from domain.homes import Device, Home, Member, Role
from domain.people import ConsentKind, Person
from domain.prompts import Kind, Prompt, PromptState, Reply
from domain.work import Work
from scheduling.coming_back import CAMPAIGN
from scheduling.followups import follow
from scheduling.timers import Timer, TimerState
from tests.domain.ground import MONDAY, SAMPLE, contract, home, person, refusal_of

WORDS = dict.fromkeys(SAMPLE.languages, "New lamps")
TODAY = MONDAY.date()
FRIDAY = TODAY + timedelta(days=4)


def wish(**more: object) -> Wish:
    """To everybody, ten a day, from today on."""
    return replace(Wish("Lamps", Whom(), WORDS, "visit", "lighting", TODAY, 10), **more)  # type: ignore[arg-type]


def owner(work: Work, ref: str, *, agrees: bool = True, language: str = "it") -> tuple[Person, Home]:
    """An owner whom Telegram reaches, and his home."""
    made = person(work, ref, telegram=f"t-{ref}")
    made.language = language
    if agrees:
        consents.agree(work, made, ConsentKind.OFFERS)
    return made, home(work, ref, made)


def device(work: Work, place: Home, brand: str = "Lumera", model: str = "Duo 4", installed: date | None = None) -> None:
    work.session.add(
        Device(
            ref=f"D{place.id}", home_id=place.id, area=Area.LIGHTING, room="Hall", brand=brand, model=model,
            installed_on=installed,
        )
    )  # fmt: skip
    work.session.flush()


def started(work: Work, **more: object) -> Campaign:
    """A campaign that runs."""
    made = campaigns.draft(work, SAMPLE, wish(**more), "marc")
    campaigns.start(work, SAMPLE, made, "marc")
    return made


def goes(work: Work, campaign: Campaign, days: int = 1) -> list[CampaignWent]:
    """Its timer rings on so many days."""
    found = []
    for _ in range(days):
        campaigns.go_on(work, SAMPLE, campaign)
        found += [fact for fact in work.events if isinstance(fact, CampaignWent)]
        work.events.clear()
        work.now += timedelta(days=1)
    return found


def asked_of(work: Work, campaign: Campaign) -> list[Prompt]:
    its = select(Prompt).where(Prompt.campaign_id == campaign.id).order_by(Prompt.person_id)
    return list(work.session.scalars(its))


# ── for whom ──


def test_it_is_for_owners_by_plan_region_and_device_however_these_are_written(work: Work) -> None:
    marta, villa = owner(work, "M")
    luca, loft = owner(work, "L")
    contract(work, villa)
    villa.region, loft.region = "riviera", "paris"
    device(work, villa, installed=date(2020, 5, 1))
    device(work, loft, "lumera ", "Duo 10", date(2025, 5, 1))
    work.session.flush()

    def named(whom: Whom) -> list[str]:
        return [one.name for one, _ in matching(work, whom)]

    assert named(Whom()) == ["M", "L"]
    assert named(Whom(plans=("comfort",))) == ["M"]
    assert named(Whom(plans=("none",))) == ["L"]
    assert named(Whom(plans=("none", "comfort"))) == ["M", "L"]
    assert named(Whom(plans=("signature",))) == []
    assert named(Whom(regions=("paris",))) == ["L"]
    assert named(Whom(brand="LUMERA")) == ["M", "L"]
    assert named(Whom(brand="Lumera", model="duo*")) == ["M", "L"]
    assert named(Whom(model="Duo 1*")) == ["L"]
    assert named(Whom(brand="Nobody")) == []
    assert named(Whom(brand="Lumera", installed_before=date(2021, 1, 1))) == ["M"]
    assert named(Whom(plans=("comfort",), regions=("paris",))) == []
    assert (marta.id, luca.id) == tuple(one.id for one, _ in matching(work, Whom()))


def test_a_contract_that_ended_is_no_plan_and_the_newest_counts(work: Work) -> None:
    _, villa = owner(work, "M")
    old = contract(work, villa)
    old.ends_on = TODAY - timedelta(days=1)
    assert counted(work, Whom(plans=("comfort",))).homes == 0
    assert counted(work, Whom(plans=("none",))).homes == 1
    old.ends_on, old.ref = None, "K0"
    work.session.flush()
    contract(work, villa, "signature", TODAY)
    assert counted(work, Whom(plans=("comfort",))).homes == 0
    assert counted(work, Whom(plans=("signature",))).homes == 1


def test_it_is_counted_whom_it_reaches_and_who_agreed(work: Work) -> None:
    marta, villa = owner(work, "M")
    owner(work, "L", agrees=False)
    home(work, "M2", marta)  # a second home
    home(work, "X", person(work, "Xenia"))  # Telegram does not reach her
    tenant = person(work, "T", telegram="t-T")
    work.session.add(Member(home_id=villa.id, person_id=tenant.id, role=Role.TENANT))
    claire, _ = owner(work, "C", language="fr")
    found = counted(work, Whom())
    assert (found.homes, found.people, found.agreed) == (4, 3, 2)
    assert found.languages == {"it": 1, "fr": 1}
    assert list(agreed_of(work, Whom(), but_for=0)) == [(marta.id, villa.id), (claire.id, villa.id + 4)]
    consents.never(work, claire, Kind.CAMPAIGN)
    assert counted(work, Whom()).agreed == 1


# ── the draft ──


@pytest.mark.parametrize(
    ("more", "no"),
    [
        ({"name": "  "}, "CampaignWithoutName"),
        ({"name": "n" * 81}, "CampaignWithoutName"),
        ({"a_day": 0}, "CampaignTooMany"),
        ({"a_day": 501}, "CampaignTooMany"),
        ({"starts_on": TODAY - timedelta(days=1)}, "CampaignDayWrong"),
        ({"starts_on": TODAY + timedelta(days=367)}, "CampaignDayWrong"),
        ({"work": "magic"}, "CampaignWorkWrong"),
        ({"area": None}, "CampaignWorkWrong"),
        ({"area": "nowhere"}, "CampaignWorkWrong"),
        ({"words": {**WORDS, "fr": " "}}, "CampaignWithoutWords"),
        ({"words": {**WORDS, "fr": "é" * 801}}, "CampaignWithoutWords"),
        ({"words": {**WORDS, "fr": "é" * 800}}, None),
        ({"work": None, "area": None}, None),
        ({"a_day": 500, "starts_on": TODAY + timedelta(days=366)}, None),
    ],
)
def test_a_draft_says_what_is_missing(work: Work, more: dict[str, object], no: str | None) -> None:
    assert refusal_of(lambda: campaigns.draft(work, SAMPLE, wish(**more), "marc")) == no


def test_only_a_draft_is_changed_discarded_or_started_and_only_what_runs_is_stopped(work: Work) -> None:
    owner(work, "M")
    campaign = campaigns.draft(work, SAMPLE, wish(), "marc")
    campaigns.change(work, SAMPLE, campaign, wish(name="Shades", whom=Whom(brand="Lumera")), "marc")
    assert (campaign.name, campaign.to) == ("Shades", Whom(brand="Lumera"))
    assert refusal_of(lambda: campaigns.stop(work, campaign, "marc")) == "CampaignStands"
    campaigns.change(work, SAMPLE, campaign, wish(), "marc")
    campaigns.start(work, SAMPLE, campaign, "marc")
    deeds: tuple[Callable[[], None], ...] = (
        lambda: campaigns.start(work, SAMPLE, campaign, "marc"),
        lambda: campaigns.change(work, SAMPLE, campaign, wish(), "marc"),
        lambda: campaigns.discard(work, campaign, "marc"),
    )
    for state in (CampaignState.RUNNING, CampaignState.STOPPED, CampaignState.DONE):
        campaign.state = state
        assert {refusal_of(deed) for deed in deeds} == {"CampaignStands"}
    other = campaigns.draft(work, SAMPLE, wish(), "marc")
    campaigns.discard(work, other, "marc")
    assert refusal_of(lambda: campaigns.held(work, other.id)) == "NoSuchCampaign"


def test_what_nobody_would_read_does_not_start(work: Work) -> None:
    marta, _ = owner(work, "M", agrees=False)
    campaign = campaigns.draft(work, SAMPLE, wish(), "marc")
    assert refusal_of(lambda: campaigns.start(work, SAMPLE, campaign, "marc")) == "NobodyAgreed"
    consents.agree(work, marta, ConsentKind.OFFERS)
    assert refusal_of(lambda: campaigns.start(work, SAMPLE, campaign, "marc")) is None


# ── it goes out ──


def test_so_many_a_day_each_once_and_then_it_is_done(work: Work) -> None:
    people = [owner(work, f"P{n}")[0] for n in range(5)]
    owner(work, "No", agrees=False)
    campaign = started(work, a_day=2)
    assert asked_of(work, campaign) == []  # nobody at once
    went = goes(work, campaign, 4)
    assert [(fact.planned, fact.following is None) for fact in went] == [(2, False), (2, False), (1, True)]
    assert campaign.state is CampaignState.DONE
    planned = asked_of(work, campaign)
    assert [prompt.person_id for prompt in planned] == [one.id for one in people]
    assert all(prompt.consent_id and prompt.until == prompt.wanted_at + timedelta(days=14) for prompt in planned)


def test_who_agrees_meanwhile_is_one_of_them_and_who_withdraws_is_not(work: Work) -> None:
    first, second, third = (owner(work, f"P{n}", agrees=n < 2)[0] for n in range(3))
    campaign = started(work, a_day=1)
    goes(work, campaign)
    consents.agree(work, third, ConsentKind.OFFERS)
    prompting.withdraw(work, second, ConsentKind.OFFERS)
    goes(work, campaign)
    assert [prompt.person_id for prompt in asked_of(work, campaign)] == [first.id, third.id]
    assert campaign.state is CampaignState.DONE


def test_it_goes_on_working_days_only(work: Work) -> None:
    for n in range(3):
        owner(work, f"P{n}")
    campaign = started(work, starts_on=FRIDAY + timedelta(days=1), a_day=1)  # a Saturday
    monday = TODAY + timedelta(days=7)
    assert work.events[-1].day == monday  # type: ignore[attr-defined]
    work.now = MONDAY + timedelta(days=11)  # the Friday after
    (went,) = goes(work, campaign)
    assert went.following == monday + timedelta(days=7)
    closed = SAMPLE.model_copy(update={"closing_days": (monday,)})
    assert campaigns.working_day(work, closed, monday) >= monday


def test_the_last_day_is_counted_in_working_days(work: Work) -> None:
    owner(work, "M")
    campaign = campaigns.draft(work, SAMPLE, wish(a_day=2, starts_on=FRIDAY), "marc")
    days = [campaigns.last_day(work, SAMPLE, campaign, people) for people in (0, 1, 2, 3, 5)]
    assert days == [FRIDAY, FRIDAY, FRIDAY, FRIDAY + timedelta(days=3), FRIDAY + timedelta(days=4)]


def test_its_timer_rings_at_eight_where_the_company_is_and_once_a_day(work: Work) -> None:
    for n in range(3):
        owner(work, f"P{n}")
    campaign = started(work, starts_on=FRIDAY, a_day=2)

    def rings() -> list[tuple[str, str]]:
        for fact in work.events:
            follow(work, SAMPLE, fact)
        work.events.clear()
        work.session.flush()
        its = select(Timer).where(Timer.kind == CAMPAIGN, Timer.state == TimerState.SET)
        return [(timer.occurrence, f"{timer.due_at:%d %H:%M}") for timer in work.session.scalars(its)]

    assert rings() == [("2026-03-06", "06 07:00")]
    work.now = MONDAY + timedelta(days=4)
    campaigns.go_on(work, SAMPLE, campaign)
    assert rings() == [("2026-03-09", "09 07:00")]
    campaigns.stop(work, campaign, "marc")
    assert rings() == []


def test_stopped_it_lets_go_all_that_was_planned_and_goes_on_no_more(work: Work) -> None:
    people = [owner(work, f"P{n}")[0] for n in range(4)]
    campaign = started(work, a_day=3)
    goes(work, campaign)
    prompting.ask(work, asked_of(work, campaign)[0])
    campaigns.stop(work, campaign, "marc")
    goes(work, campaign, 3)
    assert [(p.state, p.let_go_for) for p in asked_of(work, campaign)] == [
        (PromptState.ASKED, None),
        (PromptState.LET_GO, "stopped"),
        (PromptState.LET_GO, "stopped"),
    ]
    assert prompting.planned(work, people[3].id) == []
    assert not campaigns.still(work, asked_of(work, campaign)[0])


def test_who_is_not_one_of_them_any_more_is_not_asked(work: Work) -> None:
    _, villa = owner(work, "M")
    signed = contract(work, villa)
    campaign = started(work, whom=Whom(plans=("comfort",)))
    goes(work, campaign)
    (prompt,) = asked_of(work, campaign)
    assert campaigns.still(work, prompt)
    signed.ends_on = TODAY - timedelta(days=1)
    assert not campaigns.still(work, prompt)


@pytest.mark.parametrize(("apart", "asked", "rings"), [(20, 1, 9), (60, 0, campaigns.PATIENCE.days + 2)])
def test_who_has_no_polite_moment_is_looked_at_again_and_not_for_ever(
    work: Work, apart: int, asked: int, rings: int
) -> None:
    marta, _ = owner(work, "M")
    rules = SAMPLE.follow_ups.model_copy(update={"apart_days": apart})
    ours = SAMPLE.model_copy(update={"follow_ups": rules})
    campaign, rang = started(work), 0
    survey = prompting.Wish(Kind.SURVEY, marta.id, None, "request:1", "first", work.now, work.now)
    assert prompting.put_at_once(work, survey) is not None
    while campaign.state is CampaignState.RUNNING:
        campaigns.go_on(work, ours, campaign)
        work.now += timedelta(days=1)
        rang += 1
        assert rang < 60
    assert (rang, len(asked_of(work, campaign))) == (rings, asked)


# ── what came of it ──


def test_its_results_are_what_people_said_and_what_was_booked(work: Work) -> None:
    for n in range(7):
        owner(work, f"P{n}")
    campaign, other = started(work), started(work, name="Other")
    goes(work, campaign)
    said = (Reply.YES, Reply.MORE, Reply.LATER, Reply.NEVER, Reply.STOP)
    for prompt, reply in zip(asked_of(work, campaign), said, strict=False):
        prompting.ask(work, prompt)
        prompting.replied(work, SAMPLE, prompt, reply)
    prompting.let_go(work, asked_of(work, campaign)[-1], "too_late")  # counts nowhere
    came = results(work, [campaign.id, other.id])
    found = came[campaign.id]
    assert (found.asked, found.opened, found.booked, found.revenue) == (5, 5, 0, 0)
    assert found.waiting == 2  # the last one, and *later*
    assert [found.said(reply) for reply in said] == [1, 1, 1, 1, 1]
    assert came[other.id].asked == 0


STORIES: tuple[Callable[[Work], None], ...] = (
    test_it_is_for_owners_by_plan_region_and_device_however_these_are_written,
    test_a_contract_that_ended_is_no_plan_and_the_newest_counts,
    test_it_is_counted_whom_it_reaches_and_who_agreed,
    test_so_many_a_day_each_once_and_then_it_is_done,
    test_stopped_it_lets_go_all_that_was_planned_and_goes_on_no_more,
    test_its_results_are_what_people_said_and_what_was_booked,
)


class Undone(Exception):  # noqa: N818 (nothing of a story stays)
    """The story is over."""


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__[5:40])
async def test_it_is_the_same_on_a_server(server_record: str, story: Callable[[Work], None]) -> None:
    database = PostgreSQL(server_record)

    def unit(session: Session) -> None:
        story(Work(session, MONDAY, "test"))
        raise Undone

    try:
        with pytest.raises(Undone):
            await database.write(unit)
    finally:
        await database.close()
