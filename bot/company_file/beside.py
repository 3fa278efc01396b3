"""What a company writes beside its file, by language: `answers/`, `first_aid/` and `phrases/<language>.toml`.

Read with the company file, every fault told the same way.
"""

import tomllib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.company_file.errors import spelt, told
from bot.faults import CompanyFileFault, Fault
from domain.answers import Answers
from domain.company import Written
from domain.own_phrases import Phrases
from domain.remedies import Remedies


@dataclass(frozen=True)
class Kind:
    """One kind of file: its folder, the table in it, what each table says, and where all of them go."""

    folder: str
    table: str
    says: str
    model: type[Answers | Remedies | Phrases]
    into: str


ANSWERS = Kind("answers", "answer", "key, area, title, asks, answer", Answers, "answers")
FIRST_AID = Kind("first_aid", "remedy", "key, area, title, minutes, about, steps", Remedies, "remedies")
PHRASES = Kind("phrases", "phrase", "says, area or intent or both", Phrases, "phrases")
WRITTEN = (ANSWERS, FIRST_AID, PHRASES)


def read_beside(company: Path, languages: Sequence[str]) -> Written:
    """What lies beside the company's file; nothing where there are no such folders. Raises CompanyFileFault."""
    faults = list[Fault]()
    found = [_read(company, kind, language, faults) for kind in WRITTEN for language in languages]
    remedies = tuple(one for one in found if isinstance(one, Remedies))
    faults += _unlike(remedies, company)
    if faults:
        raise CompanyFileFault(faults)
    answers = tuple(one for one in found if isinstance(one, Answers))
    return Written(answers, remedies, tuple(one for one in found if isinstance(one, Phrases)))


def _read(company: Path, kind: Kind, language: str, faults: list[Fault]) -> Answers | Remedies | Phrases | None:
    file = company.parent / kind.folder / f"{language}.toml"
    if not file.exists():
        return None
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as wrong:
        remedy = f"save it as UTF-8 TOML: [[{kind.table}]] tables with {kind.says}"
        faults.append(Fault(str(file), None, "", f"it cannot be read: {wrong}", remedy))
        return None
    keys = Counter(str(one["key"]) for one in raw.get(kind.table, []) if isinstance(one, dict) and "key" in one)
    for key in (key for key, times in keys.items() if times > 1):
        faults.append(Fault(str(file), None, key, "this key is there twice", "give one of them another key"))
    try:
        return kind.model.model_validate({"language": language, kind.into: raw.get(kind.table, [])})
    except ValidationError as invalid:
        faults += [_fault(file, error) for error in invalid.errors()]
        return None


def _fault(file: Path, error: Any) -> Fault:
    place = tuple(error["loc"])
    what, remedy = told(error, place)
    return Fault(str(file), None, spelt(place), what, remedy)


def _unlike(remedies: Sequence[Remedies], company: Path) -> list[Fault]:
    """Who changes his language in the middle goes on at the same step: it has to be there."""
    faults = list[Fault]()
    for other in remedies[1:]:
        file = str(company.parent / FIRST_AID.folder / f"{other.language}.toml")
        for remedy in other.remedies:
            first = remedies[0].named(remedy.key)
            if first is not None and len(first.steps) != len(remedy.steps):
                what = f"it has {len(remedy.steps)} steps here and {len(first.steps)} in “{remedies[0].language}”"
                faults.append(Fault(file, None, remedy.key, what, "write the same steps in every language"))
    return faults
