"""What an invoice may be: currencies, amounts, texts; refused in the words of the real service."""

import json
import re
from dataclasses import dataclass
from typing import Any

from sandbox.telegram.errors import ApiError, bad_request

Fields = dict[str, Any]

LIMIT_IN_DOLLARS = 10_000
SUGGESTED_TIPS = 4
PAYLOAD_BYTES = 128
TITLE, DESCRIPTION = 32, 255
PROVIDER = re.compile(r"\d+:(TEST|LIVE):\S+")
START_PARAMETER = re.compile(r"[A-Za-z0-9_-]{0,64}")
STARS = "XTR"
SYMBOLS = {"EUR": "€", "USD": "$", "GBP": "£", "JPY": "¥"}

# code: (digits after the point, about one US dollar in the smallest unit). The least that can be asked for is about one
# dollar, the most about ten thousand; the real table follows the exchange rates of the day.
CURRENCIES = {
    **{"EUR": (2, 86), "USD": (2, 100), "GBP": (2, 75), "CHF": (2, 80), "CAD": (2, 137), "AUD": (2, 152)},
    **{"NZD": (2, 168), "SEK": (2, 948), "NOK": (2, 1007), "DKK": (2, 640), "PLN": (2, 365), "CZK": (2, 2102)},
    **{"HUF": (2, 34000), "RON": (2, 435), "BGN": (2, 168), "UAH": (2, 4145), "TRY": (2, 4052), "ILS": (2, 337)},
    **{"AED": (2, 367), "SGD": (2, 128), "HKD": (2, 784), "INR": (2, 8630), "BRL": (2, 553), "MXN": (2, 1866)},
    **{"ISK": (0, 122), "JPY": (0, 147), "KRW": (0, 1378), "CLP": (0, 952)},
}


@dataclass(frozen=True)
class Invoice:
    """What is to be paid; every copy of its message, and every payment, is about the same one."""

    title: str
    description: str
    payload: str
    currency: str
    prices: tuple[tuple[str, int], ...]
    start_parameter: str = ""
    max_tip: int = 0
    needs: tuple[str, ...] = ()  # name, phone_number, email, shipping_address

    @property
    def total(self) -> int:
        return sum(amount for _, amount in self.prices)

    @property
    def total_shown(self) -> str:
        return money(self.total, self.currency)

    def api(self) -> Fields:
        """The part that everybody sees, the bot too (not the payload, not the lines)."""
        return {
            "title": self.title,
            "description": self.description,
            "start_parameter": self.start_parameter,
            "currency": self.currency,
            "total_amount": self.total,
        }

    def keyboard(self) -> Fields:
        """What is below it unless the bot says otherwise."""
        return {"inline_keyboard": [[{"text": f"Pay {self.total_shown}", "pay": True}]]}

    def keyboard_of_copy(self, original: Fields, username: str) -> Fields:
        """Below a forwarded copy: to pay there, or the way to the bot when the invoice has a start parameter."""
        label = original["inline_keyboard"][0][0]["text"]
        if not self.start_parameter:
            return {"inline_keyboard": [[{"text": label, "pay": True}]]}
        link = f"https://t.me/{username}?start={self.start_parameter}"
        return {"inline_keyboard": [[{"text": label, "url": link}]]}


def money(amount: int, currency: str) -> str:
    """An amount as Telegram writes it in English."""
    digits = digits_of(currency)
    number = f"{abs(amount) / 10**digits:,.{digits}f}"
    sign = "-" if amount < 0 else ""
    symbol = SYMBOLS.get(currency)
    return f"{sign}{symbol}{number}" if symbol else f"{sign}{currency} {number}"


def digits_of(currency: str) -> int:
    return CURRENCIES.get(currency, (2, 0))[0]


def read(fields: Fields) -> Invoice:
    """The invoice of a call; raises ApiError as Telegram refuses it."""
    texts = {name: required(fields, name) for name in ("title", "description", "payload", "currency")}
    prices = read_prices(fields)
    check_tips(fields)
    check_texts(texts, str(fields.get("start_parameter") or ""), fields.get("provider_data"))
    token, currency = str(fields.get("provider_token") or ""), texts["currency"]
    if currency == STARS:
        raise bad_request("STARS_INVOICE_INVALID")
    if not PROVIDER.fullmatch(token):
        raise bad_request("PAYMENT_PROVIDER_INVALID")
    if currency not in CURRENCIES:
        raise bad_request("CURRENCY_INVALID")
    least = CURRENCIES[currency][1]
    if not least <= sum(amount for _, amount in prices) <= LIMIT_IN_DOLLARS * least:
        raise bad_request("CURRENCY_TOTAL_AMOUNT_INVALID")
    return Invoice(
        **texts,
        prices=prices,
        start_parameter=str(fields.get("start_parameter") or ""),
        max_tip=fields.get("max_tip_amount") or 0,
        needs=tuple(n for n in ("name", "phone_number", "email", "shipping_address") if fields.get(f"need_{n}")),
    )


