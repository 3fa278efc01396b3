"""The team's hours, ways and jobs: what has no effect, and what makes that nobody can be booked. Of a company only."""

from collections.abc import Iterable, Iterator

from bot.company_file.parts import Finding, Path
from bot.company_file.weeks import at_work, longest, week
from domain.areas import Help
from domain.company import Company, Job, PriceList
from domain.declared import WEEKDAYS
from domain.team import Member


def team(prices: PriceList) -> Iterator[Finding]:
    """What is odd about who comes, when, and from where."""
    if not isinstance(prices, Company):
        return
    for at, member in enumerate(prices.team):
        yield from _member(("team", at), member, prices)
    yield from _reserves(prices)
    yield from _zones(prices)
    yield from _ways(prices)
    yield from _jobs(prices)


def _member(path: Path, member: Member, company: Company) -> Iterator[Finding]:
    shifts = at_work(member.model_copy(update={"breaks": ()}))
    for at, rest in enumerate(member.breaks):
        if member.shifts and not shifts & week(WEEKDAYS, [rest]):
            what = f"this break of “{member.key}” lies outside all shifts"
            yield Finding((*path, "breaks", at), what, "correct the break or the shifts, or take it out")
    for at, other in enumerate(member.other_hours):
        if any(first <= other.day <= last for first, last in member.absences):
            what = f"“{member.key}” is away on {other.day}: the other hours do not hold"
            yield Finding((*path, "other_hours", at), what, "take them out, or shorten the absence")
    never = company.booking.holidays == "open" or company.tariff.holidays is None
    for at, shift in enumerate(member.shifts):
        if shift.holidays == "only" and never:
            what = "this shift never begins: it is for public holidays only, and none are kept"
            remedy = "name them in holidays of [tariff], and leave holidays of [booking] “closed”"
            yield Finding((*path, "shifts", at), what, remedy)
    if "technician" in member.roles:
        return
    for field in ("brands", "grades", "regions", "base", "breaks", "most_a_day"):
        if getattr(member, field):
            what = f"“{member.key}” is no technician: {field} changes nothing"
            yield Finding((*path, field), what, "add “technician” to roles, or take it out")


def _reserves(company: Company) -> Iterator[Finding]:
    booking = company.booking
    for at, reserve in enumerate(booking.reserve):
        path: Path = ("booking", "reserve", at)
        whose = [m for m in company.team if "technician" in m.roles and (not reserve.team or m.key in reserve.team)]
        shifts = 0
        for member in whose:
            shifts |= at_work(member)
        for number, hours in enumerate(reserve.ranges):
            if not shifts & week(reserve.days, [hours]):
                what, remedy = "nobody whose hours these are works then", "correct the reserve, or take it out"
                yield Finding((*path, "ranges", number), what, remedy)
        latest = booking.horizon_days * 24 + booking.notice_minutes / 60
        if reserve.until_hours >= latest:
            what = f"nothing is kept: anybody may book from {reserve.until_hours} hours before, and nobody earlier"
            yield Finding((*path, "until_hours"), what, "write fewer hours than horizon_days has")


def _zones(company: Company) -> Iterator[Finding]:
    """Zones that no home can have: a home's is a travel zone of the tariff, or its region."""
    tariff = company.tariff
    known = {zone for rule in tariff.travel for zone in (*rule.zones, *rule.zone)}
    known |= {zone for rule in tariff.labour for zone in rule.zone}
    known |= {region.key for region in tariff.regions} | {r for member in company.team for r in member.regions}
    for path, zone in _named(company):
        if zone not in known:
            there = f"use one of: {', '.join(sorted(known))}; or " if known else ""
            what = f"no home can be in “{zone}”: it is neither a travel zone of the tariff nor a region"
            yield Finding(path, what, f"{there}name it in the tariff")


def _named(company: Company) -> Iterable[tuple[Path, str]]:
    for at, member in enumerate(company.team):
        if member.base is not None and member.base.zone is not None:
            yield ("team", at, "base", "zone"), member.base.zone
    for at, pair in enumerate(company.roads.zones):
        yield ("roads", "zones", at, "start"), pair.start
        yield ("roads", "zones", at, "end"), pair.end


def _ways(company: Company) -> Iterator[Finding]:
    roads = company.roads
    for at, pair in enumerate(roads.zones):
        if pair.start == pair.end and roads.within is not None:
            what = f"inside “{pair.start}” it takes {roads.within} minutes already: within counts first"
            yield Finding(("roads", "zones", at), what, "take one of them out")
    visits = any(kind.help is Help.VISIT for kind in company.tariff.kinds.values())
    for at, member in enumerate(company.team):
        if roads.base == "within" and visits and "technician" in member.roles and member.base is None:
            what = f"the way from and to the base is working time, and “{member.key}” has none"
            yield Finding(("team", at), what, "add base = { zone = … } or base = { at = [latitude, longitude] }")


def _jobs(company: Company) -> Iterator[Finding]:
    for at, job in enumerate(company.jobs):
        path: Path = ("jobs", at)
        if job.at_least is not None and job.at_least >= job.minutes:
            what = f"at_least = {job.at_least} makes no range: the job takes {job.minutes} minutes at most"
            yield Finding((*path, "at_least"), what, "write fewer minutes, or take it out")
        help_ = company.tariff.kinds[job.work].help
        if job.window and help_ is not Help.VISIT:
            what = f"nobody arrives for “{job.work}”: the window has no sense"
            yield Finding((*path, "window"), what, "take it out, or write help = “visit” for that work")
        if help_ is not None:
            yield from _too_long(path, job, company)


def _too_long(path: Path, job: Job, company: Company) -> Iterator[Finding]:
    """A job that fits into nobody's day."""
    who = [m for m in company.team if "technician" in m.roles and any(area in m.skills for area in job.areas)]
    takes = sum(-(-minutes // 15) * 15 for minutes in (job.before, job.minutes, job.after))
    most = max((longest(at_work(member)) for member in who), default=None)
    if most is not None and takes > most:
        what = f"it takes {takes} minutes with before and after, and nobody works longer than {most} without a break"
        yield Finding((*path, "minutes"), what, "correct the job, or the shifts and breaks")
