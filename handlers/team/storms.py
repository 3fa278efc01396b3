"""Storms, by hand: put a request into one or take it out; take it, tell everybody, solve it, say that it is none."""

from collections import Counter
from collections.abc import Iterable, Sequence

from domain import storm_deeds, storm_watching, storms
from domain.storm_rules import Likeness
from domain.storms import Child, Storm, StormOver
from domain.work import Refusal
from handlers.cards.request import headline, who_is
from handlers.cards.storm_card import alike, by_phone, listing, some, storm_name, to_phone
from handlers.conversation import Handler, Talk
from handlers.messages import Field, Form, FormErrors, Outgoing, Part, Said
from handlers.refusals import FormRefused, phrase
from handlers.team.requests import TakenAlready, filled, form, request_of
from locales.text import In, Text, Value, t

LONGEST = 1500  # characters for everybody, in each language
MOST = 40  # storms to choose from
NUMBERS = 12


class NoSuchStorm(Refusal):
    """The storm is not there."""


def _storm(talk: Talk) -> Storm:
    """The storm a button or form names, held. Raises NoSuchStorm."""
    found = talk.work.session.get(Storm, talk.number("storm"))
    if found is None:
        raise NoSuchStorm
    return storms.held(talk.work, found.id)


# ── a request into one, and out of it ──


def ask(talk: Talk) -> Iterable[Outgoing]:
    """Which storm is it one of? One that lasts, or a new one of what is alike."""
    request = request_of(talk)
    options: list[tuple[str, Value]] = [
        (f"join:{storm.id}", storm_name(talk.company, storm)) for storm in storms.lasting(talk.work)[:MOST]
    ]
    for one in storm_watching.alike(talk.work, talk.company, request):
        like = one.likeness
        what = alike(talk.company, like)
        options.append((_shape(like), t("storm.new", one.homes, what=what)))
    if not options:
        raise storms.StandsAlone(request.number)
    chosen = Field("one", t("storm.choose"), "choice", options=tuple(options), hint=t("storm.choose.hint"))
    return form(talk, request, "storm", (t("storm.intro"),), (chosen,))


def _shape(like: Likeness) -> str:
    """Which of its likenesses was chosen: short, for a menu."""
    return f"new:{int(like.brand is not None)}{int(like.region is not None)}"


def put(talk: Talk) -> Iterable[Outgoing]:
    """It belongs there from now on; its homeowner reads what the others read."""
    request, chosen = request_of(talk), str(filled(talk).get("one") or "")
    kind, _, which = chosen.partition(":")
    try:
        if kind == "join" and which.isdecimal():
            storms.join(talk.work, talk.company, request, storms.held(talk.work, int(which)))
            return ()
        found = storm_watching.alike(talk.work, talk.company, request)
        like = next((one.likeness for one in found if _shape(one.likeness) == chosen), None)
        if like is None or not storm_deeds.begin_by_hand(talk.work, talk.company, request, like.key, talk.staff.key):
            raise FormRefused(FormErrors({"one": t("form.choose")}))
    except Refusal as no:
        raise FormRefused(FormErrors({"one": phrase(no)})) from None
    return ()


def take_out(talk: Talk) -> Iterable[Outgoing]:
    """It is about something else; from the list, the list is shown anew."""
    request = request_of(talk)
    number = talk.args.get("storm", request.storm_id)
    storms.leave(talk.work, request)
    if "over" in talk.args and number is not None:
        yield _page(talk, talk.work.session.get_one(Storm, int(number)))


# ── the storm ──


def take(talk: Talk) -> Iterable[Outgoing]:
    """I see to it. Who did not see that somebody has it is told who."""
    storm = _storm(talk)
    if storm.lasts and storm.assignee not in (None, talk.staff.key, talk.args.get("was")):
        raise TakenAlready(who_is(talk.company, storm.assignee or ""))
    storm_deeds.take(talk.work, storm, talk.staff.key)
    return ()


def show(talk: Talk) -> Iterable[Outgoing]:
    """All its requests, in a window."""
    yield _page(talk, _storm(talk))


def _page(talk: Talk, storm: Storm) -> Outgoing:
    depth = int(talk.args.get("over", 0)) + 1
    return listing(talk.work, talk.company, storm, talk.came.sender.user, talk.came.trigger, depth)


def ask_tell(talk: Talk) -> Iterable[Outgoing]:
    """What shall everybody read? An honest text stands there already."""
    storm, children = _lasting(talk)
    fields = [_field(storm, language, count) for language, count in _languages(talk, children).items()]
    intro = (t("storm.tell.intro"), *_unreachable(children))
    return _form(talk, storm, "storm.tell.sent", t("storm.tell.title"), intro, fields, t("storm.tell.look"))


def preview(talk: Talk) -> Iterable[Outgoing]:
    """What they will read, in how many homes; once more, to be corrected or sent."""
    storm, children = _lasting(talk)
    words = _words(talk, children)
    concerned = _concerned(children)
    lines: list[Part] = []
    for language, count in concerned.items():
        if language not in words:
            continue  # somebody joined since the form was opened: his field stands below, with the honest text
        lines += [t("storm.preview", count, language=t(f"language.{language}")), Said(words[language])]
    fields = [
        _field(storm, language, count, words.get(language)) for language, count in concerned.items()
    ]  # the others are sent as they were written, or as they stand
    later = {f"words_{language}": said for language, said in words.items() if language not in concerned}
    reached = len({child.person.id for child in children if child.request.running and child.reachable})
    intro = (*lines, *_unreachable(children))
    return _form(
        talk, storm, "storm.tell.go", t("storm.tell.title"), intro, fields, t("storm.tell.send", reached), **later
    )