def required(fields: Fields, name: str) -> str:
    value = fields.get(name)
    if value in (None, ""):
        raise bad_request(f'parameter "{name}" is required')
    return str(value)


def read_prices(fields: Fields) -> tuple[tuple[str, int], ...]:
    listed = fields.get("prices")
    if listed is None:
        raise bad_request('parameter "prices" is required')
    if not isinstance(listed, list):
        raise bad_request("expected an Array of labeled prices")
    if not listed:
        raise bad_request("there must be at least one price")
    return tuple(read_price(price) for price in listed)


def read_price(price: Any) -> tuple[str, int]:
    trouble = "can't parse labeled price: "
    if not isinstance(price, dict):
        raise bad_request(f"{trouble}LabeledPrice must be an Object")
    for name in ("label", "amount"):
        if name not in price:
            raise bad_request(f'{trouble}Can\'t find field "{name}"')
    if not str(price["label"]):
        raise bad_request(f"{trouble}LabeledPrice label must be non-empty")
    try:
        return str(price["label"]), int(str(price["amount"]))
    except ValueError:
        raise bad_request(f'{trouble}Field "amount" must be a valid Number') from None


def check_tips(fields: Fields) -> None:
    most, suggested = fields.get("max_tip_amount") or 0, fields.get("suggested_tip_amounts") or []
    if not isinstance(most, int) or most < 0:
        raise bad_request("invalid max_tip_amount of the currency specified")
    if any(tip <= 0 for tip in suggested):
        raise bad_request("suggested tip amount must be positive")
    if any(tip > most for tip in suggested):
        raise bad_request("suggested tip amount can't be bigger than max_tip_amount")
    if len(suggested) > SUGGESTED_TIPS:
        raise bad_request("there can be at most 4 suggested tip amounts")


def check_texts(texts: dict[str, str], start_parameter: str, provider_data: Any) -> None:
    if len(texts["payload"].encode()) > PAYLOAD_BYTES:
        raise bad_request("INVOICE_PAYLOAD_INVALID")
    if len(texts["title"]) > TITLE or len(texts["description"]) > DESCRIPTION:
        raise bad_request("MEDIA_INVALID")
    if not START_PARAMETER.fullmatch(start_parameter):
        raise bad_request("START_PARAM_INVALID")
    try:
        json.loads(provider_data or "{}")
    except (TypeError, ValueError):
        raise bad_request("DATA_JSON_INVALID") from None


def check_keyboard(markup: Any) -> None:
    """The first button below an invoice must be the one to pay with; without any Telegram puts its own."""
    if markup and not (isinstance(markup, dict) and pay_button_first(markup)):
        raise bad_request("REPLY_MARKUP_BUY_EMPTY")


def pay_button_first(markup: Fields) -> bool:
    rows = markup.get("inline_keyboard")
    first = rows[0][0] if isinstance(rows, list) and rows and rows[0] else None
    return isinstance(first, dict) and first.get("pay") is True


def pay_buttons(markup: Fields) -> int:
    rows = markup.get("inline_keyboard")
    rows = rows if isinstance(rows, list) else []
    return sum("pay" in b for row in rows if isinstance(row, list) for b in row if isinstance(b, dict))


def problems_of(fields: Fields) -> list[str]:
    """Everything wrong with an invoice beyond the shape of its fields."""
    problems = [f"invoice: {error}" for error in refusals(fields)]
    if fields.get("is_flexible"):
        problems.append("invoice: the sandbox asks for no shipping, so it must not be flexible")
    tips = fields.get("suggested_tip_amounts")
    if isinstance(tips, list) and tips != sorted(set(tips)):
        problems.append("invoice: suggested tips must grow")
    markup = fields.get("reply_markup")
    if isinstance(markup, dict) and markup and not pay_button_first(markup):
        problems.append("invoice: its first button must be the Pay button")
    if isinstance(markup, dict) and pay_buttons(markup) > 1:
        problems.append("invoice: only its first button may be a Pay button")
    return problems


def refusals(fields: Fields) -> list[str]:
    try:
        read(fields)
    except ApiError as error:
        return [error.description.removeprefix("Bad Request: ")]
    except (AttributeError, TypeError):
        return ["it cannot be read"]
    return []
