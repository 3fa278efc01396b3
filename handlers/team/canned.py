"""Canned replies in forms: chosen on the first page, filled in and corrected on the second."""

from dataclasses import dataclass

from domain import canned
from domain.canned import NoSuchReply
from domain.notes import fits
from domain.people import Person
from domain.replies import BLANKS, Filled, fill, open_blanks
from domain.requests import Request
from handlers.cards.menu import first_name
from handlers.cards.request import appointment_span, home_of
from handlers.conversation import Talk
from handlers.messages import Field, FormErrors, Plain
from handlers.refusals import FormRefused
from handlers.team.requests import LONGEST_REPLY, filled, short_enough
from locales.phrasebook import say
from locales.text import Listing, Text, Value, t

BETWEEN = "\n"  # blanks on the second page: none of them holds a line break


def canned_field(talk: Talk, person: Person) -> tuple[Field, ...]:
    """Those that have his language, the team's and one's own; no field when there are none."""
    found = [r for r in canned.live(talk.work, talk.company, talk.staff.key) if r.words.get(person.language)]
    teams = tuple((r.ref, r.name) for r in found if r.owner is None)
    own = tuple((r.ref, r.name) for r in found if r.owner is not None)
    groups: tuple[tuple[Value, tuple[tuple[str, Value], ...]], ...] = (
        (t("canned.of_team"), teams),
        (t("canned.own"), own),
    )
    shown = tuple((heading, options) for heading, options in groups if options)
    return (Field("canned", t("canned.choose"), "choice", groups=shown, optional=True),) if shown else ()


@dataclass(frozen=True)
class Draft:
    """What he will read if nobody changes it, and what somebody still has to fill in."""

    words: str
    left: tuple[str, ...] = ()

    @property
    def args(self) -> dict[str, Plain]:
        """What the second page carries of it."""
        return {"left": BETWEEN.join(self.left)} if self.left else {}

    @property
    def hint(self) -> Text | None:
        """Which blanks are left, under the words."""
        return t("canned.left", blanks=Listing(self.left, "plain")) if self.left else None


def drafted(talk: Talk, request: Request, person: Person) -> Draft:
    """The canned reply with its blanks filled in, then what was written. Raises FormRefused."""
    typed = str(filled(talk).get("words") or "").strip()
    ref = str(filled(talk).get("canned") or "")
    if not ref:
        return Draft(short_enough(typed, "words"))
    try:
        reply = canned.find(talk.work, talk.company, ref, talk.staff.key)
    except NoSuchReply:
        raise FormRefused(FormErrors({"canned": t("refusal.no_such_reply")})) from None
    made = _filled_in(talk, request, person, reply.words.get(person.language, ""))
    words = "\n\n".join(part for part in (made.text, typed) if part)
    if not fits(words):
        raise FormRefused(FormErrors({"words": t("canned.too_long", most=LONGEST_REPLY)}))
    return Draft(words, made.left)


def _filled_in(talk: Talk, request: Request, person: Person, text: str) -> Filled:
    """In his language: from here on they are a teammate's own words, to be corrected like any other."""
    language, home = person.language, home_of(talk.work, request)
    span = appointment_span(talk.work, talk.company, request)
    values = {
        "name": first_name(person.name),
        "number": request.number,
        "home": home.name if home is not None else "",
        "teammate": talk.staff.name,
        "appointment": say(span, language) if span is not None else "",
        "company": talk.company.name,
    }
    return fill(text, values, {name: say(t(f"blank.{name}"), language) for name in BLANKS})


def again(draft: Draft, *, must: bool = True) -> Field:
    """The words once more, on the second page. Slack keeps what was typed where a field keeps its name: so this one
    has another."""
    return Field(
        "again", t("reply.again"), "lines", hint=draft.hint, initial=draft.words, optional=not must,
        longest=LONGEST_REPLY,
    )  # fmt: skip


def corrected(talk: Talk, *, must: bool = True) -> str:
    """What was made of them. Raises FormRefused: nothing is left, or a blank still is."""
    words = str(filled(talk).get("again") or "").strip()
    if must and not words:
        raise FormRefused(FormErrors({"again": t("form.words_missing")}))
    short_enough(words, "again")
    left = tuple(blank for blank in str(talk.args.get("left", "")).split(BETWEEN) if blank)
    if still := open_blanks(words, left):
        raise FormRefused(FormErrors({"again": t("canned.still_open", blanks=Listing(still, "plain"))}))
    return words
