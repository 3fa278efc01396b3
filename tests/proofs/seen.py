"""Real updates and payloads to begin mutations with: what one report and its answer brought in."""

from typing import Any

from tests.house import House, words
from tests.proofs.outside import patient


async def payloads(house: House) -> tuple[list[dict[str, Any]], list[tuple[str, dict[str, Any]]]]:
    """Everything the two networks told the program during a small story: updates, and envelopes with their kind."""
    patient(house)
    marta = await house.arrives("en")
    await marta.sees(words("en", "menu.report"))
    await marta.presses(words("en", "menu.report"))
    await marta.sees(words("en", "report.area.ask"))
    await marta.presses(words("en", "area.shades"))
    await marta.types("The shades do not move")
    await marta.sees("The shades do not move")
    await marta.sends_photo("here", n=2)
    await marta.sends_voice()
    await marta.sends_video()
    await marta.sends_document("manual.pdf", b"%PDF-1.4")
    await marta.sees(words("en", "report.files", 5))
    await house.quiet(30)
    await marta.presses(words("en", "report.send"))
    await marta.sees(words("en", "solve.way.ask"), timeout=20)
    await marta.shares_location(45.0, 9.0)
    await marta.shares_contact()
    own = await marta.types("it is the left one")
    await marta.edits(own, "it is the right one")
    house.sandbox.telegram.group("Family", [marta])
    ana, marc = house.team["ana"], house.team["marc"]
    card = await ana.sees("#service", "The shades do not move", anywhere=True)
    await ana.presses("Take it", card)
    await ana.presses("Reply", card)
    await ana.sees_modal("1001")
    await ana.fills({words("en", "reply.words"): "We come"})
    await ana.submits()
    said = await ana.writes_in_thread(card, "between us")
    await ana.edits(said, "between the two of us")
    await ana.reacts(card, "eyes")
    await ana.uploads(card, "plan.txt", b"the plan")
    await marc.commands("/satisfaction", channel="#service")
    await house.quiet(30)
    await house.sandbox.slack.idle()
    updates = [c.fields for c in house.sandbox.recording.of("telegram") if c.direction == "out"]
    delivered = [(p.kind, p.payload) for p in house.sandbox.slack.delivery.delivered]
    return updates, [(kind, payload) for kind, payload in delivered if isinstance(payload, dict)]
