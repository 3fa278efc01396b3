"""`/aftercare`: find a customer, log a call, invite somebody, canned replies; the same from the app's home."""

from collections.abc import Iterable

from msgspec.structs import replace

from domain.finding import MOST, Hit, find
from domain.homes import Home
from domain.people import Person
from domain.rights import MANAGERS, may
from handlers.cards.queue import place
from handlers.conversation import Handler, Talk, standing
from handlers.inbound import Typed
from handlers.messages import Button, Field, Form, FormErrors, Message, Outgoing, Page, Plain, Row, Section
from handlers.refusals import FormRefused
from handlers.team import campaigns, phone_log, price_list, replies
from handlers.team.calendar import here
from handlers.team.requests import filled
from locales.text import Text, Value, t

FIND = ("find", "chercher", "buscar", "cerca")
INVITE = ("invite", "inviter", "invitar", "invita")
REPLIES = ("replies", "réponses", "reponses", "respuestas", "risposte")
CALL = ("call", "appel", "llamada", "chiamata")
LONGEST = 200  # characters one looks for


def command(talk: Talk) -> Iterable[Outgoing]:
    """`/aftercare`: what it can do; `find …`, `invite …`, `call`, `prices` …; any other words are looked for."""
    came = talk.inbound
    said = came.text.strip() if isinstance(came, Typed) else ""
    verb, _, rest = said.partition(" ")
    if verb.casefold() in CALL:
        return phone_log.ask(talk)
    if verb.casefold() in REPLIES:
        return replies.show(talk, rest.strip())
    if said.casefold() in price_list.WORDS:
        return price_list.show(talk)
    if said.casefold() in campaigns.WORDS:
        return campaigns.show(talk)
    if verb.casefold() in (*FIND, *INVITE):
        return (_hits(talk, rest.strip(), invite=verb.casefold() in INVITE) if rest.strip() else _menu(talk),)
    return (_hits(talk, said, invite=False) if said else _menu(talk),)


def _menu(talk: Talk) -> Message:
    buttons = (standing("find.open", "find.open"), standing("call.open", "call.open"))
    more: tuple[Button, ...] = (standing("invite.open", "invite.open"), standing("replies.open", "replies.open"))
    if may(talk.staff, MANAGERS):
        more = (*more, standing("prices.show", "prices.show"), standing("campaigns.show", "campaigns.show"))
    return Message(
        to=here(talk),
        title=t("find.menu"),
        body=(t("find.menu.how"),),
        buttons=((*buttons, *more),),
    )


def _hits(talk: Talk, words: str, *, invite: bool) -> Message:
    """Who was found, for whoever asked and nobody else; each opens his page."""
    hits, more = find(talk.work, words[:LONGEST], talk.company.country)
    return Message(
        to=here(talk),
        title=t("find.title", words=words[:LONGEST]),
        body=(t("find.found", len(hits)) if hits else t("find.nothing"), *((t("find.more", MOST),) if more else ())),
        buttons=tuple((replace(_button(hit, invite=invite), label=_label(talk, hit)),) for hit in hits),
    )


def _button(hit: Hit, *, invite: bool, over: int = 0) -> Button:
    args: dict[str, Plain] = {"person": hit.person}
    args |= {"home": hit.home} if hit.home else {}
    args |= {"over": over} if over else {}
    return replace(
        standing("invite.this", "invite.give") if invite else standing("find.show", "customer.show"), args=args
    )


def _label(talk: Talk, hit: Hit) -> Value:
    person, where = _both(talk, hit)
    return t("find.hit", name=person.name, place=where)


def _both(talk: Talk, hit: Hit) -> tuple[Person, Text]:
    home = talk.work.session.get(Home, hit.home) if hit.home else None
    where = place(home.name, home.city) if home else t("team.stranger")
    return talk.work.session.get_one(Person, hit.person), where


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Whom to find, or (`invite.open`) to invite."""
    return _form(talk, "find")


def ask_invite(talk: Talk) -> Iterable[Outgoing]:
    """Whom to invite."""
    return _form(talk, "invite")


def _form(talk: Talk, what: str) -> Iterable[Outgoing]:
    if talk.came.trigger is not None:
        yield Form(
            trigger=talk.came.trigger,
            user=talk.came.sender.user,
            act="find.sent",
            args={"what": what},
            title=t(f"{what}.title.form"),
            fields=(Field("words", t("find.words"), hint=t("find.words.hint"), longest=LONGEST),),
            submit=t("find.submit"),
        )


def sent(talk: Talk) -> Iterable[Outgoing]:
    """Who was found, in the same window."""
    words = str(filled(talk).get("words") or "").strip()
    hits, more = find(talk.work, words, talk.company.country)
    if not hits:
        raise FormRefused(FormErrors({"words": t("find.nothing")}))
    rows = tuple(_row(talk, hit, invite=talk.args["what"] == "invite") for hit in hits)
    part = Section(rows=rows, footer=t("find.more", MOST) if more else None)
    yield Page(user=talk.came.sender.user, title=t("find.title.window"), sections=(part,))


def _row(talk: Talk, hit: Hit, *, invite: bool) -> Row:
    person, where = _both(talk, hit)
    return Row(
        person.name, t("page.two", first=where, second=person.phone or "–"), (_button(hit, invite=invite, over=1),)
    )


PRESSES: dict[str, Handler] = {"find.open": ask, "invite.open": ask_invite}
FORMS: dict[str, Handler] = {"find.sent": sent}