def tell(talk: Talk) -> Iterable[Outgoing]:
    """It leaves, to everybody at once."""
    storm, children = _lasting(talk)
    storm_deeds.tell_everybody(talk.work, talk.company, storm, _words(talk, children), talk.staff.key)
    return ()


def ask_solve(talk: Talk) -> Iterable[Outgoing]:
    """What was done? Everybody reads it and is asked whether all works again."""
    storm, children = _lasting(talk)
    running = [child for child in children if child.request.running]
    intro: list[Part] = [t("storm.solve.intro", len(running))]
    there = [c for c in running if storm_deeds.somebody_is_there(talk.work, c)]
    if there:
        intro.append(t("storm.solve.there", which=some([headline(c.request) for c in there], NUMBERS)))
    fields = [
        _plain(language, count, In(t("storm.solve.standard"), language))
        for language, count in (_concerned(children) or {talk.company.team_language: 0}).items()
    ]
    return _form(
        talk, storm, "storm.solve.sent", t("storm.solve.title"), (*intro, *_unreachable(children)), fields,
        t("storm.solve.submit"),
    )  # fmt: skip


def solve(talk: Talk) -> Iterable[Outgoing]:
    """All that belongs to it is solved."""
    storm, children = _lasting(talk)
    storm_deeds.solve(talk.work, storm, _words(talk, children), talk.staff.key)
    return ()


def ask_deny(talk: Talk) -> Iterable[Outgoing]:
    """It was none: and what do those read who were told of one?"""
    storm, children = _lasting(talk)
    told = _concerned([child for child in children if child.told])
    fields = [_plain(language, count, In(t("storm.deny.standard"), language)) for language, count in told.items()]
    intro: tuple[Part, ...] = (t("storm.deny.intro"), *((t("storm.deny.told"),) if told else ()))
    return _form(talk, storm, "storm.deny.sent", t("storm.deny.title"), intro, fields, t("storm.deny.submit"))


def deny(talk: Talk) -> Iterable[Outgoing]:
    """Each is seen to alone; who was told otherwise reads that."""
    storm, children = _lasting(talk)
    if any(child.told for child in children):
        words = _words(talk, [child for child in children if child.told])
        storm_deeds.tell_everybody(talk.work, talk.company, storm, words, talk.staff.key)
    storm_deeds.deny(talk.work, storm, talk.staff.key)
    return ()


# ── what the forms share ──


def _lasting(talk: Talk) -> tuple[Storm, list[Child]]:
    storm = _storm(talk)
    if not storm.lasts:
        raise StormOver
    return storm, storms.children(talk.work, storm)


def _concerned(children: Sequence[Child]) -> dict[str, int]:
    """The languages of those whom it concerns, and how many homes speak each."""
    spoken = {(child.home.id, child.person.language) for child in children if child.request.running}
    return dict(Counter(language for _, language in sorted(spoken)).most_common())


def _languages(talk: Talk, children: Sequence[Child]) -> dict[str, int]:
    """These, and the company's other ones: for who joins later."""
    return _concerned(children) | {
        language: 0 for language in talk.company.languages if language not in _concerned(children)
    }


def _field(storm: Storm, language: str, count: int, said: str | None = None) -> Field:
    standard = In(t("storm.standard", area=t(f"area.{storm.area}")), language)
    return _plain(language, count, said or str(storm.told.get(language) or "") or standard)


def _plain(language: str, count: int, initial: str | In) -> Field:
    spoken = t(f"language.{language}")
    label = t("storm.words", count, language=spoken) if count else t("storm.words.later", language=spoken)
    return Field(f"words_{language}", label, "lines", initial=initial, optional=not count, longest=LONGEST)


def _words(talk: Talk, children: Sequence[Child]) -> dict[str, str]:
    """What was filled in, in this form or the one before it. Raises FormRefused where somebody would read nothing."""
    asked = _languages(talk, children)
    said = {
        language: str(filled(talk).get(f"words_{language}") or talk.args.get(f"words_{language}") or "").strip()
        for language in asked
    }
    fields = filled(talk)
    missing = {
        name: t("form.words_missing")
        for language, count in asked.items()
        if count and not said[language] and (name := f"words_{language}") in fields
    }
    if not any(said.values()):
        missing = missing or {f"words_{language}": t("form.words_missing") for language in asked}
    if missing:
        raise FormRefused(FormErrors(missing))
    return {language: words for language, words in said.items() if words}


def _unreachable(children: Sequence[Child]) -> tuple[Text, ...]:
    missing = to_phone(children)
    return (t("storm.unreachable", len(missing), who=by_phone(missing)),) if missing else ()


def _form(
    talk: Talk, storm: Storm, act: str, title: Text, intro: tuple[Part, ...], fields: Sequence[Field], submit: Text,
    **more: str,
) -> Iterable[Outgoing]:  # fmt: skip
    """A form about a storm: opened by a press, or in the place of the one that was just sent."""
    again = act.endswith(".go")
    if talk.came.trigger is None and not again:
        return
    yield Form(
        trigger=None if again else talk.came.trigger,
        user=talk.came.sender.user,
        act=act,
        args={"storm": storm.id, **more},
        title=title,
        intro=(storm_name(talk.company, storm), *intro),
        fields=tuple(fields),
        submit=submit,
    )


PRESSES: dict[str, Handler] = {
    "team.storm": ask,
    "team.storm_out": take_out,
    "storm.out": take_out,
    "storm.take": take,
    "storm.list": show,
    "storm.tell": ask_tell,
    "storm.solve": ask_solve,
    "storm.deny": ask_deny,
}
FORMS: dict[str, Handler] = {
    "team.storm.sent": put,
    "storm.tell.sent": preview,
    "storm.tell.go": tell,
    "storm.solve.sent": solve,
    "storm.deny.sent": deny,
}
