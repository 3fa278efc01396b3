"""What a manager writes to many: the company's name, his words, and what one can do with them."""

from collections.abc import Iterable

from domain import campaigns
from domain.areas import Area
from domain.prompts import Kind, Prompt
from handlers.asking import Asking
from handlers.cards.campaign import buttons
from handlers.conversation import Talk
from handlers.homeowner import wanted
from handlers.messages import Homeowner, Message, Outgoing, Said


def still(talk: Talk, prompt: Prompt) -> bool:
    """Is it still for him, and did nobody stop it?"""
    return campaigns.still(talk.work, prompt)


def message(talk: Talk, prompt: Prompt, to: Homeowner) -> Message:
    """The words in his language. What a person wrote is never markup."""
    campaign = campaigns.of(talk.work, prompt)
    return Message(
        to=to,
        title=talk.company.name,
        body=(Said(campaigns.words_in(campaign, talk.company, to.language)),),
        buttons=(buttons(asks=campaign.work is not None, prompt=prompt.id),),
    )


def yes(talk: Talk, prompt: Prompt) -> Iterable[Outgoing]:
    """He wants it: times for that work in his home, at its price for him."""
    campaign = campaigns.of(talk.work, prompt)
    if campaign.work is None or campaign.area is None:
        raise campaigns.CampaignWorkWrong
    return wanted.work_for(talk, prompt, campaign.work, Area(campaign.area), campaign.name)


KINDS: dict[Kind, Asking] = {Kind.CAMPAIGN: Asking(still, message, yes=yes)}
