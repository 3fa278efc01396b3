"""Taking a request; and what all forms about one have in common."""

from collections.abc import Iterable
from dataclasses import dataclass

from domain import requests
from domain.notes import LONGEST_SENT, fits
from domain.requests import Request, State
from domain.work import Refusal
from handlers.cards.request import headline, who_is
from handlers.conversation import Handler, Talk
from handlers.inbound import Filled
from handlers.messages import Field, Form, FormErrors, Outgoing, Part, Plain, Said
from handlers.refusals import FormRefused
from locales.text import Text, t

LONGEST_REPLY = LONGEST_SENT  # characters: what a form field takes
LONGEST_DAY = 24 * 60  # minutes


class NoSuchRequest(Refusal):
    """The request is not there."""


def request_of(talk: Talk) -> Request:
    """The request a button or form names. Raises NoSuchRequest."""
    found = talk.work.session.get(Request, talk.number("request"))
    if found is None:
        raise NoSuchRequest
    return found


@dataclass(eq=False)
class TakenAlready(Refusal):
    """Somebody was faster: his name was not on the card that was pressed."""

    name: str


def take(talk: Talk) -> Iterable[Outgoing]:
    """I see to it; a second press of the same teammate is no news. Who did not see that somebody has it is told who."""
    request = request_of(talk)
    if request.running and request.assignee not in (None, talk.staff.key, talk.args.get("was")):
        raise TakenAlready(who_is(talk.company, request.assignee or ""))
    if request.assignee != talk.staff.key or request.state in (State.OPEN, State.REOPENED):
        requests.claim(talk.work, request, talk.staff.key)
    return ()


def form(
    talk: Talk, request: Request, kind: str, intro: tuple[Part, ...], fields: tuple[Field, ...], **args: Plain
) -> Iterable[Outgoing]:
    """A form about a request, opened for whoever pressed; `args` come back with it."""
    came = talk.came
    if came.trigger is None:
        return
    story = (Said(request.story[:500]),) if request.story else ()
    yield Form(
        trigger=came.trigger,
        user=came.sender.user,
        act=f"team.{kind}.sent",
        args={"request": request.id, **args},
        title=t(f"{kind}.title", number=request.number),
        intro=(headline(request), *story, *intro),
        fields=fields,
        submit=t(f"{kind}.submit"),
    )


def form_again(
    talk: Talk, request: Request, kind: str, args: dict[str, Plain], intro: tuple[Part, ...],
    fields: tuple[Field, ...], submit: Text,
) -> Iterable[Outgoing]:  # fmt: skip
    """The second page of a form: it takes the place of the one that was just sent."""
    yield Form(
        trigger=None,
        user=talk.came.sender.user,
        act=f"team.{kind}.go",
        args={"request": request.id, **args},
        title=t(f"{kind}.title", number=request.number),
        intro=intro,
        fields=fields,
        submit=submit,
    )


def filled(talk: Talk) -> dict[str, object]:
    """What was filled in, by field."""
    came = talk.inbound
    return dict(came.values) if isinstance(came, Filled) else {}


def said_in(talk: Talk, field: str) -> str:
    """What was filled in, in one field."""
    return str(filled(talk).get(field) or "").strip()


def said_so_far(talk: Talk, field: str) -> str:
    """What was filled in, in this form or in the one before it."""
    return said_in(talk, field) or str(talk.args.get(field) or "").strip()


def wrong_at(talk: Talk, field: str, words: Text) -> FormRefused:
    """Said at the field where it is, or at the one that is left on the second page."""
    return FormRefused(FormErrors({field if field in filled(talk) else "words": words}))


def words_of(talk: Talk) -> str:
    """The words that were filled in. Raises FormRefused when there are none."""
    words = said_in(talk, "words")
    if not words:
        raise FormRefused(FormErrors({"words": t("form.words_missing")}))
    return short_enough(words, "words")


def short_enough(words: str, field: str) -> str:
    """The same words. Raises FormRefused: they are too long to be sent, where an emoji counts twice."""
    if not fits(words):
        raise FormRefused(FormErrors({field: t("refusal.too_long_to_send", most=LONGEST_SENT)}))
    return words


def minutes_of(talk: Talk) -> int | None:
    """The minutes that were filled in, if any. Raises FormRefused when they are no sensible number."""
    return minutes_in(str(filled(talk).get("minutes") or "").strip())


def minutes_in(given: str) -> int | None:
    """The minutes somebody wrote. Raises FormRefused."""
    if not given:
        return None
    if not given.isdecimal() or int(given) > LONGEST_DAY:
        raise FormRefused(FormErrors({"minutes": t("form.minutes_wrong")}))
    return int(given)


PRESSES: dict[str, Handler] = {"team.take": take}
