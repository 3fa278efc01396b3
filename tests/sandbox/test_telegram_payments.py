"""Marta pays by card in the chat, and a bot on the real python-telegram-bot hears of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import timedelta

import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, Update
from telegram.error import BadRequest, NetworkError
from telegram_door import Door
from telegram_shop import Shop, invoice

from sandbox.faults import Fault
from sandbox.server import Sandbox
from sandbox.telegram import Payment, Person

Fetch = Callable[[str], Awaitable[Update]]
Found = Callable[[str], bool]


async def test_marta_sees_what_she_is_to_pay_and_the_bot_hears_that_she_paid(
    marta: Person, bot: Bot, shop: Shop
) -> None:
    sent = await invoice(bot, marta.id)
    assert (sent.invoice.total_amount, sent.invoice.currency, sent.invoice.start_parameter) == (8500, "EUR", "")
    assert sent.reply_markup.inline_keyboard[0][0].pay
    bubble = await marta.sees("Visit on Tuesday")
    assert bubble.text == "Visit on Tuesday\nThe shades\n€85.00"
    assert bubble.labels == ["Pay €85.00"]
    payment = await marta.pays("4242 4242 4242 4242")
    assert (payment.paid, payment.words) == (True, "")
    assert await shop.has(1) == [("order-1", 8500, "EUR")]
    told, [charge] = shop.paid[0].successful_payment, payment.charges
    assert (told.telegram_payment_charge_id, told.provider_payment_charge_id) == (
        charge.telegram_id,
        charge.provider_id,
    )
    assert (shop.paid[0].from_user.id, shop.paid[0].chat.id) == (marta.id, marta.id)
    query = shop.asked[0].pre_checkout_query
    assert (query.from_user.id, query.invoice_payload, query.total_amount) == (marta.id, "order-1", 8500)
    assert marta.chat[-1].text == "Payment successful: €85.00"
    assert bubble.labels == ["Receipt"]


async def test_a_web_hook_is_asked_and_told_too(marta: Person, bot: Bot, door: Door) -> None:
    await bot.set_webhook(door.url)
    await invoice(bot, marta.id)
    paying = asyncio.create_task(marta.pays())
    async with asyncio.timeout(5):
        while not (queries := [u.pre_checkout_query for u in door.updates if u.pre_checkout_query]):
            door.news.clear()
            await door.news.wait()
        await bot.answer_pre_checkout_query(queries[0].id, ok=True)
        assert (await paying).paid
        while not (notes := [u.message.successful_payment for u in door.updates[1:] if u.message]):
            door.news.clear()
            await door.news.wait()
    assert [n.invoice_payload for n in notes] == ["order-1"]


async def test_marta_reads_why_the_bot_refuses_and_nothing_is_charged(marta: Person, bot: Bot, shop: Shop) -> None:
    shop.against = "Somebody has just taken this time."
    bubble = await invoice(bot, marta.id)
    payment = await marta.pays()
    assert (payment.paid, payment.reason, payment.words) == (False, "refused", "Somebody has just taken this time.")
    assert payment.charges == []
    shop.against = None
    assert (await marta.pays()).paid  # the Pay button is still there
    assert await shop.has(1) == [("order-1", bubble.invoice.total_amount, "EUR")]


@pytest.mark.parametrize(
    ("card", "reason", "words"),
    [
        ("4000 0000 0000 0002", "declined", "declined"),
        ("4000000000009995", "no_funds", "insufficient funds"),
        ("hangs", "no_answer", "does not answer"),
    ],
)
async def test_a_card_that_does_not_work_charges_nothing_and_another_may_be_tried(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop, card: str, reason: str, words: str
) -> None:
    sandbox.delays.provider = 0.1
    await invoice(bot, marta.id)
    payment = await marta.pays(card)
    assert (payment.paid, payment.reason) == (False, reason)
    assert words in payment.words
    assert (await marta.pays("works")).paid
    assert len(await shop.has(1)) == 1
    assert len({u.pre_checkout_query.id for u in shop.asked}) == 2  # each try is asked about anew


async def test_there_are_no_other_cards(marta: Person, bot: Bot) -> None:
    await invoice(bot, marta.id)
    with pytest.raises(ValueError, match="no card '1234'"):
        await marta.pays("1234")


async def test_an_answer_that_comes_too_late_pays_nothing_and_is_an_error(
    sandbox: Sandbox, bot: Bot, next_update: Fetch, found: Found
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    await luigi.starts()
    sandbox.delays.pre_checkout = 0.3
    await invoice(bot, luigi.id)
    paying = asyncio.create_task(luigi.pays())
    query = (await next_update("pre_checkout_query")).pre_checkout_query
    payment = await paying
    assert (payment.paid, payment.reason) == (False, "too_late")
    assert "did not answer in time" in payment.words
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await query.answer(ok=True)
    assert found("pre_checkout_query: it was not answered within 0.3 s")
    assert [b.text for b in luigi.chat if "successful" in b.text] == []


async def test_ten_seconds_on_the_clock_are_too_late_as_well(
    sandbox: Sandbox, bot: Bot, next_update: Fetch, found: Found
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    await luigi.starts()
    await invoice(bot, luigi.id)
    paying = asyncio.create_task(luigi.pays())
    query = (await next_update("pre_checkout_query")).pre_checkout_query
    sandbox.clock.move(timedelta(seconds=11))
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer(ok=True)
    assert (await paying).reason == "too_late"
    assert found("not answered within 10 s")


async def test_an_answer_is_given_once_unless_the_bot_could_not_know(
    sandbox: Sandbox, marta: Person, bot: Bot, next_update: Fetch, found: Found
) -> None:
    await invoice(bot, marta.id)
    paying = asyncio.create_task(marta.pays())
    query = (await next_update("pre_checkout_query")).pre_checkout_query
    sandbox.faults.add(Fault("reset_after", "telegram", "answerPreCheckoutQuery"))
    with pytest.raises(NetworkError):
        await query.answer(ok=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer(ok=True)
    assert (await paying).paid
    assert sandbox.recording.problems == []
    luigi = sandbox.telegram.person("Luigi")
    await luigi.starts()
    await invoice(bot, luigi.id)
    paying = asyncio.create_task(luigi.pays())
    query = (await next_update("pre_checkout_query")).pre_checkout_query
    await query.answer(ok=True)
    with pytest.raises(BadRequest, match="Query is too old"):
        await query.answer(ok=False, error_message="No")
    assert (await paying).paid
    assert found("this pre-checkout query was answered before")
    for call in sandbox.recording.calls:
        call.problems.clear()


async def test_an_answer_that_the_network_swallows_is_not_the_bots_fault(
    sandbox: Sandbox, marta: Person, bot: Bot, next_update: Fetch
) -> None:
    sandbox.delays.pre_checkout = 0.3
    await invoice(bot, marta.id)
    paying = asyncio.create_task(marta.pays())
    query = (await next_update("pre_checkout_query")).pre_checkout_query
    sandbox.faults.away("telegram")
    with pytest.raises(NetworkError):
        await query.answer(ok=True)
    assert (await paying).reason == "too_late"
    sandbox.faults.clear()


async def test_no_needs_a_reason_and_an_unknown_query_is_an_error(bot: Bot) -> None:
    with pytest.raises(BadRequest, match='Parameter "error_message" is required'):
        await bot.answer_pre_checkout_query("1", ok=False)
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_pre_checkout_query("1", ok=True)


async def test_a_question_that_is_lost_ends_the_try_and_is_not_the_bots_fault(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop
) -> None:
    sandbox.delays.pre_checkout = 0.2
    sandbox.faults.add(Fault("query_lost", "telegram", target=str(marta.id)))
    await invoice(bot, marta.id)
    assert (await marta.pays()).reason == "too_late"
    assert shop.asked == []
    assert (await marta.pays()).paid


async def test_a_question_that_comes_twice_is_one_payment(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop
) -> None:
    sandbox.faults.add(Fault("query_twice", "telegram"))
    await invoice(bot, marta.id)
    assert (await marta.pays()).paid
    await shop.has(1)
    assert len(shop.asked) == 2
    assert len({u.update_id for u in shop.asked}) == 1


async def test_the_money_may_come_long_after_the_ok(sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop) -> None:
    sandbox.faults.add(Fault("paid_late", "telegram", seconds=86400))
    await invoice(bot, marta.id)
    payment = await marta.pays(timeout=0.3)
    assert (payment.paid, payment.stage, shop.paid) == (False, "charging", [])
    sandbox.clock.move(timedelta(days=2))
    assert await shop.has(1) == [("order-1", 8500, "EUR")]
    assert payment.paid


async def test_a_provider_may_report_another_amount_or_charge_twice(
    sandbox: Sandbox, marta: Person, bot: Bot, shop: Shop
) -> None:
    sandbox.faults.add(Fault("paid_other", "telegram", amount=100))
    await invoice(bot, marta.id)
    await marta.pays()
    assert await shop.has(1) == [("order-1", 100, "EUR")]
    sandbox.faults.add(Fault("paid_twice", "telegram"))
    await invoice(bot, marta.id, payload="order-2")
    await marta.pays()
    assert (await shop.has(3))[1:] == [("order-2", 8500, "EUR")] * 2
    assert len({m.successful_payment.telegram_payment_charge_id for m in shop.paid}) == 3


async def test_a_fault_of_payments_hits_no_call(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    sandbox.faults.add(Fault("paid_late", "telegram", times=None))
    await bot.send_message(marta.id, "Hello")
    await marta.sees("Hello")


async def test_what_was_paid_here_is_a_receipt_but_another_device_may_pay_again(
    marta: Person, bot: Bot, shop: Shop
) -> None:
    await invoice(bot, marta.id)
    await marta.pays()
    with pytest.raises(AssertionError, match="sees the receipt"):
        await marta.pays()
    assert (await marta.pays(again=True)).paid
    assert len(await shop.has(2)) == 2


async def test_what_the_invoice_asks_for_and_a_tip_come_along(marta: Person, bot: Bot, shop: Shop) -> None:
    needs = {f"need_{n}": True for n in ("name", "phone_number", "email", "shipping_address")}
    await invoice(bot, marta.id, max_tip_amount=500, suggested_tip_amounts=[100, 500], **needs)
    with pytest.raises(AssertionError, match="cannot tip 600"):
        await marta.pays(tip=600)
    assert (await marta.pays(tip=500)).total == 9000
    assert await shop.has(1) == [("order-1", 9000, "EUR")]
    known = shop.paid[0].successful_payment.order_info
    assert (known.name, known.phone_number, known.shipping_address.country_code) == (
        "Marta Rossi",
        "393331234567",
        "IT",
    )


async def test_a_pay_button_may_have_other_words_and_company(marta: Person, bot: Bot, shop: Shop) -> None:
    keys = [[InlineKeyboardButton("Paga 85 €", pay=True)], [InlineKeyboardButton("Later", callback_data="later")]]
    sent = await invoice(bot, marta.id, reply_markup=InlineKeyboardMarkup(keys))
    with pytest.raises(AssertionError, match="`pays` does that"):
        await marta.presses("Paga")
    assert not (await marta.presses("Later", timeout=0.01)).answered
    await sent.edit_reply_markup(InlineKeyboardMarkup(keys[:1]))
    assert (await marta.sees("Paga")).labels == ["Paga 85 €"]
    payment = await marta.pays()
    assert isinstance(payment, Payment)
    assert payment.paid
