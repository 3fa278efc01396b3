"""Somebody phoned: what he said is written down as a request of his, as if he had written it himself."""

from collections.abc import Iterable

from domain.areas import Area, Intent, Urgency
from domain.finding import Hit, find, valid_phone
from domain.homes import Home, homes_of
from domain.people import Person, Presence
from domain.requests import Request, Wish, open_request
from domain.routing import channel_for
from domain.storm_watching import notice
from handlers.cards.queue import place
from handlers.cards.request import headline
from handlers.cards.verdict import write_down
from handlers.conversation import Handler, Talk, standing
from handlers.messages import Field, Form, FormErrors, Message, Outgoing, Part, Plain, Teammate
from handlers.refusals import FormRefused
from handlers.team.customer import subject
from handlers.team.requests import filled
from locales.text import Text, Value, t

LONGEST, LONGEST_NAME, LONGEST_PHONE = 3000, 200, 60  # characters
NEW = "new"


def ask(talk: Talk) -> Iterable[Outgoing]:
    """The form: with the customer, where he was found before; else with a name and a number."""
    if talk.came.trigger is None:
        return
    known = subject(talk) if {"person", "of"} & talk.args.keys() else None
    about: dict[str, Plain] = {"person": known.person.id} if known else {}
    intro: tuple[Part, ...] = (t("call.intro"),)
    if known:
        intro = (t("call.from", name=known.person.name, phone=known.person.phone or "–"),)
    fields = _homes(talk, known.person, known.home) if known else _who({})
    yield _form(talk, about, intro, (*fields, *_what(talk, {})), talk.came.trigger)


def _form(
    talk: Talk, args: dict[str, Plain], intro: tuple[Part, ...], fields: tuple[Field, ...], trigger: str | None
) -> Form:
    return Form(
        trigger=trigger,
        user=talk.came.sender.user,
        act="call.sent",
        args=args,
        title=t("call.title"),
        intro=intro,
        fields=fields,
        submit=t("call.submit"),
    )


def _who(said: dict[str, str]) -> tuple[Field, ...]:
    return (
        Field("name", t("call.name"), initial=said.get("name"), longest=LONGEST_NAME),
        Field("phone", t("call.phone"), initial=said.get("phone"), optional=True, longest=LONGEST_PHONE),
    )


def _homes(talk: Talk, person: Person, home: Home | None) -> tuple[Field, ...]:
    """Which of his homes it is about, where there are several."""
    found = [at for at, _ in homes_of(talk.work, person)]
    options = tuple((str(at.id), place(at.name, at.city)) for at in found)
    if len(options) < 2:
        return ()
    return (Field("home", t("team.home"), "choice", options=options, initial=str(home.id) if home else None),)


def _what(talk: Talk, said: dict[str, str]) -> tuple[Field, ...]:
    areas: tuple[tuple[str, Value], ...] = tuple((a.value, t(f"area.{a}")) for a in talk.company.areas)
    urgencies: tuple[tuple[str, Value], ...] = tuple((u.value, t(f"urgency.{u}")) for u in Urgency)
    urgency = said.get("urgency") or Urgency.NORMAL.value
    return (
        Field("area", t("call.area"), "choice", options=areas, initial=said.get("area")),
        Field("urgency", t("request.urgency"), "choice", options=urgencies, initial=urgency),
        Field("words", t("call.words"), "lines", initial=said.get("words"), longest=LONGEST),
    )


def sent(talk: Talk) -> Iterable[Outgoing]:
    """It is logged; where it is not sure who he is, that is asked first, with everything already filled in."""
    said = {name: str(value or "").strip() for name, value in filled(talk).items()}
    area, urgency = _chosen(talk, said)
    if "person" in talk.args:
        person = talk.work.session.get_one(Person, talk.number("person"))
        return _logged(talk, person, _home_of(talk, person, said), area, urgency, said["words"])
    phone = _phone(talk, said)
    if "who" not in said and (hits := _perhaps(talk, said, phone)):
        return (_which(talk, said, hits),)
    person, home = _caller(talk, said, phone)
    return _logged(talk, person, home, area, urgency, said["words"])


