"""The app's home: what is late, who waits for me, today's visits, my queue; and for managers how the team stands."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from msgspec.structs import replace

from domain import agenda, queues, summaries
from domain.agenda import Visit
from domain.appointments import STANDING
from domain.areas import Help
from domain.queues import Owed
from domain.requests import UNFINISHED
from domain.summary_days import lately
from domain.work import Refusal
from handlers import phoning
from handlers.cards import commitment, summary
from handlers.cards.agenda import visit_facts
from handlers.cards.days import zone_for
from handlers.cards.queue import row, section
from handlers.cards.request import who_is
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Button, Fact, Form, Outgoing, Page, Section
from locales.text import Listing, Moment, Text, t

MINE, TEAM = "mine", "team"
LATE, ASKING, CALLS, VISITS, QUEUE, FREE = 12, 8, 8, 10, 22, 10  # lines: together they fit into what Slack takes
DAYS = 30


class NotYourTab(Refusal):
    """How the team stands is for managers."""


def opened(talk: Talk) -> Iterable[Outgoing]:
    """His own side of it; who is not of the team reads that, whatever he saw here before."""
    if talk.teammate is None:
        note = Section(body=(t("refusal.team_only"),))
        yield Page(user=talk.came.sender.user, home=True, title=t("home.title"), sections=(note,))
        return
    yield page(talk, MINE)


def show(talk: Talk) -> Iterable[Outgoing]:
    """The other side; the page follows every press on it by itself."""
    if talk.args["tab"] == TEAM and "manager" not in talk.staff.roles:
        raise NotYourTab
    return ()


def around(talk: Talk, said: Iterable[Outgoing]) -> Iterable[Outgoing]:
    """What a press in the home or in a window needs besides: windows lie upon windows, and the home stays true."""
    tab, over, opens = talk.args.get("tab"), "over" in talk.args, False
    for one in said:
        if isinstance(one, Form):
            opens = True
            yield replace(one, args={**one.args, "tab": tab} if tab else one.args, over=over)
        elif isinstance(one, Page):
            opens = True
            yield replace(one, over=over)
        else:
            yield one
    if tab and not opens:
        yield page(talk, str(tab))


def page(talk: Talk, tab: str) -> Page:
    """One side of the home, as it is now."""
    team = tab == TEAM and "manager" in talk.staff.roles
    sections = (_tools(talk, team=team), *(_team(talk) if team else _mine(talk)))
    title = t("home.title.team") if team else t("home.title.mine", day=_weekday(_today(talk)))
    marked = tuple(_marked(part, TEAM if team else MINE) for part in sections)
    return Page(user=talk.came.sender.user, home=True, title=title, sections=marked)


def _marked(part: Section, tab: str) -> Section:
    """Its buttons know that they stand in the home, and on which side."""

    def known(button: Button) -> Button:
        return replace(button, args={"tab": tab, **button.args})

    rows = tuple(replace(r, buttons=tuple(known(b) for b in r.buttons)) for r in part.rows)
    return replace(part, rows=rows, buttons=tuple(tuple(known(b) for b in line) for line in part.buttons))


def _today(talk: Talk) -> date:
    return talk.work.now.astimezone(ZoneInfo(zone_for(talk.company, talk.staff.key))).date()


def _weekday(day: date) -> Moment:
    return Moment(datetime.combine(day, time(12), UTC), "UTC", "day")


def _tools(talk: Talk, *, team: bool) -> Section:
    other: tuple[Button, ...] = ()
    if "manager" in talk.staff.roles:
        other = (
            standing("home.mine", "home.show", tab=MINE) if team else standing("home.team", "home.show", tab=TEAM),
        )
    tools = (standing("find.open", "find.open"), standing("call.open", "call.open"))
    managed = (standing("prices.show", "prices.show"), standing("campaigns.show", "campaigns.show")) if team else ()
    more = (standing("invite.open", "invite.open"), standing("replies.open", "replies.open"), *managed)
    return Section(buttons=((*other, *tools, *more),))


def _mine(talk: Talk) -> Iterable[Section]:
    zone = zone_for(talk.company, talk.staff.key)
    mine = queues.mine(talk.work, talk.company, talk.staff.key)
    late = [owed for owed in mine if owed.late]
    asking = [owed for owed in mine if owed.asks and not owed.late]
    rest = [owed for owed in mine if not (owed.late or owed.asks)]
    yield from section(t("home.late"), late, LATE, zone)
    yield from section(t("home.asking"), asking, ASKING, zone)
    yield from phoning.rows(talk, CALLS)
    yield from commitment.mine(talk.work, talk.staff.key, zone)
    if "technician" in talk.staff.roles:
        yield from _visits(talk, zone)
    yield from section(t("home.queue"), rest, QUEUE, zone, t("home.queue.empty"))
    yield from section(
        t("home.free"), queues.free(talk.work, talk.company, talk.staff, FREE * 10), FREE, zone, t("home.free.empty")
    )


def _visits(talk: Talk, zone: str) -> Iterable[Section]:
    visits = agenda.workday(talk.work, talk.company, talk.staff, _today(talk)).visits
    if not visits:
        yield Section(title=t("home.visits"), body=(t("day.nothing"),))
    for number, visit in enumerate(visits[:VISITS]):
        yield Section(
            title=t("home.visits") if number == 0 else None,
            facts=tuple(visit_facts(visit, zone)),
            buttons=(tuple(_on_the_way(visit)),),
        )
    if len(visits) > VISITS:
        yield Section(footer=t("page.more", len(visits) - VISITS))


def _on_the_way(visit: Visit) -> Iterable[Button]:
    number = visit.request.id
    if visit.request.running and visit.booking.state in STANDING:
        if visit.booking.help is Help.VISIT:
            yield replace(standing("team.set_out", "team.set_out", request=number), style="primary")
            yield standing("team.late", "team.late", request=number)
        yield standing("team.resolve", "team.resolve", request=number)
    yield standing("team.reply", "team.reply", request=number)
    yield standing("page.customer", "customer.show", of=number)


def _team(talk: Talk) -> Iterable[Section]:
    late = queues.late(talk.work, talk.company)
    yield Section(title=t("home.late.team"), facts=_by_person(talk, late), body=() if late else (t("home.late.none"),))
    if late:
        zone = talk.company.time_zone
        more = t("page.more", len(late) - QUEUE) if len(late) > QUEUE else None
        yield Section(rows=tuple(row(owed, zone) for owed in late[:QUEUE]), footer=more)
    counts = queues.counted(talk.work)
    states = tuple(Fact(t(f"state.{state}"), counts[state]) for state in UNFINISHED if state in counts)
    yield Section(title=t("home.states"), facts=states, body=() if states else (t("home.states.none"),))
    yield from _summary(talk)


def _summary(talk: Talk) -> Iterable[Section]:
    """How satisfied they were, what they named, and how requests were seen to; the rest is behind /satisfaction."""
    found = summaries.summary(talk.work, talk.company, lately(talk.work.now, talk.company.time_zone, DAYS), words=0)
    body: tuple[Text, ...] = () if found.answers.answered else (t("summary.nothing"),)
    yield Section(title=t("summary.title", DAYS), body=body, facts=summary.satisfaction(found).facts)
    for good in (True, False):
        named = [reason for reason in found.reasons if reason.good is good][: summary.MOST]
        if named:
            part = summary.reasons(named, good=good)
            yield Section(title=part.title, facts=part.facts)
    kept = summary.care(found.care)
    yield Section(title=t("summary.promises.title", DAYS), facts=kept.facts, footer=kept.note)


def _by_person(talk: Talk, late: list[Owed]) -> tuple[Fact, ...]:
    """Who is late with what."""
    whose: dict[str, list[str]] = {}
    for owed in late:
        whose.setdefault(owed.request.assignee or "", []).append(owed.request.number)
    return tuple(
        Fact(
            who_is(talk.company, key) if key else t("home.nobody"),
            t("home.late.of", len(numbers), numbers=Listing(tuple(numbers[:QUEUE]), "plain")),
        )
        for key, numbers in sorted(whose.items(), key=lambda pair: -len(pair[1]))
    )


PRESSES: dict[str, Handler] = {"home.show": show}
