"""Canned replies: the team's and one's own, their blanks, and the log of who changed what."""

from datetime import timedelta

import pytest
from pydantic import ValidationError

from domain import canned
from domain.canned import Change
from domain.company import Company, DeskRules
from domain.declared import Words
from domain.replies import LONGEST, MOST, StartingReply, fill, open_blanks, unknown
from domain.work import Work
from tests.domain.ground import SAMPLE, refusal_of

ANA, TOM, LENA, MARC = (SAMPLE.member(key) for key in ("ana", "tom", "lena", "marc"))  # Marc is a manager
COMING = StartingReply(key="coming", name="We are coming", words=Words(en="Hello {name}, we come [when]."))
OURS = SAMPLE.model_copy(update={"desk": DeskRules(replies=(COMING,))})
PLAIN: Company = SAMPLE.model_copy(update={"desk": DeskRules()})


def names(work: Work, who: str = "ana", company: Company = PLAIN) -> list[tuple[str, str | None]]:
    return [(reply.name, reply.owner) for reply in canned.live(work, company, who)]


def test_our_blanks_are_filled_and_a_persons_are_left_to_him() -> None:
    text = "Hello {name}, about {number}: we come {appointment}, please [which door] […]. {company}"
    filled = fill(text, {"name": "Emma", "number": "1001", "company": "Casa [Viva]"}, {"appointment": "Termin"})
    assert filled.text == "Hello Emma, about 1001: we come [Termin], please [which door] […]. Casa [Viva]"
    assert set(filled.left) == {"[Termin]", "[which door]", "[…]"}, "what is filled in is no blank, whatever it holds"
    corrected = filled.text.replace("[Termin]", "on Monday").replace("[…]", "at the back")
    assert open_blanks(corrected, filled.left) == ("[which door]",)


def test_a_blank_that_nobody_can_fill_is_refused_when_it_is_saved(work: Work) -> None:
    assert unknown("{name} {Name} {} {price}") == ["Name", "", "price"]
    for text in ("{phone}", "Dear {name}, {first name}"):
        assert refusal_of(lambda text=text: canned.make(work, PLAIN, ANA, "ana", "One", {"en": text})) == "UnknownBlank"
    with pytest.raises(
        ValidationError, match=r"there is no blank “\{phone\}”; use one of: \{name\}, \{number\}, \{home\}"
    ):
        StartingReply(key="one", name="One", words=Words(en="Call {phone}"))


def test_the_teams_are_changed_by_managers_and_ones_own_by_oneself(work: Work) -> None:
    for member in (ANA, TOM, LENA):
        assert refusal_of(lambda m=member: canned.make(work, PLAIN, m, None, "One", {"en": "x"})) == "NotYourReply"
    team = canned.make(work, PLAIN, MARC, None, "Of the team", {"en": "x"})
    own = canned.make(work, PLAIN, ANA, "ana", "Ana’s own", {"en": "y"})
    assert names(work, "ana") == [("Of the team", None), ("Ana’s own", "ana")]
    assert names(work, "tom") == [("Of the team", None)]
    change = canned.change
    assert refusal_of(lambda: change(work, PLAIN, ANA, team.ref, "X", {"en": "x"}, seen=1)) == "NotYourReply"
    assert refusal_of(lambda: canned.retire(work, PLAIN, ANA, team.ref)) == "NotYourReply"
    for other in (TOM, MARC):  # not even a manager sees it
        assert refusal_of(lambda m=other: change(work, PLAIN, m, own.ref, "X", {"en": "x"}, seen=1)) == "NoSuchReply"
    assert refusal_of(lambda: canned.make(work, PLAIN, MARC, "ana", "For Ana", {"en": "x"})) == "NotYourReply"


