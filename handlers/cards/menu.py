"""The menu's buttons and the name somebody is greeted by: what everybody who greets needs."""

from handlers.conversation import standing
from handlers.messages import Button


def menu_buttons() -> tuple[tuple[Button, ...], ...]:
    """The four things everything starts with."""
    return (
        (standing("menu.report", "report.start"), standing("menu.requests", "request.list")),
        (standing("menu.contract", "contract.show"), standing("menu.human", "human.ask")),
    )


def stranger_buttons() -> tuple[tuple[Button, ...], ...]:
    """What somebody can do whom we do not know yet."""
    return (
        (standing("stranger.share", "stranger.share"),),
        (standing("stranger.message", "stranger.message"),),
        (standing("menu.language", "language.ask"),),
    )


def ways_on() -> tuple[tuple[Button, ...], ...]:
    """Where one can go from anywhere: nobody is left without a button."""
    return ((standing("menu.home", "menu.home"), standing("menu.human", "human.ask")),)


def beside_contract() -> tuple[Button, ...]:
    """The row under what explains a contract."""
    return (standing("menu.contract", "contract.show"), standing("menu.human", "human.ask"))


def first_name(name: str) -> str:
    """The name somebody is greeted by."""
    return name.split()[0] if name.split() else name
