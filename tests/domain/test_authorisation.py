"""Who may what: the whole table is kept, and nobody gets a role he has not at the moment he clicks."""

from collections.abc import Mapping
from decimal import Decimal

import pytest

from bot import reception, routes
from domain import rights, standings
from domain.company import Company
from domain.money import Money
from domain.rights import DISPATCH, MANAGERS, TEAM, TECHNICIANS
from domain.standings import Kind
from domain.work import Work
from handlers import allowed
from handlers.conversation import Talk
from handlers.inbound import GroupChanged, Place, Sender, Typed
from tests.domain import authorisation
from tests.domain.ground import SAMPLE, refusal_of

HERE = Place("slack", "C0SERVICE", "channel")
TOM, LENA, MARC = (SAMPLE.member(key).slack for key in ("tom", "lena", "marc"))
GROUPS = {"dispatcher": "S0DISPATCH", "manager": "S0MANAGE"}


def grouped(**groups: str) -> Company:
    """The sample, where user groups give roles."""
    return SAMPLE.model_copy(update={"desk": SAMPLE.desk.model_copy(update={"groups": groups or GROUPS})})


def speaks(work: Work, company: Company, user: str, *, foreign: bool = False) -> Talk:
    """Somebody types /satisfaction."""
    came = Typed(sender=Sender("slack", user, foreign=foreign), place=HERE, text="", command="satisfaction")
    return reception.welcome(work, company, came, "slack:C0SERVICE:1", routes.STEPS)


def roles(work: Work, company: Company, user: str) -> set[str]:
    """Which roles somebody has at this moment."""
    teammate = speaks(work, company, user).teammate
    return set(teammate.roles) if teammate else set()


def hears(work: Work, company: Company, came: GroupChanged) -> None:
    """Slack says who came and who left: nobody is answered."""
    talk = reception.welcome(work, company, came, f"slack:group:{came.group}", routes.STEPS)
    assert list(routes.answer(talk)) == []
    work.session.flush()


@pytest.mark.slow
@pytest.mark.slow
def test_everybody_is_let_in_where_he_may_and_nobody_else_anywhere(work: Work) -> None:
    kept = authorisation.GOLDEN.read_text(encoding="utf-8")
    assert authorisation.matrix(work) == kept, "run: python -m tests.domain.authorisation, and look at what changed"


@pytest.mark.parametrize(
    ("rows", "acts"),
    [
        (rights.PRESSES, routes.TEAM),
        (rights.FORMS, routes.FORMS),
        (rights.COMMANDS, routes.SLASH),
        (rights.SHORTCUTS, routes.SHORTCUTS),
    ],
    ids=["buttons", "forms", "commands", "shortcuts"],
)
def test_every_act_has_a_row_and_every_row_an_act(rows: Mapping[str, object], acts: Mapping[str, object]) -> None:
    assert sorted(rows) == sorted(acts)


def test_an_act_is_a_line_of_the_golden_file_under_each_place() -> None:
    lines = authorisation.GOLDEN.read_text(encoding="utf-8").splitlines()
    acts = [f"press {a}" for a in routes.TEAM] + [f"form {a}" for a in routes.FORMS]
    acts += [f"command /{c}" for c in routes.SLASH] + [f"shortcut {s}" for s in routes.SHORTCUTS]
    for act in acts:
        assert len([line for line in lines if line.startswith(f"{act} ")]) == len(authorisation.PLACES), act


def test_who_comes_into_a_user_group_has_its_role_besides_his_own_and_loses_it_when_he_leaves(work: Work) -> None:
    company = grouped()
    assert roles(work, company, TOM) == {"technician"}
    hears(work, company, GroupChanged(group="S0DISPATCH", added=(TOM, "U0NOBODY")))
    assert roles(work, company, TOM) == {"technician", "dispatcher"}
    assert roles(work, company, "U0NOBODY") == set()  # in the group, and not in the company file
    hears(work, company, GroupChanged(group="S0DISPATCH", removed=(TOM,)))
    assert roles(work, company, TOM) == {"technician"}


def test_a_group_that_gives_no_role_is_none_of_our_business(work: Work) -> None:
    standings.group_changed(work, grouped(), "S0LUNCH", [TOM], [])
    assert standings.of(work, TOM) == (Kind.MEMBER, ())