def _chosen(talk: Talk, said: dict[str, str]) -> tuple[Area, Urgency]:
    wrong: dict[str, Text] = {}
    if said.get("area") not in {a.value for a in talk.company.areas}:
        wrong["area"] = t("call.wrong.choice")
    if said.get("urgency") not in {u.value for u in Urgency}:
        wrong["urgency"] = t("call.wrong.choice")
    if not said.get("words"):
        wrong["words"] = t("form.words_missing")
    if "person" not in talk.args and not said.get("name"):
        wrong["name"] = t("form.words_missing")
    if wrong:
        raise FormRefused(FormErrors(wrong))
    return Area(said["area"]), Urgency(said["urgency"])


def _phone(talk: Talk, said: dict[str, str]) -> str | None:
    if not said.get("phone"):
        return None
    phone = valid_phone(said["phone"], talk.company.country)
    if phone is None:
        raise FormRefused(FormErrors({"phone": t("call.wrong.phone")}))
    return phone


def _perhaps(talk: Talk, said: dict[str, str], phone: str | None) -> list[Hit]:
    """Who it may be: whose number it is, and who is called so."""
    by_phone = find(talk.work, phone, talk.company.country)[0] if phone else []
    by_name = find(talk.work, said["name"], talk.company.country)[0]
    return list(dict.fromkeys([*by_phone, *by_name]))


def _which(talk: Talk, said: dict[str, str], hits: list[Hit]) -> Form:
    options: list[tuple[str, Value]] = []
    for hit in hits:
        home = talk.work.session.get(Home, hit.home) if hit.home else None
        name = talk.work.session.get_one(Person, hit.person).name
        where = place(home.name, home.city) if home else t("team.stranger")
        options.append((f"{hit.person}:{hit.home or 0}", t("find.hit", name=name, place=where)))
    options.append((NEW, t("call.somebody_new")))
    who = Field("who", t("call.who"), "choice", options=tuple(options), hint=t("call.who.hint"))
    return _form(talk, {}, (), (who, *_who(said), *_what(talk, said)), None)


def _caller(talk: Talk, said: dict[str, str], phone: str | None) -> tuple[Person, Home | None]:
    """Who was chosen; somebody new is written down with his number."""
    chosen = said.get("who", NEW)
    if chosen != NEW:
        person, _, home = chosen.partition(":")
        session = talk.work.session
        found = session.get(Person, int(person)) if person.isdecimal() and home.isdecimal() else None
        if found is None:
            raise FormRefused(FormErrors({"who": t("call.wrong.choice")}))
        return found, next((at for at, _ in homes_of(talk.work, found) if at.id == int(home)), None)
    if phone is None:
        raise FormRefused(FormErrors({"phone": t("call.phone_missing")}))
    new = Person(
        name=said["name"][:LONGEST_NAME],
        language=talk.company.languages[0],
        language_chosen=False,
        phone=phone,
        presence=Presence.UNLINKED,
        created_at=talk.work.now,
    )
    talk.work.session.add(new)
    talk.work.session.flush()
    return new, None


def _home_of(talk: Talk, person: Person, said: dict[str, str]) -> Home | None:
    found = [at for at, _ in homes_of(talk.work, person)]
    return next((at for at in found if str(at.id) == said.get("home")), found[0] if found else None)


def _logged(
    talk: Talk, person: Person, home: Home | None, area: Area, urgency: Urgency, words: str
) -> Iterable[Outgoing]:
    channel = channel_for(talk.work, talk.company, home, area, urgency)
    wish = Wish(Intent.PROBLEM, area, urgency, words, channel, logged_by=talk.staff.key)
    request = open_request(talk.work, person.id, home.id if home else None, wish)
    write_down(talk.work, talk.company, request)
    notice(talk.work, talk.company, request)
    yield _done(talk, request, person)


def _done(talk: Talk, request: Request, person: Person) -> Message:
    return Message(
        to=Teammate(talk.came.sender.user),
        title=headline(request),
        body=(t("call.logged", name=person.name),),
        buttons=((standing("team.take", "team.take", request=request.id), standing(
            "page.customer", "customer.show", of=request.id)),),
    )  # fmt: skip


PRESSES: dict[str, Handler] = {"call.open": ask}
FORMS: dict[str, Handler] = {"call.sent": sent}
