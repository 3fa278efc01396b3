"""Facts about appointments that we move, and about the team's calendar."""

from domain.events import Event, OfBooking


class TechnicianSwapped(OfBooking, frozen=True):
    """Somebody else comes, at the same time."""

    was: tuple[str, ...]
    by: str


class OfProposal(Event, frozen=True):
    """A fact about a time that we propose."""

    request: int
    proposal: int

    @property
    def subject(self) -> str:
        return f"proposal:{self.proposal}"


class TimeProposed(OfProposal, frozen=True):
    """We cannot come as agreed: the homeowner is asked about another time."""


class TimeAgreed(OfProposal, frozen=True):
    """He agreed to a new time."""

    by: str | None = None  # the teammate who was told so on the phone


class TimeNotAgreed(OfProposal, frozen=True):
    """He has not answered, or the time is gone: somebody has to call him."""


class TimeWithdrawn(OfProposal, frozen=True):
    """He need not answer any more: something better was found, or the appointment is gone."""


class TimeStands(OfProposal, frozen=True):
    """We can come as agreed after all."""


class NoTimeFound(OfBooking, frozen=True):
    """We cannot come as agreed, and found nothing else: somebody has to call him."""


class OfEntry(Event, frozen=True):
    """A fact about an entry of the team's calendar."""

    entry: int

    @property
    def subject(self) -> str:
        return f"calendar:{self.entry}"


class CalendarEntered(OfEntry, frozen=True):
    """Somebody is away, or works besides, or all is closed."""


class CalendarTakenBack(OfEntry, frozen=True):
    """It does not hold any more."""


class OutsideUnreachable(Event, frozen=True):
    """A technician's other calendar could not be read for a day."""

    technician: str
    problem: str

    @property
    def subject(self) -> str:
        return f"technician:{self.technician}"


class DayBegan(Event, frozen=True):
    """A technician's working day began."""

    technician: str

    @property
    def subject(self) -> str:
        return f"member:{self.technician}"
