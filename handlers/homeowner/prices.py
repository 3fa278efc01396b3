"""Why this price? The lines of each way to solve a request."""

from collections.abc import Iterable

from handlers.cards.lines import quote_facts
from handlers.cards.names import work_label
from handlers.cards.verdict import Terms, Way, clause_of, judged, open_to_him
from handlers.conversation import Handler, Talk, standing
from handlers.homeowner.mine import mine
from handlers.messages import Button, Message, Outgoing
from locales.text import Minutes, Text, t


def why(talk: Talk) -> Iterable[Outgoing]:
    """The lines of one way; the others are a tap away. The first time it is a new message, then the same one."""
    request = mine(talk, talk.number("request"))
    terms = Terms.of(talk.work, talk.company, request)
    found = open_to_him(judged(terms))
    if not found:
        yield talk.say(t("why.none"), buttons=((standing("menu.human", "human.ask"),),))
        return
    way = next((w for w in found if w.job.work == talk.args.get("work")), found[0])
    others = tuple(_other(talk, request.id, w) for w in found if w is not way)
    yield Message(
        to=talk.me,
        title=t("why.title", work=work_label(talk.company, way.job.work), time=Minutes(way.job.minutes)),
        body=(clause_of(terms, way.verdict), *_steps(way)),
        facts=quote_facts(talk.company, way.priced.quote),
        footer=t("why.holds"),
        buttons=(
            *((others[i : i + 2]) for i in range(0, len(others), 2)),
            (standing("why.choose", "solve.ways", request=request.id), standing("menu.human", "human.ask")),
        ),
        about=f"why:{request.id}",
        fresh="work" not in talk.args,
    )


def _steps(way: Way) -> tuple[Text, ...]:
    """How time is counted, where the steps are longer than a minute."""
    steps = {line.step for line in way.priced.quote.lines if line.step and line.step > 1}
    return (t("why.steps", time=Minutes(max(steps))),) if steps else ()


def _other(talk: Talk, request: int, way: Way) -> Button:
    label = t("why.other", work=work_label(talk.company, way.job.work))
    return Button(label, "price.why", {"request": request, "work": way.job.work}, standing=True)


PRESSES: dict[str, Handler] = {"price.why": why}
