"""Invoices that are passed on: to the family, to somebody else, by a link."""

import pytest
from telegram import Bot
from telegram_shop import LINES, TOKEN, Shop, invoice

from sandbox.server import Sandbox
from sandbox.telegram import Person


async def test_a_forwarded_invoice_can_be_paid_by_somebody_else(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    family = sandbox.telegram.group("Family", [marta, luigi])
    bubble = await invoice(bot, marta.id)
    mine = await marta.sees("Visit on Tuesday")
    assert (await luigi.pays(on=await marta.forwards(mine, to=luigi))).paid
    copy = await marta.forwards(mine, to=family)
    for payer in (luigi, marta):  # in a group the Pay button remains
        assert (await payer.pays(at=family)).paid
    assert copy.labels == mine.labels == ["Pay €85.00"]
    assert len(await shop.has(3)) == 3
    assert [m.chat.id for m in shop.paid] == [luigi.id, luigi.id, marta.id]
    again = await bot.forward_message(luigi.id, marta.id, bubble.message_id)
    assert again.reply_markup.inline_keyboard[0][0].pay
    assert (await luigi.pays()).paid


async def test_a_start_parameter_leads_those_who_got_a_copy_to_the_bot(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    await invoice(bot, marta.id, start_parameter="pay-1")
    copy = await marta.forwards(await marta.sees("Visit"), to=luigi)
    assert copy.buttons[0][0].url == "https://t.me/aftercare_bot?start=pay-1"
    with pytest.raises(AssertionError, match="its button leads to"):
        await luigi.pays(on=copy)
    assert (await marta.pays()).paid


async def test_what_is_protected_or_deleted_goes_nowhere(marta: Person, bot: Bot) -> None:
    sent = await invoice(bot, marta.id, protect_content=True)
    bubble = await marta.sees("Visit")
    with pytest.raises(AssertionError, match="protected"):
        await marta.forwards(bubble, to=marta)
    await marta.blocks()
    with pytest.raises(AssertionError, match="has blocked the bot"):
        await marta.pays(on=bubble)
    await marta.unblocks()
    await sent.delete()
    with pytest.raises(AssertionError, match="cannot pay there"):
        await marta.pays(on=bubble)
    with pytest.raises(AssertionError, match="finds no invoice"):
        await marta.pays()


async def test_a_link_to_an_invoice_can_be_paid_by_anybody(sandbox: Sandbox, bot: Bot, shop: Shop) -> None:
    luigi = sandbox.telegram.person("Luigi")
    link = await bot.create_invoice_link("Visit", "The shades", "order-3", "EUR", LINES, provider_token=TOKEN)
    assert link.startswith("https://t.me/$")
    assert (await luigi.pays(link=link)).paid
    assert await shop.has(1) == [("order-3", 8500, "EUR")]
    with pytest.raises(AssertionError, match="finds no invoice"):
        await luigi.pays(link="https://t.me/$nothing")
    await bot.send_message(luigi.id, "Thank you")  # the payment opened the chat
    assert sandbox.recording.problems == []
