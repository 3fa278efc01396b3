"""What the team reads about first aid: in the thread of the request, so that nobody tries the same again."""

from collections.abc import Iterable

from domain.first_aid import FirstAid
from domain.first_aid_events import FirstAidDidNotHelp, FirstAidHelped
from domain.people import Person
from domain.requests import Request
from handlers.cards.request import thread
from handlers.conversation import Talk
from handlers.messages import Message, Outgoing
from locales.text import Own, t


def told(talk: Talk, fact: FirstAidHelped | FirstAidDidNotHelp) -> Iterable[Outgoing]:
    """Which one, how far, and whether it helped."""
    request = talk.work.session.get_one(Request, fact.request)
    aid = talk.work.session.get_one(FirstAid, fact.aid)
    written = {
        lang: known.named(aid.remedy) for lang in talk.company.languages if (known := talk.company.remedies(lang))
    }
    titles: dict[str, str] = {lang: remedy.title for lang, remedy in written.items() if remedy is not None}
    steps = max((len(remedy.steps) for remedy in written.values() if remedy is not None), default=aid.step)
    key = "team.aid.helped" if isinstance(fact, FirstAidHelped) else "team.aid.not"
    name = talk.work.session.get_one(Person, request.person_id).name
    what = Own(titles) if titles else aid.remedy
    yield Message(to=thread(request), body=(t(key, name=name, what=what, at=min(aid.step, steps), of=steps),))
