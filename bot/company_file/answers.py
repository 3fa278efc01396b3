"""The company's answers beside its file: `answers/<language>.toml`, read with it, every fault told the same way."""

import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from bot.company_file.errors import spelt, told
from bot.faults import CompanyFileFault, Fault
from domain.answers import Answers

FOLDER = "answers"


def read_answers(company: Path, languages: Sequence[str]) -> tuple[Answers, ...]:
    """What lies beside the company's file; nothing where there is no such folder. Raises CompanyFileFault."""
    found, faults = list[Answers](), list[Fault]()
    for language in languages:
        file = company.parent / FOLDER / f"{language}.toml"
        if not file.exists():
            continue
        try:
            found.append(_read(file, language))
        except CompanyFileFault as fault:
            faults += fault.faults
    if faults:
        raise CompanyFileFault(faults)
    return tuple(found)


def _read(file: Path, language: str) -> Answers:
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError) as wrong:
        remedy = "save it as UTF-8 TOML: [[answer]] tables with key, area, title, asks, answer"
        raise CompanyFileFault([Fault(str(file), None, "", f"it cannot be read: {wrong}", remedy)]) from None
    try:
        made = Answers.model_validate({"language": language, "answers": raw.get("answer", [])})
    except ValidationError as invalid:
        raise CompanyFileFault([_fault(file, error) for error in invalid.errors()]) from None
    twice = _twice([answer.key for answer in made.answers])
    if twice:
        raise CompanyFileFault(
            [Fault(str(file), None, twice, "this key is there twice", "give one of them another key")]
        )
    return made


def _fault(file: Path, error: Any) -> Fault:
    place = tuple(error["loc"])
    what, remedy = told(error, place)
    return Fault(str(file), None, spelt(place), what, remedy)


def _twice(keys: Iterable[str]) -> str | None:
    seen: set[str] = set()
    return next((key for key in keys if key in seen or seen.add(key)), None)  # type: ignore[func-returns-value]
