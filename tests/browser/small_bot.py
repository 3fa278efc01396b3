"""A bot and an app in a few lines, on the real libraries, for the page to show: `python small_bot.py URL`."""

import asyncio
import logging
import sys
from typing import Any

from slack_bolt.adapter.socket_mode.aiohttp import AsyncSocketModeHandler
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient
from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LabeledPrice, Update

URL = sys.argv[1]
KEYS = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="yes"), InlineKeyboardButton("No", callback_data="no")]]
)
bot = Bot("123:abc", base_url=f"{URL}/bot", base_file_url=f"{URL}/file/bot")
client = AsyncWebClient(token="xoxb-1", base_url=f"{URL}/api/", retry_handlers=[])
app = AsyncApp(client=client, signing_secret="secret")


def words(text: str) -> dict[str, Any]:
    return {"type": "plain_text", "text": text}


def card(said: str, state: str = "open") -> list[dict[str, Any]]:
    keys = [
        {"type": "button", "text": words("Take"), "action_id": "take", "value": said, "style": "primary"},
        {"type": "button", "text": words("Answer"), "action_id": "answer"},
    ]
    return [
        {"type": "header", "text": words(said)},
        {"type": "section", "text": {"type": "mrkdwn", "text": f"*State*: {state}"}},
        {"type": "actions", "elements": keys},
    ]


FORM = {
    "type": "modal",
    "callback_id": "answer",
    "title": words("Answer"),
    "submit": words("Send"),
    "blocks": [
        {
            "type": "input",
            "block_id": "words",
            "label": words("Words"),
            "element": {"type": "plain_text_input", "action_id": "words"},
        }
    ],
}


@app.action("take")
async def take(ack: Any, body: dict[str, Any], action: dict[str, Any]) -> None:
    await ack()
    place, who = body["container"], body["user"]["id"]
    blocks = card(action["value"], f"taken by <@{who}>")
    await client.chat_update(channel=place["channel_id"], ts=place["message_ts"], text="Taken", blocks=blocks)
    await client.chat_postMessage(channel=place["channel_id"], thread_ts=place["message_ts"], text="Marta was told")


@app.action("answer")
async def answer(ack: Any, body: dict[str, Any]) -> None:
    await ack()
    await client.views_open(trigger_id=body["trigger_id"], view=FORM)


@app.view("answer")
async def answered(ack: Any, view: dict[str, Any]) -> None:
    said = view["state"]["values"]["words"]["words"]["value"]
    if said == "no":
        await ack(response_action="errors", errors={"words": "Say more"})
        return
    await ack()
    await bot.send_message(7001, said)


@app.event("message")
async def message() -> None:
    """People talk."""


LINES = [LabeledPrice("Visita", 8000), LabeledPrice("Viaggio (42 km)", 1200), LabeledPrice("Sconto fedeltà", -700)]


async def bill(chat: int, payload: str) -> None:
    await bot.send_invoice(
        *(chat, "Visita di martedì", "Tende del soggiorno, con un tecnico", payload, "EUR", LINES),
        provider_token="1:TEST:2",
    )


async def react(update: Update) -> None:
    if (query := update.pre_checkout_query) is not None:
        taken = query.invoice_payload == "pay taken"
        await query.answer(ok=not taken, error_message="Somebody has just taken this time." if taken else None)
    elif update.message is not None and update.message.successful_payment is not None:
        await bot.send_message(update.message.chat.id, "Thank you, it is paid.")
    elif update.message is not None and (update.message.text or "").startswith("pay"):
        await bill(update.message.chat.id, update.message.text or "")
    elif update.callback_query is not None:
        await update.callback_query.answer("Noted")
        await update.callback_query.edit_message_text("Thank you, the team knows.")
        await client.chat_postMessage(channel="C0SERVICE", text="A request", blocks=card("The shades are stuck"))
    elif update.message is not None and update.message.text:
        said = update.message.text
        if said.startswith("/start"):
            await bot.send_message(
                update.message.chat.id, f"Welcome <b>{said[7:] or 'stranger'}</b>", parse_mode="HTML"
            )
        elif said.startswith("many"):
            for number in range(500):
                await bot.send_message(update.message.chat.id, f"Message {number}", reply_markup=KEYS)
        else:
            await bot.send_message(update.message.chat.id, f"You said: {said}. Right?", reply_markup=KEYS)


async def main() -> None:
    logging.disable(logging.CRITICAL)
    await bot.initialize()
    await AsyncSocketModeHandler(app, "xapp-1").connect_async()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    offset = None
    while True:
        for update in await bot.get_updates(offset=offset, timeout=10):
            offset = update.update_id + 1
            await react(update)


asyncio.run(main())
