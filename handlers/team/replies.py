"""The page of the canned replies: the team's and one's own, to be changed and retired; and who changed what."""

from collections.abc import Iterable
from textwrap import shorten

from domain import canned
from domain.canned import CannedChange, CannedReply, Change, Reply
from domain.declared import Language
from domain.replies import BLANKS, LANGUAGES, LONGEST, LONGEST_NAME
from domain.work import Refusal
from handlers.cards.request import who_is
from handlers.conversation import Handler, Talk, standing
from handlers.inbound import Filled, Press
from handlers.messages import Button, Field, Form, FormErrors, Outgoing, Page, Plain, Row, Section
from handlers.refusals import FormRefused, phrase
from handlers.team.requests import filled
from locales.text import Listing, Moment, Text, Value, t

SHOWN, LATELY = 35, 10  # lines of each part: together they fit into what Slack takes
LONGEST_LINE = 150  # characters of a text, in a list
TEAMS, OWN = "team", "own"
WRONG_AT = {  # where in the form a rule's no is said
    canned.ReplyWithoutName: "name", canned.NameTaken: "name", canned.TooManyReplies: "name",
    canned.ChangedMeanwhile: "name", canned.NoSuchReply: "name", canned.NotYourReply: "name",
}  # fmt: skip


def open_page(talk: Talk) -> Iterable[Outgoing]:
    """In a window, for whoever pressed."""
    return show(talk, "")


def show(talk: Talk, wanted: str) -> Iterable[Outgoing]:
    """Those with these words in their name (none: all)."""
    if talk.came.trigger is not None:
        yield _page(talk, wanted)


def _page(talk: Talk, wanted: str, view: str | None = None) -> Page:
    found = [r for r in canned.live(talk.work, talk.company, talk.staff.key) if wanted.casefold() in r.name.casefold()]
    sections = (
        Section(buttons=((standing("replies.new", "replies.new", over=1),),)),
        *_part(talk, t("canned.of_team"), [r for r in found if r.owner is None], t("replies.none.team")),
        *_part(talk, t("canned.own"), [r for r in found if r.owner is not None], t("replies.none.own")),
        *_lately(talk),
    )
    trigger = talk.came.trigger if view is None else None
    return Page(user=talk.came.sender.user, trigger=trigger, view=view, title=t("replies.title"), sections=sections)


def _part(talk: Talk, title: Text, found: list[Reply], none: Text) -> Iterable[Section]:
    more = t("replies.more", len(found) - SHOWN) if len(found) > SHOWN else None
    rows = tuple(_row(talk, reply) for reply in found[:SHOWN])
    yield Section(title=title, body=() if found else (none,), rows=rows, footer=more)


def _row(talk: Talk, reply: Reply) -> Row:
    """Its languages, how it begins, and who changed it last."""
    spoken: Value = Listing(tuple(language.upper() for language in LANGUAGES if reply.words.get(language)), "plain")
    begins = next((reply.words[language] for language in _first(talk) if reply.words.get(language)), "")
    value = t("page.two", first=spoken, second=_short(begins))
    if reply.changed_by and reply.changed_at:
        when = Moment(reply.changed_at, talk.company.time_zone, "short")
        value = t("replies.line", about=value, name=who_is(talk.company, reply.changed_by), when=when)
    return Row(reply.name, value, _buttons(talk, reply))


def _buttons(talk: Talk, reply: Reply) -> tuple[Button, ...]:
    if not canned.may_change(talk.staff, reply.owner):
        return ()
    return (
        standing("replies.change", "replies.change", reply=reply.ref, over=1),
        standing("replies.retire", "replies.retire", reply=reply.ref),
    )


def _first(talk: Talk) -> tuple[Language, ...]:
    """The team's own language first."""
    return (talk.company.team_language, *LANGUAGES)


def _short(text: str) -> str:
    return shorten(text, LONGEST_LINE, placeholder="…")


# ── who did what ──


def _lately(talk: Talk) -> Iterable[Section]:
    found = canned.changes(talk.work, talk.staff.key, LATELY)
    if found:
        yield Section(title=t("replies.lately"), rows=tuple(_change(talk, one, reply) for one, reply in found))


def _change(talk: Talk, one: CannedChange, reply: CannedReply) -> Row:
    said = one.after or one.before or {}
    label = t(f"replies.log.{one.what}", name=who_is(talk.company, one.by), reply=str(said.get("name", reply.name)))
    when: Value = Moment(one.at, talk.company.time_zone, "short")
    if one.what is not Change.CHANGED:
        return Row(label, when)
    return Row(label, t("page.two", first=when, second=Listing(tuple(_differences(one)), "plain")))