def test_what_slack_says_in_full_takes_the_place_of_all_that_was_known(work: Work) -> None:
    company = grouped()
    standings.learn(work, {"U0GUS": Kind.GUEST}, {"S0MANAGE": [TOM], "S0DISPATCH": [TOM, MARC]})
    work.session.flush()
    assert roles(work, company, TOM) == {"technician", "dispatcher", "manager"}
    standings.learn(work, {}, {"S0MANAGE": [], "S0DISPATCH": [MARC]})
    work.session.flush()
    assert roles(work, company, TOM) == {"technician"}
    assert "dispatcher" in roles(work, company, MARC)
    assert standings.of(work, "U0GUS") == (Kind.MEMBER, ())


def test_a_role_ends_with_the_line_of_the_company_file_that_gave_it_to_the_group(work: Work) -> None:
    standings.learn(work, {}, {"S0MANAGE": [TOM]})
    work.session.flush()
    assert "manager" in roles(work, grouped(), TOM)
    assert "manager" not in roles(work, SAMPLE, TOM)
    assert "manager" not in roles(work, grouped(manager="S0OTHERS"), TOM)


@pytest.mark.parametrize("kind", [Kind.GUEST, Kind.BOT, Kind.STRANGER])
def test_whom_the_file_names_is_nobody_while_slack_says_he_is_no_member(work: Work, kind: Kind) -> None:
    standings.learn(work, {MARC: kind}, {"S0MANAGE": [MARC]})
    work.session.flush()
    talk = speaks(work, grouped(), MARC)
    assert (talk.teammate, talk.visitor) == (None, kind)


def test_the_id_of_a_manager_from_another_workspace_is_a_strangers(work: Work) -> None:
    talk = speaks(work, SAMPLE, MARC, foreign=True)
    assert (talk.teammate, talk.visitor) == (None, Kind.STRANGER)


def test_a_refusal_names_some_who_may_by_the_file_or_by_a_group(work: Work) -> None:
    company = grouped()
    standings.learn(work, {}, {"S0MANAGE": [LENA]})
    work.session.flush()
    with pytest.raises(allowed.NotYourRole) as no:
        list(routes.answer(speaks(work, company, TOM)))
    assert no.value.names.items == ("Marc Delcourt", SAMPLE.member("lena").name)


def test_where_nobody_has_the_role_nobody_is_named(work: Work) -> None:
    team = tuple(m.model_copy(update={"roles": ("technician",)}) for m in SAMPLE.team)
    nobody = SAMPLE.model_copy(update={"team": team})
    assert refusal_of(lambda: list(routes.answer(speaks(work, nobody, TOM)))) == "NobodyHasTheRole"


def test_the_manager_is_told_by_the_ladder_whoever_made_him_one(work: Work) -> None:
    standings.learn(work, {}, {"S0MANAGE": [TOM]})
    work.session.flush()
    assert [m.key for m in standings.holders(work, grouped(), "manager")] == ["tom", "marc"]
    assert [m.key for m in standings.holders(work, SAMPLE, "manager")] == ["marc"]


@pytest.mark.parametrize(
    ("who", "limit", "amount", "may"),
    [
        ("tom", "50", "50", True),
        ("tom", "50", "50.01", False),
        ("tom", "50", "-50.01", False),  # given away is as much as asked for
        ("lena", "50", "51", False),
        ("lena", None, "0.01", False),  # no limit named: always a manager
        ("marc", "50", "5000", True),
        ("marc", None, "5000", True),
    ],
)
def test_above_the_limit_it_takes_a_manager(work: Work, who: str, limit: str | None, amount: str, may: bool) -> None:
    desk = SAMPLE.desk.model_copy(update={"free_amount_limit": limit and Decimal(limit)})
    company = SAMPLE.model_copy(update={"desk": desk})
    talk = speaks(work, company, SAMPLE.member(who).slack)
    money = Money.of(amount, "EUR")
    assert rights.may_grant(talk.staff, company, money) is may
    assert refusal_of(lambda: allowed.granted(talk, money)) == (None if may else "AboveYourLimit")


def test_an_amount_in_another_currency_is_measured_by_nobody_but_a_manager() -> None:
    desk = SAMPLE.desk.model_copy(update={"free_amount_limit": Decimal(50)})
    company = SAMPLE.model_copy(update={"desk": desk})
    assert not rights.may_grant(SAMPLE.member("tom"), company, Money.of(1, "JPY"))


def test_every_role_may_something_and_no_row_is_empty() -> None:
    rows = [*rights.PRESSES.values(), *rights.FORMS.values(), *rights.COMMANDS.values(), *rights.SHORTCUTS.values()]
    assert all(row and row <= TEAM for row in rows)
    assert {TEAM, DISPATCH, MANAGERS, TECHNICIANS} <= set(rows)
