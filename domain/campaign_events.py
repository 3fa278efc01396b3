"""Facts about campaigns: what managers write to many."""

from datetime import date

from domain.events import Event


class OfCampaign(Event, frozen=True):
    """A fact about a campaign."""

    campaign: int

    @property
    def subject(self) -> str:
        return f"campaign:{self.campaign}"


class CampaignDrafted(OfCampaign, frozen=True):
    """Somebody wrote one; nobody reads it yet."""

    by: str


class CampaignChanged(OfCampaign, frozen=True):
    """Its draft says something else, or to others."""

    by: str


class CampaignDiscarded(OfCampaign, frozen=True):
    """The draft is gone; nobody has read it."""

    by: str


class CampaignStarted(OfCampaign, frozen=True):
    """It goes out, from a day on."""

    by: str
    day: date


class CampaignWent(OfCampaign, frozen=True):
    """Some more people have their moment; the next ones on another day, or there are none left."""

    planned: int
    following: date | None


class CampaignStopped(OfCampaign, frozen=True):
    """Nobody else reads it."""

    by: str