def _differences(one: CannedChange) -> Iterable[Value]:
    """What it said before and after, where that is not the same."""
    before, after = one.before or {}, one.after or {}
    if before.get("name") != after.get("name"):
        yield t("replies.renamed", was=str(before.get("name", "")), now=str(after.get("name", "")))
    for language in LANGUAGES:
        was, now = (str(side.get("words", {}).get(language, "")) for side in (before, after))
        if was != now:
            yield t("replies.differs", language=language.upper(), was=_short(was) or "–", now=_short(now) or "–")


# ── new ones, other words, no more ──


def ask_new(talk: Talk) -> Iterable[Outgoing]:
    """A form without words."""
    return _form(talk, None)


def ask_change(talk: Talk) -> Iterable[Outgoing]:
    """A form with the words as they are."""
    return _form(talk, canned.find(talk.work, talk.company, str(talk.args["reply"]), talk.staff.key))


def _form(talk: Talk, reply: Reply | None) -> Iterable[Outgoing]:
    if talk.came.trigger is None:
        return
    if reply is not None and not canned.may_change(talk.staff, reply.owner):
        raise canned.NotYourReply
    blanks = Listing(tuple(f"{{{name}}}" for name in BLANKS), "plain")
    texts = tuple(
        Field(language, t("replies.words", language=t(f"language.{language}")), "lines", optional=True,
              initial=reply.words.get(language) if reply else None, longest=LONGEST)
        for language in _languages(talk, reply)
    )  # fmt: skip
    name = Field("name", t("replies.name"), initial=reply.name if reply else None, longest=LONGEST_NAME)
    args: dict[str, Plain] = {"reply": reply.ref, "seen": reply.version} if reply else {}
    yield Form(
        trigger=talk.came.trigger,
        user=talk.came.sender.user,
        act="replies.saved",
        args=args,
        title=t("replies.title.change" if reply else "replies.title.new"),
        intro=(t("replies.blanks", blanks=blanks), t("replies.free")),
        fields=(*(() if reply else _whose(talk)), name, *texts),
        submit=t("replies.save"),
    )


def _languages(talk: Talk, reply: Reply | None) -> tuple[Language, ...]:
    """The company's; and those in which it says something already."""
    said = reply.words if reply else {}
    return tuple(language for language in LANGUAGES if language in talk.company.languages or said.get(language))


def _whose(talk: Talk) -> tuple[Field, ...]:
    """Whom a new one is for: only a manager makes them for the team."""
    if not canned.may_change(talk.staff, None):
        return ()
    options: tuple[tuple[str, Value], ...] = ((TEAMS, t("replies.for.team")), (OWN, t("replies.for.me")))
    return (Field("whose", t("replies.whose"), "choice", options=options, initial=TEAMS),)


def saved(talk: Talk) -> Iterable[Outgoing]:
    """It holds from now on; the page beneath shows it."""
    came = talk.inbound
    said = {name: str(value or "") for name, value in filled(talk).items()}
    words: dict[str, str] = {language: said.get(language, "") for language in LANGUAGES}
    try:
        if ref := str(talk.args.get("reply", "")):
            seen = int(talk.args.get("seen", 0))
            canned.change(talk.work, talk.company, talk.staff, ref, said.get("name", ""), words, seen=seen)
        else:
            owner = None if said.get("whose") == TEAMS else talk.staff.key
            canned.make(talk.work, talk.company, talk.staff, owner, said.get("name", ""), words)
    except Refusal as no:
        raise FormRefused(FormErrors({_where(talk, no): _spoken(talk, no)})) from None
    if isinstance(came, Filled) and came.beneath is not None:
        yield _page(talk, "", came.beneath)


def _where(talk: Talk, no: Refusal) -> str:
    """The field at which a no is said."""
    if isinstance(no, canned.UnknownBlank):
        return no.language
    texts = [language for language in LANGUAGES if language in filled(talk)]
    return WRONG_AT.get(type(no), texts[0] if texts else "name")


def _spoken(talk: Talk, no: Refusal) -> Text:
    if isinstance(no, canned.ChangedMeanwhile):
        return t("refusal.changed_meanwhile", name=who_is(talk.company, no.name))
    return phrase(no)


def retire(talk: Talk) -> Iterable[Outgoing]:
    """Nobody chooses it any more; the log keeps what it said."""
    canned.retire(talk.work, talk.company, talk.staff, str(talk.args["reply"]))
    came = talk.inbound
    if isinstance(came, Press) and came.view is not None:
        yield _page(talk, "", came.view)


PRESSES: dict[str, Handler] = {
    "replies.open": open_page,
    "replies.new": ask_new,
    "replies.change": ask_change,
    "replies.retire": retire,
}
FORMS: dict[str, Handler] = {"replies.saved": saved}
