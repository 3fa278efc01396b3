"""What Telegram refuses about invoices, and what the judge says of a bot that sends such."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import aiohttp
import pytest
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup
from telegram.error import BadRequest
from telegram_shop import TOKEN, invoice

from sandbox.server import Sandbox
from sandbox.telegram import Person
from sandbox.telegram.invoices import CURRENCIES, money

Found = Callable[[str], bool]
Ask = Callable[..., Awaitable[tuple[int, str]]]
GOOD = {
    "title": "Visit",
    "description": "The shades",
    "payload": "order-1",
    "provider_token": TOKEN,
    "currency": "EUR",
    "prices": [{"label": "Visit", "amount": 8000}],
}
PAY = {"text": "Pay", "pay": True}
LATER = {"text": "Later", "callback_data": "later"}
PLANTED: list[tuple[dict[str, Any], str, str | None]] = [
    # (what is otherwise, what the judge says, what Telegram answers: None = it does as asked)
    ({"title": ""}, "title: 0 characters, 1 to 32", 'parameter "title" is required'),
    ({"title": "x" * 33}, "title: 33 characters, 1 to 32", "MEDIA_INVALID"),
    ({"description": "x" * 256}, "description: 256 characters", "MEDIA_INVALID"),
    ({"payload": "é" * 65}, "payload: 130 bytes, 1 to 128", "INVOICE_PAYLOAD_INVALID"),
    ({"payload": None}, "payload", 'parameter "payload" is required'),
    ({"provider_token": "sk_test_1"}, "PAYMENT_PROVIDER_INVALID", "PAYMENT_PROVIDER_INVALID"),
    ({"provider_token": ""}, "PAYMENT_PROVIDER_INVALID", "PAYMENT_PROVIDER_INVALID"),
    ({"currency": "EURO"}, "CURRENCY_INVALID", "CURRENCY_INVALID"),
    ({"currency": "XTR"}, "STARS_INVOICE_INVALID", "STARS_INVOICE_INVALID"),
    ({"prices": []}, "at least one price", "there must be at least one price"),
    ({"prices": "80 €"}, "prices: Array of LabeledPrice expected", "can't parse prices JSON object"),
    ({"prices": [80]}, "prices[0]: LabeledPrice expected", "LabeledPrice must be an Object"),
    ({"prices": [{"amount": 8000}]}, "prices[0].label: missing", 'Can\'t find field "label"'),
    ({"prices": [{"label": "", "amount": 8000}]}, "label must be non-empty", "LabeledPrice label must be non-empty"),
    ({"prices": [{"label": "x", "amount": 80.5}]}, "prices[0].amount: Integer expected", 'Field "amount" must be'),
    ({"prices": [{"label": "x", "amount": 85}]}, "CURRENCY_TOTAL_AMOUNT", "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ({"prices": [{"label": "x", "amount": 860_001}]}, "CURRENCY_TOTAL_AMOUNT", "CURRENCY_TOTAL_AMOUNT_INVALID"),
    ({"start_parameter": "pay me"}, "START_PARAM_INVALID", "START_PARAM_INVALID"),
    ({"provider_data": "{"}, "DATA_JSON_INVALID", "DATA_JSON_INVALID"),
    ({"max_tip_amount": -1}, "invalid max_tip_amount", "invalid max_tip_amount of the currency specified"),
    ({"suggested_tip_amounts": [1]}, "bigger than max_tip_amount", "suggested tip amount can't be bigger"),
    ({"max_tip_amount": 9, "suggested_tip_amounts": [0]}, "must be positive", "suggested tip amount must be positive"),
    ({"max_tip_amount": 9, "suggested_tip_amounts": [1, 2, 3, 4, 5]}, "at most 4", "at most 4 suggested tip amounts"),
    ({"max_tip_amount": 9, "suggested_tip_amounts": [2, 1]}, "suggested tips must grow", None),
    ({"is_flexible": True}, "must not be flexible", None),
    ({"reply_markup": {"inline_keyboard": [[LATER]]}}, "must be the Pay button", "REPLY_MARKUP_BUY_EMPTY"),
    ({"reply_markup": {"inline_keyboard": [[LATER, PAY]]}}, "must be the Pay button", "REPLY_MARKUP_BUY_EMPTY"),
    ({"reply_markup": {"keyboard": [[{"text": "Pay"}]]}}, "must be the Pay button", "REPLY_MARKUP_BUY_EMPTY"),
    ({"reply_markup": {"inline_keyboard": [[PAY], [PAY]]}}, "only its first button", None),
]


@pytest.fixture
async def luigi(sandbox: Sandbox) -> Person:
    """Luigi, whose bot makes mistakes."""
    person = sandbox.telegram.person("Luigi")
    await person.starts()
    return person


@pytest.fixture
async def ask(address: str) -> AsyncIterator[Ask]:
    """A client without the library's care."""
    async with aiohttp.ClientSession() as session:

        async def call(method: str, **fields: Any) -> tuple[int, str]:
            async with session.post(f"{address}/{method}", json=fields) as answer:
                return answer.status, (await answer.json()).get("description", "")

        yield call


