"""What is said about a storm: its card and thread, and the cards of its requests."""

from collections.abc import Iterable

from domain import events, storm_events, storm_watching, storms
from domain.requests import Request
from domain.storms import Storm
from handlers.cards.request import headline, thread, who_is
from handlers.cards.storm_card import by_phone, for_storm, homes_of, storm_name, storm_thread, to_phone
from handlers.conversation import Talk
from handlers.messages import Fact, Message, Outgoing, Part, Said
from locales.text import t


def _storm(talk: Talk, number: int) -> Storm:
    return talk.work.session.get_one(Storm, number)


def _say(storm: Storm, *body: Part, facts: tuple[Fact, ...] = (), alert: bool = False) -> Message:
    return Message(to=storm_thread(storm), body=body, facts=facts, alert=alert)


def began(talk: Talk, fact: storm_events.StormBegan) -> Iterable[Outgoing]:
    """Its card, and everybody in the channel is rung once."""
    storm = _storm(talk, fact.storm)
    yield for_storm(talk.work, talk.company, storm)
    homes = len(homes_of(storms.children(talk.work, storm)))
    said = t("storm.began", homes) if fact.by is None else t("storm.began_by", name=who_is(talk.company, fact.by))
    yield _say(storm, said, t("storm.began.how"), alert=fact.by is None)


def joined(talk: Talk, fact: storm_events.StormJoined) -> Iterable[Outgoing]:
    """Its own thread says where it is seen to; one that comes later is said in the storm's, too."""
    request, storm = talk.work.session.get_one(Request, fact.request), _storm(talk, fact.storm)
    yield Message(to=thread(request), body=(t("storm.in", storm=storm_name(talk.company, storm)),))
    if fact.later:
        yield for_storm(talk.work, talk.company, storm)
        yield _say(storm, t("storm.joined", one=headline(request)))


def left(talk: Talk, fact: storm_events.StormLeft) -> Iterable[Outgoing]:
    """From now on it is seen to alone."""
    request, storm = talk.work.session.get_one(Request, fact.request), _storm(talk, fact.storm)
    yield Message(to=thread(request), body=(t("storm.out", storm=storm_name(talk.company, storm)),))
    if fact.lasts:
        yield for_storm(talk.work, talk.company, storm)
        yield _say(storm, t("storm.left", one=headline(request)))


def taken(talk: Talk, fact: storm_events.StormTaken) -> Iterable[Outgoing]:
    """The card has a name on it."""
    yield for_storm(talk.work, talk.company, _storm(talk, fact.storm))


def told(talk: Talk, fact: storm_events.StormTold) -> Iterable[Outgoing]:
    """What was said, to how many, and whom it cannot reach."""
    storm = _storm(talk, fact.storm)
    yield for_storm(talk.work, talk.company, storm)
    yield _say(
        storm,
        t("storm.told.done", fact.reached, name=who_is(talk.company, fact.by)),
        *(Said(words) for words in _said(talk, storm)),
        facts=_missing(talk, storm),
    )


def _said(talk: Talk, storm: Storm) -> list[str]:
    """The words that were used, one of each."""
    people = [child.person for child in storms.children(talk.work, storm)]
    return list(dict.fromkeys(storms.in_his(storm.told, person) for person in people))


def _missing(talk: Talk, storm: Storm) -> tuple[Fact, ...]:
    missing = to_phone(storms.children(talk.work, storm))
    return (Fact(t("storm.phone"), by_phone(missing)),) if missing else ()


def solved(talk: Talk, fact: storm_events.StormSolved) -> Iterable[Outgoing]:
    """The card says how it ended; who cannot be reached is to be phoned."""
    storm = _storm(talk, fact.storm)
    yield for_storm(talk.work, talk.company, storm)
    children = [child for child in storms.children(talk.work, storm) if not child.reachable]
    missing = (Fact(t("storm.phone"), by_phone(list({c.person.id: c for c in children}.values()))),) if children else ()
    yield _say(storm, t("storm.solved", fact.solved, name=who_is(talk.company, fact.by)), facts=missing)


def denied(talk: Talk, fact: storm_events.StormDenied) -> Iterable[Outgoing]:
    """It was none."""
    storm = _storm(talk, fact.storm)
    yield for_storm(talk.work, talk.company, storm)
    yield _say(storm, t("storm.denied", name=who_is(talk.company, fact.by)))


def child_changed(talk: Talk, fact: events.OfRequest) -> Iterable[Outgoing]:
    """One of its requests ended, or goes on: the storm's card counts it."""
    storm = storms.of(talk.work, talk.work.session.get_one(Request, fact.request))
    if storm is not None and storm.lasts:
        yield for_storm(talk.work, talk.company, storm)


def alone(talk: Talk, fact: events.OfRequest) -> Iterable[Outgoing]:
    """It became dangerous, or is not solved after all: no storm holds it any more."""
    storms.goes_by_itself(talk.work, talk.work.session.get_one(Request, fact.request))
    return ()


def sorted_anew(talk: Talk, fact: events.OfRequest) -> Iterable[Outgoing]:
    """It is about something else: perhaps of another storm."""
    storm_watching.sorted_anew(talk.work, talk.company, talk.work.session.get_one(Request, fact.request))
    return ()
