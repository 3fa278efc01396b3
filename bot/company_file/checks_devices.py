"""What the company file says of devices and of maintenance: it can be booked, and nothing is said twice."""

from collections.abc import Iterator

from bot.company_file.parts import Finding, Parts, Path, numbered


def catalogue(sound: Parts) -> Iterator[Finding]:
    """A device that is there twice, and work that nobody could book."""
    seen: set[tuple[str, str]] = set()
    for at, known in numbered(sound.catalogue):
        if known.key in seen:
            what = f"“{known.brand} {known.model}” is there twice"
            yield Finding(("catalogue", at, "model"), what, "keep one entry, or give each its own model")
        seen.add(known.key)
        for name, effort in (("upgrade", known.upgrade), ("update", known.update)):
            if effort is not None:
                yield from _booked(sound, ("catalogue", at, name), effort.work)


def maintenance(sound: Parts) -> Iterator[Finding]:
    """A maintenance visit that nobody could book, or for an area that the company does not serve."""
    for at, plan in numbered(sound.plans):
        if plan.maintenance is None:
            continue
        path: Path = ("plans", at, "maintenance")
        yield from _booked(sound, path, plan.maintenance.work)
        if plan.maintenance.area not in sound.areas:
            what = f"maintenance is for “{plan.maintenance.area}”, which the company does not serve"
            yield Finding(path, what, f"write area = one of: {', '.join(sound.areas)}")


def _booked(sound: Parts, path: Path, work: str) -> Iterator[Finding]:
    kind = next((kind for _, kind in numbered(sound.work) if kind.key == work), None)
    if kind is None or None in sound.jobs:
        return  # told elsewhere
    if kind.help is None:
        what = f"work “{work}” is done in the workshop: nobody can choose a time for it"
        yield Finding((*path, "work"), what, "name work that has a help, or give this one help = …")
    elif sound.jobs and not any(job.work == work for _, job in numbered(sound.jobs)):
        remedy = f'add a [[jobs]] entry with work = "{work}"'
        yield Finding((*path, "work"), f"no job offers work “{work}”: nobody could choose a time for it", remedy)