@pytest.mark.parametrize(("other", "judged", "answered"), PLANTED, ids=lambda v: str(v)[:40])
async def test_an_invoice_with_a_fault_is_seen_and_refused(
    luigi: Person, ask: Ask, found: Found, other: dict[str, Any], judged: str, answered: str | None
) -> None:
    status, words = await ask("sendInvoice", chat_id=luigi.id, **{**GOOD, **other})
    assert found(judged)
    if answered is None:
        assert status == 200
    else:
        assert (status, words[:13]) == (400, "Bad Request: ")
        assert answered in words


async def test_a_good_invoice_has_no_fault_and_the_limits_are_within(sandbox: Sandbox, luigi: Person, ask: Ask) -> None:
    for amount in (86, 860_000):
        given = {**GOOD, "prices": [{"label": "Visit", "amount": amount}]}
        assert (await ask("sendInvoice", chat_id=luigi.id, **given))[0] == 200
    keys = {"inline_keyboard": [[PAY], [LATER]]}
    assert (await ask("sendInvoice", chat_id=luigi.id, **GOOD, reply_markup=keys))[0] == 200
    assert (await ask("createInvoiceLink", **GOOD))[0] == 200
    assert sandbox.recording.problems == []


async def test_a_pay_button_belongs_to_invoices(luigi: Person, ask: Ask, found: Found) -> None:
    status, words = await ask("sendMessage", chat_id=luigi.id, text="x", reply_markup={"inline_keyboard": [[PAY]]})
    assert (status, words) == (400, "Bad Request: BUTTON_TYPE_INVALID")
    assert found("a Pay button outside an invoice")


async def test_an_invoice_stays_an_invoice(luigi: Person, bot: Bot, found: Found) -> None:
    sent = await invoice(bot, luigi.id)
    with pytest.raises(BadRequest, match="There is no text in the message to edit"):
        await sent.edit_text("Cancelled")
    assert found("an invoice cannot be edited into words")
    with pytest.raises(BadRequest, match="There is no caption in the message to edit"):
        await sent.edit_caption("Cancelled")
    for keys in (None, InlineKeyboardMarkup([[InlineKeyboardButton("Later", callback_data="later")]])):
        with pytest.raises(BadRequest, match="Reply_markup_buy_empty"):
            await sent.edit_reply_markup(keys)
    with pytest.raises(BadRequest, match="The message can't be copied"):
        await sent.copy(luigi.id)
    assert (await luigi.sees("Visit on Tuesday")).labels == ["Pay €85.00"]


async def test_only_stars_can_be_refunded_and_there_are_none(
    luigi: Person, bot: Bot, found: Found, next_update: Callable[[str], Awaitable[Any]]
) -> None:
    with pytest.raises(BadRequest, match="Charge_id_invalid"):
        await bot.refund_star_payment(luigi.id, "nobody-knows")
    assert not found("refund")
    await invoice(bot, luigi.id)
    paying = asyncio.create_task(luigi.pays())
    await (await next_update("pre_checkout_query")).pre_checkout_query.answer(ok=True)
    [charge] = (await paying).charges
    with pytest.raises(BadRequest, match="Charge_id_invalid"):
        await bot.refund_star_payment(luigi.id, charge.telegram_id)
    assert found("a provider's payment cannot be refunded")
    note = next(b for b in luigi.chat if "successful" in b.text)
    with pytest.raises(BadRequest, match="The message can't be forwarded"):
        await bot.forward_message(luigi.id, luigi.id, note.id)


def test_money_is_written_with_the_digits_of_its_currency() -> None:
    assert [money(123456, c) for c in ("EUR", "CHF", "JPY", "ISK")] == [
        "€1,234.56",
        "CHF 1,234.56",
        "¥123,456",
        "ISK 123,456",
    ]
    assert money(-700, "USD") == "-$7.00"
    assert all(least > 0 for _, least in CURRENCIES.values())
