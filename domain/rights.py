"""Who of the team may do what: one row for each act, looked at when it is done, never when its button was drawn.

Some acts have finer rules inside (one's own calendar, one's own visits): those are asked after these. Pure.
"""

from decimal import Decimal

from domain.company import Company
from domain.money import Money
from domain.team import Member, Role

Roles = frozenset[Role]

TEAM: Roles = frozenset({"technician", "dispatcher", "manager"})
TECHNICIANS: Roles = frozenset({"technician"})
DISPATCH: Roles = frozenset({"dispatcher", "manager"})
MANAGERS: Roles = frozenset({"manager"})
NOBODY: Roles = frozenset()

# The buttons.
PRESSES: dict[str, Roles] = {
    "team.take": TEAM,
    "team.reply": TEAM,
    "team.resolve": TEAM,
    "team.hand_back": TEAM,
    "sent.undo": TEAM,
    "sent.correct": TEAM,
    "sent.withdraw": TEAM,
    "team.question": TEAM,
    "team.note": TEAM,
    "team.hand_over": TEAM,
    "team.sort": TEAM,
    "team.snooze": TEAM,
    "team.part": TEAM,
    "team.part_here": TEAM,
    "team.answered": TEAM,
    "team.split": TEAM,
    "team.merge": TEAM,
    "team.reopen": TEAM,
    "team.call_out": TEAM,
    "team.storm": TEAM,
    "team.storm_out": TEAM,
    "storm.out": TEAM,
    "storm.take": TEAM,
    "storm.list": TEAM,
    "storm.tell": TEAM,
    "storm.solve": TEAM,
    "storm.deny": TEAM,
    "team.book": TEAM,
    "team.goodwill": TEAM,  # above the company's limit: managers
    "phone.done": TEAM,
    "phone.yes": TEAM,
    "phone.no": TEAM,
    "home.show": TEAM,  # the team's side: managers
    "find.open": TEAM,
    "customer.show": TEAM,
    "call.open": TEAM,
    "invite.open": TEAM,
    "invite.give": TEAM,
    "replies.open": TEAM,
    "replies.new": TEAM,  # the team's: managers
    "replies.change": TEAM,  # the team's: managers; others': nobody
    "replies.retire": TEAM,  # the team's: managers; others': nobody
    "team.price": TEAM,  # what rests on his word above the company's limit: managers
    "team.commitment": TEAM,
    "commitment.yes": TEAM,
    "commitment.no": TEAM,
    "commitment.later": TEAM,
    "commitment.withdraw": TEAM,
    "recovery.take": TEAM,
    "recovery.write": TEAM,
    "recovery.called": TEAM,
    "recovery.good": TEAM,
    "recovery.not": TEAM,
    "team.set_out": TEAM,
    "team.late": TEAM,
    "team.nobody": TEAM,
    "team.visit_over": TEAM,
    "team.move": TEAM,  # technicians their own visits
    "dispatch.all": TEAM,  # technicians what lies in their own absence
    "dispatch.agreed": TEAM,  # technicians their own visits
    "day.own": TEAM,
    "day.whole": TEAM,
    "calendar.list": TEAM,
    "calendar.new": TEAM,  # technicians their own absence
    "calendar.back": TEAM,  # technicians their own absence
    "feed.make": TECHNICIANS,
    "feed.revoke": TEAM,
    "claim.yes": TEAM,
    "claim.no": TEAM,
    "team.money.keep": DISPATCH,
    "team.money.free": DISPATCH,
    "team.money.back": DISPATCH,
    "team.money.by_hand": DISPATCH,
    "team.money.again": DISPATCH,
    "team.money.unknown_back": DISPATCH,
    "team.money.belongs": DISPATCH,
    "trouble.retry": DISPATCH,
    "prices.show": MANAGERS,
    "prices.one": MANAGERS,
    "prices.all": MANAGERS,
    "prices.back": MANAGERS,
    "campaigns.show": MANAGERS,
    "campaigns.open": MANAGERS,
    "campaigns.new": MANAGERS,
    "campaigns.change": MANAGERS,
    "campaigns.discard": MANAGERS,
    "campaigns.start": MANAGERS,
    "campaigns.stop": MANAGERS,
}

# The forms that are sent.
FORMS: dict[str, Roles] = {
    "team.reply.sent": TEAM,
    "team.reply.go": TEAM,
    "sent.corrected": TEAM,
    "team.resolve.sent": TEAM,
    "team.resolve.go": TEAM,
    "team.question.sent": TEAM,
    "team.note.sent": TEAM,
    "team.hand_over.sent": TEAM,
    "team.sort.sent": TEAM,
    "team.snooze.sent": TEAM,
    "team.part.sent": TEAM,
    "team.split.sent": TEAM,
    "team.split.go": TEAM,
    "team.merge.sent": TEAM,
    "team.storm.sent": TEAM,
    "storm.tell.sent": TEAM,
    "storm.tell.go": TEAM,
    "storm.solve.sent": TEAM,
    "storm.deny.sent": TEAM,
    "team.book.sent": TEAM,
    "team.goodwill.sent": TEAM,  # above the company's limit: managers
    "find.sent": TEAM,
    "call.sent": TEAM,
    "replies.saved": TEAM,  # the team's: managers; others': nobody
    "team.price.sent": TEAM,  # what rests on his word above the company's limit: managers
    "team.price.go": TEAM,  # what rests on his word above the company's limit: managers
    "team.commitment.sent": TEAM,
    "team.commitment.go": TEAM,
    "team.commitment_later.sent": TEAM,
    "recovery.called.sent": TEAM,
    "recovery.good.sent": TEAM,
    "recovery.not.sent": TEAM,
    "team.set_out.sent": TEAM,
    "team.late.sent": TEAM,
    "team.nobody.sent": TEAM,
    "team.visit_over.sent": TEAM,
    "team.move.sent": TEAM,
    "calendar.sent": TEAM,
    "team.money.back.sent": DISPATCH,
    "team.money.by_hand.sent": DISPATCH,
    "team.money.again.sent": DISPATCH,
    "team.money.unknown_back.sent": DISPATCH,
    "team.money.belongs.sent": DISPATCH,
    "prices.sent": MANAGERS,
    "prices.go": MANAGERS,
    "campaigns.whom": MANAGERS,
    "campaigns.words": MANAGERS,
}

COMMANDS: dict[str, Roles] = {"satisfaction": MANAGERS, "calendar": TEAM, "day": TEAM, "aftercare": TEAM}
SHORTCUTS: dict[str, Roles] = {"send_to_customer": TEAM, "pin_promise": TEAM}
SEND_REACTION: Roles = TEAM


def may(member: Member, roles: Roles) -> bool:
    """Whether one of his roles is among these."""
    return not roles.isdisjoint(member.roles)


def may_grant(member: Member, company: Company, amount: Money) -> bool:
    """Whether he may give that much away, or ask for it, on his own word. Above the limit it takes a manager; where the
    company names no limit, always."""
    if may(member, MANAGERS):
        return True
    limit = company.desk.free_amount_limit or Decimal(0)
    return amount.currency == company.currency and abs(amount.amount) <= limit