def test_the_log_says_who_changed_what_when_and_what_it_said(work: Work) -> None:
    made = canned.make(work, PLAIN, MARC, None, "Hello", {"en": "Hi", "fr": " "})
    assert dict(made.words) == {"en": "Hi"}
    work.now += timedelta(hours=1)
    changed = canned.change(work, PLAIN, MARC, made.ref, "Hello", {"en": "Hi", "it": "Ciao"}, seen=made.version)
    canned.change(work, PLAIN, MARC, made.ref, "Hello", {"en": "Hi", "it": "Ciao"}, seen=changed.version)  # the same
    work.now += timedelta(hours=1)
    canned.retire(work, PLAIN, MARC, made.ref)
    assert names(work) == []
    told = [(one.what, one.by, one.at, one.before, one.after) for one, _ in canned.changes(work, "ana", 10)]
    first = {"name": "Hello", "words": {"en": "Hi"}}
    second = {"name": "Hello", "words": {"en": "Hi", "it": "Ciao"}}
    assert told == [
        (Change.RETIRED, "marc", work.now, second, None),
        (Change.CHANGED, "marc", work.now - timedelta(hours=1), first, second),
        (Change.MADE, "marc", work.now - timedelta(hours=2), None, first),
    ]
    assert refusal_of(lambda: canned.retire(work, PLAIN, MARC, made.ref)) == "NoSuchReply"
    canned.make(work, PLAIN, ANA, "ana", "Mine", {"en": "x"})
    assert len(canned.changes(work, "tom", 10)) == 3, "what Ana does with her own is hers"


def test_whoever_looked_at_an_older_one_overwrites_nothing(work: Work) -> None:
    made = canned.make(work, PLAIN, MARC, None, "Hello", {"en": "Hi"})
    canned.change(work, PLAIN, MARC, made.ref, "Hello", {"en": "Good morning"}, seen=made.version)
    late = refusal_of(lambda: canned.change(work, PLAIN, MARC, made.ref, "Hello", {"en": "Hey"}, seen=made.version))
    assert late == "ChangedMeanwhile"
    assert canned.find(work, PLAIN, made.ref, "ana").words == {"en": "Good morning"}


def test_what_the_company_begins_with_is_there_and_what_managers_change_holds(work: Work) -> None:
    (begun,) = canned.live(work, OURS, "ana")
    assert (begun.name, begun.changed_by) == ("We are coming", None)
    changed = canned.change(work, OURS, MARC, begun.ref, "On our way", {"en": "We come."}, seen=begun.version)
    assert names(work, company=OURS) == [("On our way", None)], "the file says something else, and does not come back"
    late = refusal_of(lambda: canned.change(work, OURS, MARC, begun.ref, "X", {"en": "x"}, seen=0))
    assert late == "NoSuchReply", "it has another name since somebody changed it"
    canned.retire(work, OURS, MARC, changed.ref)
    assert names(work, company=OURS) == []
    two = (COMING, StartingReply(key="thanks", name="Thanks", words=Words(en="Thank you!")))
    more = SAMPLE.model_copy(update={"desk": DeskRules(replies=two)})
    assert names(work, company=more) == [("Thanks", None)], "a new one in the file is there at once"
    canned.retire(work, more, MARC, "file:thanks")
    assert names(work, company=more) == []


def test_a_name_is_there_once_and_a_menu_can_show_them_all(work: Work) -> None:
    canned.make(work, PLAIN, MARC, None, "Hello", {"en": "Hi"})
    assert refusal_of(lambda: canned.make(work, PLAIN, MARC, None, " hello ", {"en": "x"})) == "NameTaken"
    canned.make(work, PLAIN, MARC, "marc", "Hello", {"en": "his own may have that name"})
    assert refusal_of(lambda: canned.make(work, PLAIN, ANA, "ana", "  ", {"en": "x"})) == "ReplyWithoutName"
    assert refusal_of(lambda: canned.make(work, PLAIN, ANA, "ana", "One", {"en": " "})) == "ReplyWithoutWords"
    for number in range(1, MOST):
        canned.make(work, PLAIN, MARC, None, f"Number {number}", {"en": "x"})
    assert refusal_of(lambda: canned.make(work, PLAIN, MARC, None, "One more", {"en": "x"})) == "TooManyReplies"
    assert refusal_of(lambda: canned.make(work, PLAIN, ANA, "ana", "One more", {"en": "x"})) is None


def test_the_company_file_says_nothing_twice_and_nothing_too_long() -> None:
    with pytest.raises(ValidationError, match="replies has “coming” twice"):
        DeskRules(replies=(COMING, COMING))
    with pytest.raises(ValidationError, match="a text is longer than"):
        StartingReply(key="long", name="Long", words=Words(en="x" * (LONGEST + 1)))
    with pytest.raises(ValidationError, match="it says nothing"):
        StartingReply(key="empty", name="Empty", words=Words())
