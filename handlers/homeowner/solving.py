"""What all steps of solving it have in common: which request it is, and whether there is still something to solve."""

from collections.abc import Callable, Iterable

from domain.company import Job
from domain.quoting import jobs_for
from domain.requests import NotNow, Request
from handlers.cards.menu import menu_buttons
from handlers.conversation import Handler, Talk
from handlers.homeowner.mine import mine
from handlers.messages import Outgoing
from handlers.refusals import phrase


def current(talk: Talk) -> Request:
    """The request he speaks about."""
    return mine(talk, int(talk.draft.said["request"]))


def job_of(talk: Talk, request: Request) -> Job:
    """The work that was chosen; a draft of an older company file may name one that is not offered any more."""
    offered = jobs_for(talk.work, talk.company, request)
    return next((job for job in offered if job.work == talk.draft.said.get("work")), offered[0])


def while_running(step: Callable[[Talk, Request], Iterable[Outgoing]]) -> Handler:
    """Only as long as there is something to solve; it may have ended while the question stood."""

    def guarded(talk: Talk) -> Iterable[Outgoing]:
        request = current(talk)
        return step(talk, request) if request.running else too_late(talk, request)

    return guarded


def too_late(talk: Talk, request: Request) -> Iterable[Outgoing]:
    """There is nothing to solve any more."""
    talk.end()
    return (talk.say(phrase(NotNow(request.number, request.state)), buttons=menu_buttons()),)
