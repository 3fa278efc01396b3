"""What a manager types behind /satisfaction: which days, and by what; in any of the four languages, in any order."""

import re
import unicodedata
from dataclasses import dataclass

from domain import summary_days
from domain.company import Company
from domain.summaries_answers import By
from domain.summary_days import Days, Each
from domain.work import Refusal, Work

WORD = re.compile(r"[^\W_]+")
EACH = {
    Each.WEEK: ("week", "weekly", "semaine", "semana", "settimana"),
    Each.MONTH: ("month", "monthly", "mois", "mes", "mese"),
    Each.QUARTER: ("quarter", "trimestre"),
    Each.YEAR: ("year", "annee", "an", "ano", "anno"),
}
BY = {
    By.PLAN: (
        "plan",
        "plans",
        "formule",
        "formules",
        "planes",
        "piano",
        "piani",
        "contract",
        "contrat",
        "contrato",
        "contratto",
    ),
    By.AREA: ("area", "areas", "domaine", "domaines", "ambito", "ambitos", "ambiti"),
    By.TECHNICIAN: ("technician", "technicians", "technicien", "techniciens", "tecnico", "tecnicos", "tecnici"),
    By.REGION: ("region", "regions", "regiones", "regione", "regioni"),
    By.LANGUAGE: ("language", "languages", "langue", "langues", "idioma", "idiomas", "lingua", "lingue"),
}
LAST = {
    "last",
    "previous",
    "dernier",
    "derniere",
    "passe",
    "passee",
    "ultimo",
    "ultima",
    "pasado",
    "pasada",
    "scorso",
    "scorsa",
    "passato",
}
FILLING = {
    "this",
    "ce",
    "cette",
    "cet",
    "este",
    "esta",
    "questo",
    "questa",
    "by",
    "par",
    "por",
    "per",
    "the",
    "le",
    "la",
    "les",
    "el",
    "los",
    "il",
    "lo",
    "gli",
    "i",
    "l",
}


@dataclass(eq=False)
class NotUnderstoodDays(Refusal):
    """Words behind the command that say neither which days nor by what."""

    words: str


@dataclass(frozen=True)
class Asked:
    """Which days, and by what."""

    days: Days
    by: By | None


def asked(work: Work, company: Company, words: str) -> Asked:
    """What the words mean; without any, the last thirty days. Raises NotUnderstoodDays."""
    left = [word for word in WORD.findall(_plain(words)) if word not in FILLING]
    last = any(word in LAST for word in left)
    each = [key for word in left for key, known in EACH.items() if word in known]
    by = [key for word in left for key, known in BY.items() if word in known]
    meant = len(each) + len(by) + sum(word in LAST for word in left)
    if meant < len(left) or len(each) > 1 or len(by) > 1 or (last and not each):
        raise NotUnderstoodDays(words[:60])
    return Asked(_days(work, company, next(iter(each), None), last=last), next(iter(by), None))


def _days(work: Work, company: Company, each: Each | None, *, last: bool) -> Days:
    if each is None:
        return summary_days.lately(work.now, company.time_zone)
    this = summary_days.of(each, company.today(work.now), company.time_zone)
    return summary_days.before(this) if last else this


def _plain(words: str) -> str:
    """Without capitals and accents."""
    apart = unicodedata.normalize("NFKD", words.casefold())
    return "".join(letter for letter in apart if not unicodedata.combining(letter))
