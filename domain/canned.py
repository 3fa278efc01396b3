"""Canned replies: the team's and one's own; who changed which, when, and what they said before.

The company file has those that a company begins with. Whatever is changed in Slack is kept here and holds from then
on; what nobody has changed is read from the file, so that a new one in it is there at once.
"""

from collections.abc import Mapping
from dataclasses import InitVar, dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from sqlalchemy import ForeignKey, UniqueConstraint, or_, select
from sqlalchemy.orm import Mapped, mapped_column

from domain.company import Company
from domain.record import Name, Short, Table, choice, impersonal
from domain.replies import BLANKS, LONGEST_NAME, MOST, unknown
from domain.team import Member
from domain.work import Refusal, Work

OF_THE_FILE = "file:"  # before the key of one that stands only there


class Change(StrEnum):
    """What was done with it."""

    MADE = "made"
    CHANGED = "changed"
    RETIRED = "retired"


class CannedReply(Table):
    """One that was made or changed in Slack; `key`: the one of the company file that it stands for."""

    __tablename__ = "canned_replies"
    __table_args__ = (UniqueConstraint("key"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    key: Mapped[str | None] = impersonal(Short)
    name: Mapped[str] = impersonal(Name)
    owner: Mapped[str | None] = impersonal(Short, index=True)  # a teammate's key; none: the whole team's
    words: Mapped[dict[str, Any]] = impersonal()  # by language
    changed_by: Mapped[str] = impersonal(Short)
    changed_at: Mapped[datetime]
    retired_at: Mapped[datetime | None]
    version: Mapped[int] = mapped_column()

    __mapper_args__ = {"version_id_col": version}  # noqa: RUF012


class CannedChange(Table):
    """The log: who did what when, and what it said before and after."""

    __tablename__ = "canned_changes"

    id: Mapped[int] = mapped_column(primary_key=True)
    reply_id: Mapped[int] = mapped_column(ForeignKey("canned_replies.id"), index=True)
    what: Mapped[Change] = mapped_column(choice(Change))
    by: Mapped[str] = impersonal(Short)  # a teammate's key
    at: Mapped[datetime]
    before: Mapped[dict[str, Any] | None] = impersonal()  # name and words
    after: Mapped[dict[str, Any] | None] = impersonal()


@dataclass(frozen=True)
class Reply:
    """A canned reply, wherever it is kept; `ref` names it."""

    ref: str
    name: str
    owner: str | None
    words: Mapping[str, str]
    changed_by: str | None = None  # none: as the company file has it
    changed_at: datetime | None = None
    version: int = 0

    @property
    def content(self) -> dict[str, Any]:
        """What the log keeps of it."""
        return {"name": self.name, "words": dict(self.words)}


class NoSuchReply(Refusal):
    """It is not there (any more)."""


class NotYourReply(Refusal):
    """The team's are changed by managers, one's own by oneself."""


class ReplyWithoutName(Refusal):
    """Nobody could choose it."""


class ReplyWithoutWords(Refusal):
    """It says nothing in any language."""


class NameTaken(Refusal):
    """There is one of that name already."""


@dataclass(eq=False)
class TooManyReplies(Refusal):
    """A menu in Slack could not show them all."""

    most: int


@dataclass(eq=False)
class UnknownBlank(Refusal):
    """Nobody can fill that blank; `language`: in which of the texts it stands."""

    blank: str
    known: str
    where: InitVar[str] = ""

    def __post_init__(self, where: str) -> None:
        self.language = where


@dataclass(eq=False)
class ChangedMeanwhile(Refusal):
    """Somebody changed it while it was looked at."""

    name: str


def may_change(member: Member, owner: str | None) -> bool:
    """Whether he may change one of this owner (none: the whole team's)."""
    return owner == member.key if owner is not None else "manager" in member.roles


def _of(row: CannedReply) -> Reply:
    return Reply(str(row.id), row.name, row.owner, row.words, row.changed_by, row.changed_at, row.version)


def _begun_with(company: Company) -> dict[str, Reply]:
    """What the company file has, by key."""
    return {
        one.key: Reply(OF_THE_FILE + one.key, one.name, None, {lang: text for lang, text in one.words if text})
        for one in company.desk.replies
    }


def live(work: Work, company: Company, who: str) -> list[Reply]:
    """What a teammate can choose from: the team's, then his own, by name."""
    seen = or_(CannedReply.owner.is_(None), CannedReply.owner == who)
    rows = list(work.session.scalars(select(CannedReply).where(seen)))
    changed = {row.key for row in rows if row.key}
    found = [_of(row) for row in rows if row.retired_at is None]
    found += [reply for key, reply in _begun_with(company).items() if key not in changed]
    return sorted(found, key=lambda reply: (reply.owner is not None, reply.name.casefold(), reply.ref))


def find(work: Work, company: Company, ref: str, who: str) -> Reply:
    """One that he can choose. Raises NoSuchReply."""
    found = next((reply for reply in live(work, company, who) if reply.ref == ref), None)
    if found is None:
        raise NoSuchReply
    return found


def make(work: Work, company: Company, by: Member, owner: str | None, name: str, words: Mapping[str, str]) -> Reply:
    """A new one. Raises NotYourReply, TooManyReplies, and what `_sound` raises."""
    if not may_change(by, owner):
        raise NotYourReply
    if sum(reply.owner == owner for reply in live(work, company, by.key)) >= MOST:
        raise TooManyReplies(MOST)
    name, words = _sound(work, company, by, owner, None, name, words)
    row = CannedReply(name=name, owner=owner, words=dict(words), changed_by=by.key, changed_at=work.now)
    work.session.add(row)
    work.session.flush()
    made = _of(row)
    _log(work, row, Change.MADE, by, None, made.content)
    return made


def change(
    work: Work, company: Company, by: Member, ref: str, name: str, words: Mapping[str, str], *, seen: int
) -> Reply:
    """Other words, or another name. `seen`: the version he looked at. Raises NoSuchReply, NotYourReply,
    ChangedMeanwhile, and what `_sound` raises."""
    before = find(work, company, ref, by.key)
    if not may_change(by, before.owner):
        raise NotYourReply
    row = _kept(work, before)
    if (row.version if row is not None else 0) != seen:
        raise ChangedMeanwhile(before.changed_by or "")
    name, words = _sound(work, company, by, before.owner, ref, name, words)
    if before.content == {"name": name, "words": dict(words)}:
        return before
    row = row or _taken_over(work, before, by)
    row.name, row.words, row.changed_by, row.changed_at = name, dict(words), by.key, work.now
    work.session.flush()
    after = _of(row)
    _log(work, row, Change.CHANGED, by, before.content, after.content)
    return after


def retire(work: Work, company: Company, by: Member, ref: str) -> None:
    """Nobody chooses it any more. Raises NoSuchReply, NotYourReply."""
    before = find(work, company, ref, by.key)
    if not may_change(by, before.owner):
        raise NotYourReply
    row = _kept(work, before) or _taken_over(work, before, by)
    row.retired_at, row.changed_by, row.changed_at = work.now, by.key, work.now
    _log(work, row, Change.RETIRED, by, before.content, None)


def changes(work: Work, who: str, most: int) -> list[tuple[CannedChange, CannedReply]]:
    """What was done lately with the team's and his own, the newest first."""
    seen = or_(CannedReply.owner.is_(None), CannedReply.owner == who)
    asked = select(CannedChange, CannedReply).join(CannedReply, CannedReply.id == CannedChange.reply_id).where(seen)
    return [(one, reply) for one, reply in work.session.execute(asked.order_by(CannedChange.id.desc()).limit(most))]


def _kept(work: Work, reply: Reply) -> CannedReply | None:
    """Its row, if it has one: held until the end of the transaction."""
    if reply.ref.startswith(OF_THE_FILE):
        return None
    asked = select(CannedReply).where(CannedReply.id == int(reply.ref))
    return work.session.scalars(asked.with_for_update().execution_options(populate_existing=True)).one()


def _taken_over(work: Work, reply: Reply, by: Member) -> CannedReply:
    """From now on what is written here holds, not what the company file says."""
    key = reply.ref.removeprefix(OF_THE_FILE)
    row = CannedReply(key=key, name=reply.name, words=dict(reply.words), changed_by=by.key, changed_at=work.now)
    work.session.add(row)
    work.session.flush()
    return row


def _sound(
    work: Work, company: Company, by: Member, owner: str | None, ref: str | None, name: str, words: Mapping[str, str]
) -> tuple[str, dict[str, str]]:
    """Name and words as they are kept. Raises ReplyWithoutName, ReplyWithoutWords, UnknownBlank, NameTaken."""
    name = " ".join(name.split())[:LONGEST_NAME]
    said = {language: text.strip() for language, text in words.items() if text.strip()}
    if not name:
        raise ReplyWithoutName
    if not said:
        raise ReplyWithoutWords
    for language, text in said.items():
        if wrong := unknown(text):
            raise UnknownBlank(f"{{{wrong[0]}}}", ", ".join(f"{{{blank}}}" for blank in BLANKS), language)
    alike = (r for r in live(work, company, by.key) if r.owner == owner and r.ref != ref)
    if any(reply.name.casefold() == name.casefold() for reply in alike):
        raise NameTaken
    return name, said


def _log(
    work: Work, row: CannedReply, what: Change, by: Member, before: dict[str, Any] | None, after: dict[str, Any] | None
) -> None:
    work.session.add(CannedChange(reply_id=row.id, what=what, by=by.key, at=work.now, before=before, after=after))
    work.session.flush()
