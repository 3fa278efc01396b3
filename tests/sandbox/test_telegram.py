"""Marta and her family talk to a bot that is the real python-telegram-bot."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta

import pytest
from telegram import (
    Bot,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    Update,
)
from telegram.error import BadRequest, Forbidden
from telegram.ext import Application, CallbackQueryHandler, CommandHandler, ContextTypes, MessageHandler, filters

from sandbox.server import Sandbox
from sandbox.telegram import Person

YES_NO = InlineKeyboardMarkup(
    [[InlineKeyboardButton("Yes", callback_data="y"), InlineKeyboardButton("No", url="https://x.org")]]
)


Fetch = Callable[[str], Awaitable[Update]]


@pytest.fixture
async def app(sandbox: Sandbox) -> AsyncIterator[Application]:
    """An echoing application with a start command and a button, fed by its own small poller."""
    base = Application.builder().token("123:abc").base_url(f"{sandbox.url}/bot")
    application = base.base_file_url(f"{sandbox.url}/file/bot").updater(None).build()

    async def start(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await update.effective_message.reply_html(f"<b>Welcome</b> {context.args}", reply_markup=YES_NO)

    async def press(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await update.callback_query.answer("Noted")
        await update.callback_query.edit_message_text("Thanks")

    async def echo(update: Update, context: ContextTypes.DEFAULT_TYPE) -> None:
        await update.effective_message.reply_text(f"You said: {update.effective_message.text}")

    application.add_handlers(
        [CommandHandler("start", start), CallbackQueryHandler(press), MessageHandler(filters.TEXT, echo)]
    )

    async def poll() -> None:
        offset = None
        while True:
            for update in await application.bot.get_updates(offset=offset, timeout=1):
                offset = update.update_id + 1
                await application.process_update(update)

    async with application:
        await application.start()
        poller = asyncio.create_task(poll())
        yield application
        poller.cancel()
        await asyncio.gather(poller, return_exceptions=True)
        await application.stop()


async def test_marta_starts_with_a_payload_presses_a_button_and_sees_the_answer(
    sandbox: Sandbox, app: Application
) -> None:
    marta = sandbox.telegram.person("Marta")
    await marta.starts("home-42")
    welcome = await marta.sees("Welcome ['home-42']")
    assert welcome.html.startswith("<b>Welcome</b>")
    assert marta.buttons() == ["Yes", "No"]
    assert (await marta.presses("No")).url == "https://x.org"
    pressed = await marta.presses("Yes")
    assert (pressed.answered, pressed.notice) == (True, "Noted")
    thanks = await marta.sees("Thanks")
    assert thanks == welcome
    assert thanks.history == ["Welcome ['home-42']"]
    assert thanks.labels == []  # an edit without a keyboard removes it
    await marta.types("ciao 🙂")
    await marta.sees("You said: ciao 🙂")
    await marta.sees_nothing(0.1)
    assert sandbox.recording.problems == []


async def test_what_marta_misses_is_told_with_what_is_there(marta: Person, bot: Bot) -> None:
    await bot.send_message(marta.id, "Hello", reply_markup=YES_NO)
    with pytest.raises(AssertionError, match=r"Goodbye(.|\n)*Hello \[Yes\] \[No\]"):
        await marta.sees("Goodbye", timeout=0.05)
    with pytest.raises(AssertionError, match=r"no button 'Maybe'(.|\n)*\[Yes\]"):
        await marta.presses("Maybe")
    with pytest.raises(AssertionError, match="silence"):
        await marta.sees_nothing(0.01)
    await marta.types("so?")
    with pytest.raises(AssertionError):
        await marta.sees("Hello", timeout=0.05)  # said before Marta's question
    await marta.sees("Hello", anywhere=True)


async def test_a_start_link_carries_a_command_and_its_payload(marta: Person, bot: Bot, next_update: Fetch) -> None:
    await marta.starts("abc_1")
    await bot.get_updates(offset=-1)
    message = (await next_update("message")).message
    assert message.text == "/start abc_1"
    assert [(e.type, e.offset, e.length) for e in message.entities] == [("bot_command", 0, 6)]
    assert message.from_user.language_code == "it"


async def test_an_update_comes_again_until_it_is_confirmed(marta: Person, bot: Bot) -> None:
    first = (await bot.get_updates(limit=1))[0]
    assert (await bot.get_updates(limit=1))[0].update_id == first.update_id
    await marta.types("two")
    rest = await bot.get_updates(offset=first.update_id + 1)
    assert [u.message.text for u in rest] == ["two"]
    assert rest[0].update_id == first.update_id + 1


async def test_an_update_nobody_fetches_is_gone_after_a_day(
    sandbox: Sandbox, marta: Person, bot: Bot, next_update: Fetch
) -> None:
    sandbox.clock.move(timedelta(hours=23))
    assert len(await bot.get_updates()) == 1
    sandbox.clock.move(timedelta(hours=2))
    assert await bot.get_updates() == ()
    await marta.types("later")
    message = (await next_update("message")).message
    assert abs((message.date - sandbox.clock.now()).total_seconds()) < 5


async def test_marta_who_never_started_or_blocked_the_bot_cannot_be_reached(
    sandbox: Sandbox, bot: Bot, next_update: Fetch
) -> None:
    luigi = sandbox.telegram.person("Luigi")
    with pytest.raises(Forbidden, match="can't initiate conversation with a user"):
        await bot.send_message(luigi.id, "Hello")
    with pytest.raises(BadRequest, match="Chat not found"):
        await bot.send_message(999, "Hello")
    await luigi.starts()
    await luigi.blocks()
    with pytest.raises(Forbidden, match="bot was blocked by the user"):
        await bot.send_message(luigi.id, "Hello")
    with pytest.raises(AssertionError, match="has blocked"):
        await luigi.types("hm")
    change = (await next_update("my_chat_member")).my_chat_member
    assert (change.old_chat_member.status, change.new_chat_member.status) == ("member", "kicked")
    await luigi.unblocks()
    assert (await next_update("my_chat_member")).my_chat_member.new_chat_member.status == "member"
    await bot.send_message(luigi.id, "Welcome back")
    assert sandbox.recording.problems == []


async def test_edits_change_the_bubble_and_the_same_again_is_an_error(marta: Person, bot: Bot) -> None:
    sent = await bot.send_message(marta.id, "One", reply_markup=YES_NO)
    with pytest.raises(BadRequest, match="Message is not modified: specified new message content and reply markup are"):
        await sent.edit_text("One", reply_markup=YES_NO)
    await sent.edit_text("One")
    bubble = await marta.sees("One")
    assert bubble.labels == []
    assert bubble.edited
    await sent.edit_reply_markup(YES_NO)
    assert bubble.labels == ["Yes", "No"]
    with pytest.raises(BadRequest, match="Message to edit not found"):
        await bot.edit_message_text("x", marta.id, 4000)
    with pytest.raises(BadRequest, match="Message can't be edited"):
        await bot.edit_message_text("x", marta.id, 1)


async def test_a_message_can_be_deleted_for_two_days(sandbox: Sandbox, marta: Person, bot: Bot) -> None:
    first, second, third = [await bot.send_message(marta.id, f"No {n}") for n in (1, 2, 3)]
    bubble = await marta.sees("No 1")
    await first.delete()
    await marta.sees_gone(bubble)
    assert [b.text for b in marta.deleted] == ["No 1"]
    with pytest.raises(BadRequest, match="Message to delete not found"):
        await first.delete()
    assert await bot.delete_messages(marta.id, [first.message_id, second.message_id])
    sandbox.clock.move(timedelta(hours=49))
    with pytest.raises(BadRequest, match="Message can't be deleted"):
        await third.delete()
    assert [b.text for b in marta.chat if b.from_bot] == ["No 3"]


async def test_a_press_answered_too_late_is_an_error(
    sandbox: Sandbox, marta: Person, bot: Bot, next_update: Fetch
) -> None:
    await bot.send_message(marta.id, "Sure?", reply_markup=YES_NO)
    pressing = asyncio.create_task(marta.presses("Yes", timeout=0.2))
    query = (await next_update("callback_query")).callback_query
    assert query.data == "y"
    assert query.message.text == "Sure?"
    sandbox.clock.move(timedelta(minutes=20))
    with pytest.raises(BadRequest, match="Query is too old and response timeout expired or query id is invalid"):
        await query.answer("late")
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query("77")
    assert not (await pressing).answered


async def test_marta_corrects_herself(marta: Person, bot: Bot, next_update: Fetch) -> None:
    said = await marta.types("the door is jamed")
    await marta.edits(said, "the door is jammed")
    edited = (await next_update("edited_message")).edited_message
    assert (edited.message_id, edited.text) == (said.id, "the door is jammed")
    assert said.history == ["the door is jamed"]


async def test_replies_name_what_they_answer(marta: Person, bot: Bot) -> None:
    said = await marta.types("question")
    await bot.send_message(marta.id, "answer", reply_to_message_id=said.id)
    answer = await marta.sees("answer")
    assert answer.reply_to == said.id
    with pytest.raises(BadRequest, match="Message to be replied not found"):
        await bot.send_message(marta.id, "x", reply_to_message_id=4000)
    await marta.types("thanks", reply_to=answer)
    assert (await bot.get_updates(offset=-1))[0].message.reply_to_message.text == "answer"


async def test_a_family_group_hears_and_is_heard(sandbox: Sandbox, marta: Person, bot: Bot, next_update: Fetch) -> None:
    luigi = sandbox.telegram.person("Luigi")
    family = sandbox.telegram.group("Family", [marta, luigi])
    added = (await next_update("my_chat_member")).my_chat_member
    assert (added.chat.type, added.new_chat_member.status) == ("group", "member")
    await luigi.types("Is it fixed?", at=family)
    said = (await bot.get_updates(offset=-1))[0].message
    assert (said.chat.title, said.from_user.first_name, said.message_id) == ("Family", "Luigi", 2)
    await bot.send_message(family.id, "Nearly", reply_markup=YES_NO)
    await family.sees("Nearly")
    pressing = asyncio.create_task(luigi.presses("Yes", at=family))
    query = (await next_update("callback_query")).callback_query
    await query.answer("Noted")
    assert (query.from_user.id, query.message.chat.id, (await pressing).notice) == (luigi.id, family.id, "Noted")
    assert (await bot.get_chat_member(family.id, luigi.id)).status == "member"
    await bot.leave_chat(family.id)
    with pytest.raises(Forbidden, match="not a member of the group chat"):
        await bot.send_message(family.id, "Bye")


async def test_in_privacy_mode_a_group_is_heard_only_when_it_means_the_bot(
    sandbox: Sandbox, marta: Person, bot: Bot
) -> None:
    sandbox.telegram.state.reads_groups = False
    family = sandbox.telegram.group("Family", [marta])
    await marta.types("not for you", at=family)
    await marta.types("/help", at=family)
    texts = [u.message.text for u in await bot.get_updates() if u.message and u.message.text]
    assert texts == ["/start", "/help"]


async def test_marta_can_wait_for_the_next_of_two_alike(marta: Person, bot: Bot) -> None:
    await bot.send_message(marta.id, "Reminder", reply_markup=YES_NO)
    first = await marta.sees("Reminder")
    with pytest.raises(AssertionError):
        await marta.sees("Reminder", timeout=0.05, after=first)
    waiting = asyncio.create_task(marta.sees("Reminder", after=first))
    await asyncio.sleep(0)
    await bot.send_message(marta.id, "Reminder 2", reply_markup=YES_NO)
    assert (await waiting).text == "Reminder 2"
    assert (await marta.presses("No", on=first)).bubble == first
    marta.looks_away()
    await marta.sees_nothing(0.01)
    assert marta.news() == []


async def test_a_label_that_fits_several_buttons_is_no_label(marta: Person, bot: Bot) -> None:
    row = [InlineKeyboardButton(f"Slot\u00a0{n}", callback_data=str(n)) for n in (1, 2)]
    await bot.send_message(marta.id, "When?", reply_markup=InlineKeyboardMarkup([row]))
    with pytest.raises(AssertionError, match="fits several buttons"):
        await marta.presses("Slot")
    assert not (await marta.presses("Slot 2", timeout=0.01)).answered


async def test_long_words_are_cut_by_martas_phone(marta: Person, bot: Bot) -> None:
    await marta.types("🙂" * 3000)
    assert [len(b.text) for b in marta.chat[1:]] == [2048, 952]
