"""A storm of a hundred homes with the longest names: Slack takes its card, its forms and its list."""

from collections.abc import Iterable

import pytest
from test_slack_renderer import said
from test_slack_views import EXTREMES, PRESSED, accepted, talk

from bot.channels.slack_renderer import form, render
from bot.channels.slack_views import page
from domain import storm_deeds, storm_watching, storms
from domain.areas import Area
from domain.storms import Storm
from domain.work import Work
from handlers.cards.storm_card import for_storm
from handlers.inbound import Filled
from handlers.messages import Form, Outgoing, Page
from handlers.team import storms as desk
from sandbox.slack import judge
from tests.domain.conftest import empty_record, record, server_record, work
from tests.domain.ground import SAMPLE, home, person, request

__all__ = ["empty_record", "record", "server_record", "work"]

HOMES = 100
LANGUAGES = ("en", "fr", "es", "it")


def crowd(work: Work, name: str) -> Storm:
    """So many homes, half of whose people nobody can reach."""
    for number in range(HOMES):
        who = person(work, telegram=f"t{number}" if number % 2 else None, phone="+44 7700 900107")
        where = home(work, f"H{number}", who)
        who.name = where.name = where.city = name
        who.language, where.region = LANGUAGES[number % 4], "riviera"
        work.session.flush()
        storm_watching.notice(work, SAMPLE, request(work, who, where, Area.NETWORK))
    (storm,) = storms.lasting(work)
    storm.brand = name
    storm_deeds.tell_everybody(work, SAMPLE, storm, dict.fromkeys(LANGUAGES, (name * 9)[: desk.LONGEST]), "ana")
    return storm


def opens(made: Iterable[Outgoing], language: str) -> str:
    """What it says, once Slack has taken it."""
    (one,) = made
    assert isinstance(one, Form | Page)
    view = form(one, language, "k" * 16) if isinstance(one, Form) else page(one, language, "k" * 16)
    accepted(view)
    assert len(view["title"]["text"]) <= 24
    assert isinstance(one, Page) or len(view["submit"]["text"]) <= 24
    return "\n".join(said(view))


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("kind", EXTREMES)
def test_slack_takes_all_that_is_shown_of_it(work: Work, kind: str, language: str) -> None:
    storm = crowd(work, EXTREMES[kind])
    blocks = render(for_storm(work, SAMPLE, storm), language, "k7", "letter:1")["blocks"]
    assert judge.blocks(blocks, "message").all == []
    for made in (desk.ask_tell, desk.ask_solve, desk.ask_deny):
        opens(made(talk(work, PRESSED, storm=storm.id)), language)
    words = {f"words_{spoken}": (EXTREMES[kind] * 9)[: desk.LONGEST] for spoken in LANGUAGES}
    came = Filled(sender=PRESSED.sender, place=PRESSED.place, token="k", values=words)
    opens(desk.preview(talk(work, came, storm=storm.id)), language)
    listed = opens(desk.show(talk(work, PRESSED, storm=storm.id)), language)
    assert str(HOMES - 40) in listed, "that something is left out is said"
    zoe = person(work, "Zoé")
    alone = request(work, zoe, home(work, "HZ", zoe), Area.NETWORK)
    opens(desk.ask(talk(work, PRESSED, request=alone.id)), language)
