"""Campaigns, for managers: what runs and what came of it, the preview of one; start, discard and stop."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain import campaigns, rights
from domain.campaign_people import counted
from domain.campaign_results import Results, results
from domain.campaigns import Campaign, CampaignState
from handlers.allowed import allowed
from handlers.cards.campaign import listed, preview
from handlers.conversation import Handler, Talk, standing
from handlers.inbound import Press
from handlers.messages import Button, Outgoing, Page, Plain, Section
from locales.text import Day, Text, t

WORDS = ("campaigns", "campagnes", "campañas", "campanas", "campagne")
SHOWN = 12  # in the list

# ── the pages ──


def show(talk: Talk) -> Iterable[Outgoing]:
    """All of them, in a window."""
    allowed(talk, rights.MANAGERS)
    if talk.came.trigger is not None:
        yield every_one(talk, trigger=talk.came.trigger)


def every_one(talk: Talk, *said: Text, trigger: str | None = None, view: str | None = None) -> Page:
    found = campaigns.newest(talk.work, SHOWN)
    came = results(talk.work, [campaign.id for campaign in found])
    left = campaigns.how_many(talk.work) - len(found)
    first = Section(
        body=(*said, *(() if found else (t("campaigns.none"),))),
        buttons=((standing("campaigns.new", "campaigns.new", over=1),),),
    )
    sections = [first, *(listed(talk.company, one, came.get(one.id, Results()), _in_list(one)) for one in found)]
    if left > 0:
        sections.append(Section(footer=t("page.more", left)))
    return Page(
        user=talk.came.sender.user, trigger=trigger, view=view, title=t("campaigns.title"), sections=tuple(sections)
    )  # fmt: skip


def _in_list(campaign: Campaign) -> tuple[Button, ...]:
    look = standing("campaigns.open", "campaigns.open", campaign=campaign.id, over=1)
    if campaign.state is not CampaignState.RUNNING:
        return (look,)
    return (look, replace(standing("campaigns.stop", "campaigns.stop", campaign=campaign.id), style="danger"))


def open_one(talk: Talk) -> Iterable[Outgoing]:
    """What they read, and whom it reaches, upon the list."""
    campaign = campaigns.held(talk.work, talk.number("campaign"))
    if talk.came.trigger is not None:
        yield one(talk, campaign, _view(talk), trigger=talk.came.trigger)


def one(
    talk: Talk, campaign: Campaign, beneath: str | None, *said: Text, trigger: str | None = None,
    view: str | None = None,
) -> Page:  # fmt: skip
    """One campaign; a draft with its buttons. `beneath`: the list, to be kept true."""
    found = counted(talk.work, campaign.to)
    sections = list(preview(talk.work, talk.company, campaign, found))
    if said:
        sections = [Section(body=said), *sections]
    if campaign.state is CampaignState.DRAFT:
        sections.append(Section(buttons=(_decide(campaign, beneath, agreed=found.agreed),)))
    return Page(
        user=talk.came.sender.user, trigger=trigger, view=view, title=t("campaigns.one"), sections=tuple(sections)
    )  # fmt: skip


def _decide(campaign: Campaign, beneath: str | None, *, agreed: int) -> tuple[Button, ...]:
    """Nobody can start what nobody would read."""
    args: dict[str, Plain] = {"campaign": campaign.id} | ({"list": beneath} if beneath else {})
    start = Button(t("campaigns.start"), "campaigns.start", args, style="primary", standing=True)
    others = (
        Button(t("campaigns.change"), "campaigns.change", {**args, "over": 2}, standing=True),
        Button(t("campaigns.discard"), "campaigns.discard", args, style="danger", standing=True),
    )
    return (start, *others) if agreed else others


def _view(talk: Talk) -> str | None:
    """The window that was pressed in."""
    return talk.inbound.view if isinstance(talk.inbound, Press) else None


# ── start, discard, stop ──


def start(talk: Talk) -> Iterable[Outgoing]:
    """It goes out; both windows show it."""
    campaign = campaigns.held(talk.work, talk.number("campaign"))
    campaigns.start(talk.work, talk.company, campaign, talk.staff.key)
    first = campaigns.working_day(talk.work, talk.company, campaign.starts_on)
    said = t("campaigns.started", day=Day(first))
    if (view := _view(talk)) is not None:
        yield one(talk, campaign, None, said, view=view)
    yield from list_again(talk)


def discard(talk: Talk) -> Iterable[Outgoing]:
    """It is not wanted."""
    campaign = campaigns.held(talk.work, talk.number("campaign"))
    name = campaign.name
    campaigns.discard(talk.work, campaign, talk.staff.key)
    if (view := _view(talk)) is not None:
        gone = Section(title=name, body=(t("campaigns.discarded"),))
        yield Page(user=talk.came.sender.user, view=view, title=t("campaigns.one"), sections=(gone,))
    yield from list_again(talk)


def list_again(talk: Talk) -> Iterable[Outgoing]:
    if beneath := talk.args.get("list"):
        yield every_one(talk, view=str(beneath))


def stop(talk: Talk) -> Iterable[Outgoing]:
    """Nobody else reads it."""
    campaign = campaigns.held(talk.work, talk.number("campaign"))
    campaigns.stop(talk.work, campaign, talk.staff.key)
    if (view := _view(talk)) is not None:
        yield every_one(talk, t("campaigns.stopped", name=campaign.name), view=view)


PRESSES: dict[str, Handler] = {
    "campaigns.show": show,
    "campaigns.open": open_one,
    "campaigns.discard": discard,
    "campaigns.start": start,
    "campaigns.stop": stop,
}
