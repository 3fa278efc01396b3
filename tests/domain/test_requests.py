"""The life of a request: what can be done when, and what is noted."""

from datetime import timedelta

import pytest

from domain import events, requests
from domain.areas import Urgency
from domain.notes import Direction, Words, add_note
from domain.requests import LIFE, Deed, NotNow, Request, State, advance
from domain.work import Work
from tests.domain.ground import home, person, refusal_of, request

# What may be done in each state, and what it leads to: written down a second time, by hand, so that a slip in the table
# of the program is seen. o open, c claim, a ask, q not asked, w go on, p parts, b book, u unbook, r resolve, y confirm,
# n reopen, s close by silence, x cancel,
# m mended by himself, k take up again.
DEEDS = dict(zip("ocaqwpburynsxmk", Deed, strict=True))
BY_HAND: dict[State, str] = {
    State.DRAFT: "o>open x>cancelled",
    State.OPEN: "c>claimed a>waiting_homeowner p>waiting_parts b>booked r>resolved x>cancelled m>confirmed",
    State.CLAIMED: "c>claimed a>waiting_homeowner p>waiting_parts b>booked r>resolved x>cancelled m>confirmed",
    State.WAITING_HOMEOWNER: (
        "c>waiting_homeowner q>open w>claimed p>waiting_parts b>booked r>resolved x>cancelled m>confirmed"
    ),
    State.WAITING_PARTS: "c>waiting_parts w>claimed b>booked r>resolved x>cancelled m>confirmed",
    State.BOOKED: "c>booked p>waiting_parts b>booked u>open r>resolved x>cancelled",
    State.RESOLVED: "y>confirmed n>reopened s>closed",
    State.REOPENED: "c>claimed a>waiting_homeowner p>waiting_parts b>booked r>resolved x>cancelled m>confirmed",
    State.CONFIRMED: "n>reopened s>closed",
    State.CLOSED: "n>reopened",
    State.CANCELLED: "k>reopened",
}
EXPECTED = {(state, DEEDS[step[0]]): State(step[2:]) for state, steps in BY_HAND.items() for step in steps.split()}


@pytest.mark.parametrize("state", State)
@pytest.mark.parametrize("deed", Deed)
def test_every_deed_in_every_state_does_what_the_table_says_or_is_refused(state: State, deed: Deed) -> None:
    asked = Request(id=42, state=state)
    if (state, deed) in EXPECTED:
        advance(asked, deed)
        assert asked.state is EXPECTED[state, deed]
    else:
        with pytest.raises(NotNow) as no:
            advance(asked, deed)
        assert (no.value.number, no.value.state, asked.state) == ("1042", state, state)


def test_the_table_has_nothing_more() -> None:
    assert LIFE == EXPECTED


def test_every_state_can_be_reached_and_every_running_one_can_end() -> None:
    reached = {State.DRAFT}
    while more := {after for (state, _), after in LIFE.items() if state in reached} - reached:
        reached |= more
    assert reached == set(State)
    for state in State:
        if Request(state=state).running:
            assert (state, Deed.RESOLVE) in LIFE
            assert (state, Deed.CANCEL) in LIFE


def test_an_emergency_is_said_when_it_is_opened_and_only_once(work: Work) -> None:
    asked = request(work, person(work), None)
    requests.raise_emergency(work, asked)
    requests.raise_emergency(work, asked)
    assert [type(e).__name__ for e in work.events] == ["RequestOpened", "UrgencyChanged", "EmergencyRaised"]
    assert asked.urgency is Urgency.EMERGENCY
    requests.cancel(work, asked)
    assert refusal_of(lambda: requests.raise_emergency(work, asked)) == "NotNow"


def test_who_takes_it_over_is_the_assignee_and_the_first_time_is_kept(work: Work) -> None:
    asked = request(work, person(work), None)
    requests.claim(work, asked, "ana")
    first = work.now
    work.now += timedelta(hours=1)
    requests.claim(work, asked, "tom")
    assert (asked.assignee, asked.claimed_at) == ("tom", first)
    assert work.events[-1] == events.RequestClaimed(asked.id, "tom")


def test_from_solved_to_not_solved_to_solved_again(work: Work) -> None:
    asked = request(work, person(work), None)
    requests.resolve(work, asked, "ana", "Changed the lamp.", 25)
    assert (asked.assignee, asked.resolution, asked.minutes_spent, asked.resolved_at) == (
        "ana",
        "Changed the lamp.",
        25,
        work.now,
    )
    requests.confirm(work, asked)
    assert asked.ended_at == work.now
    requests.reopen(work, asked)
    assert (asked.state, asked.ended_at, asked.assignee) == (State.REOPENED, None, "ana")
    requests.resolve(work, asked, "tom", "The switch, too.", None)
    requests.close(work, asked)
    assert (asked.state, asked.assignee) == (State.CLOSED, "ana")


def test_the_homeowners_answer_ends_the_wait_for_it(work: Work) -> None:
    asked = request(work, person(work), home(work))
    requests.wait(work, asked, "customer")
    add_note(work, asked, Words(Direction.TO_HOMEOWNER, "Ana", "Which lamp?"))
    assert asked.state is State.WAITING_HOMEOWNER
    note = add_note(work, asked, Words(Direction.FROM_HOMEOWNER, "Marta", "The big one.", source="telegram:1:2"))
    assert asked.state is State.CLAIMED
    assert work.events[-2:] == [events.NoteAdded(asked.id, note.id), events.WaitEnded(asked.id)]


def test_ones_running_requests_are_newest_first_and_without_the_finished(work: Work) -> None:
    marta, luigi = person(work), person(work, "Luigi")
    first, second, third = (request(work, marta, None) for _ in range(3))
    request(work, luigi, None)
    requests.cancel(work, second)
    requests.resolve(work, third, "ana", "Done.", None)
    assert [r.id for r in requests.running_of(work, marta.id)] == [third.id, first.id]
