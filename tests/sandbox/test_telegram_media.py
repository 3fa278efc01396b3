"""What is sent besides words: pictures, files, places, keyboards, and the menu of commands."""

import pytest
from telegram import (
    Bot,
    BotCommand,
    BotCommandScopeAllPrivateChats,
    InlineKeyboardButton,
    InlineKeyboardMarkup,
    InputMediaDocument,
    InputMediaPhoto,
    InputMediaVideo,
    KeyboardButton,
    ReplyKeyboardMarkup,
    ReplyKeyboardRemove,
)
from telegram.error import BadRequest, NetworkError

from sandbox.telegram import Person
from sandbox.telegram.files import PHOTO

YES_NO = InlineKeyboardMarkup([[InlineKeyboardButton("Yes", callback_data="y")]])


async def test_marta_sends_everything_she_has(marta: Person, bot: Bot) -> None:
    await marta.sends_photo("look", n=3)
    updates = [u.message for u in await bot.get_updates(offset=-3)]
    assert len({m.media_group_id for m in updates}) == 1
    assert [m.caption for m in updates] == ["look", None, None]
    assert [s.width for s in updates[0].photo] == [90, 320, 800]
    assert len({m.photo[-1].file_unique_id for m in updates}) == 3
    picture = await (await bot.get_file(updates[0].photo[-1].file_id)).download_as_bytearray()
    assert bytes(picture).startswith(PHOTO)
    await marta.sends_voice()
    voice = (await bot.get_updates(offset=-1))[0].message.voice
    assert bytes(await (await voice.get_file()).download_as_bytearray()).startswith(b"OggS")
    await marta.sends_document("bill.pdf", b"%PDF-1.4", mime="application/pdf", caption="my bill")
    assert (await bot.get_updates(offset=-1))[0].message.document.file_name == "bill.pdf"
    await marta.sends_video()
    assert (await bot.get_updates(offset=-1))[0].message.video.mime_type == "video/mp4"
    await marta.shares_location(45.46, 9.19)
    assert (await bot.get_updates(offset=-1))[0].message.location.longitude == 9.19
    await marta.shares_contact()
    own = (await bot.get_updates(offset=-1))[0].message
    assert own.contact.user_id == own.from_user.id
    await marta.shares_contact("+4912345", None, name="Plumber")
    assert (await bot.get_updates(offset=-1))[0].message.contact.user_id is None


async def test_a_file_above_twenty_megabytes_cannot_be_fetched(marta: Person, bot: Bot) -> None:
    await marta.sends_document("film.bin", bytes(20 * 1024 * 1024 + 1))
    document = (await bot.get_updates(offset=-1))[0].message.document
    with pytest.raises(BadRequest, match="File is too big"):
        await document.get_file()


async def test_the_bot_may_send_fifty_megabytes_but_a_picture_only_of_ten(marta: Person, bot: Bot) -> None:
    await bot.send_document(marta.id, bytes(30 * 1024 * 1024), filename="film.bin")
    assert len(marta.chat[-1].content) == 30 * 1024 * 1024
    with pytest.raises(NetworkError, match="Request Entity Too Large"):
        await bot.send_document(marta.id, bytes(50 * 1024 * 1024 + 1), filename="film.bin")
    with pytest.raises(BadRequest, match="File is too big for a photo"):
        await bot.send_photo(marta.id, PHOTO + bytes(10 * 1024 * 1024))


async def test_the_bot_sends_everything_it_has(marta: Person, bot: Bot) -> None:
    photo = await bot.send_photo(marta.id, PHOTO, caption="<i>Your</i> door", parse_mode="HTML", reply_markup=YES_NO)
    bubble = await marta.sees("Your door")
    assert (bubble.media, bubble.html, bubble.content) == ("photo", "<i>Your</i> door", PHOTO)
    await photo.edit_caption("Fixed")
    assert bubble.history == ["Your door"]
    await photo.edit_media(InputMediaDocument(b"%PDF", filename="bill.pdf"))
    await marta.sees("bill.pdf")
    again = await bot.send_document(marta.id, (await bot.send_document(marta.id, b"x", filename="a.txt")).document)
    assert again.document.file_name == "a.txt"
    album = await bot.send_media_group(marta.id, [InputMediaPhoto(PHOTO, caption="both"), InputMediaVideo(b"film")])
    assert len({m.media_group_id for m in album}) == 1
    await bot.send_voice(marta.id, b"OggS")
    await bot.send_video(marta.id, b"film")
    await bot.send_audio(marta.id, b"music")
    await bot.send_location(marta.id, 45.1, 9.2)
    await bot.send_contact(marta.id, "+39", "Plumber")
    await bot.send_chat_action(marta.id, "typing")
    assert marta.actions == ["typing"]
    await bot.set_message_reaction(marta.id, marta.chat[0].id, "👍")
    assert marta.chat[0].reactions == ["👍"]
    copied = await bot.copy_message(marta.id, marta.id, again.message_id)
    forwarded = await bot.forward_message(marta.id, marta.id, again.message_id)
    assert forwarded.message_id == copied.message_id + 1
    await bot.pin_chat_message(marta.id, again.message_id)
    assert (await bot.get_chat(marta.id)).pinned_message.message_id == again.message_id
    with pytest.raises(BadRequest, match="Image_process_failed"):
        await bot.send_photo(marta.id, b"no picture")
    with pytest.raises(BadRequest, match="Wrong file identifier"):
        await bot.send_photo(marta.id, "AgACnothing")


async def test_a_keyboard_below_the_chat_types_for_marta(marta: Person, bot: Bot) -> None:
    keys = [[KeyboardButton("My number", request_contact=True), "Later"]]
    await bot.send_message(marta.id, "Who?", reply_markup=ReplyKeyboardMarkup(keys, one_time_keyboard=True))
    assert marta.buttons() == ["My number", "Later"]
    await marta.presses("My number")
    assert (await bot.get_updates(offset=-1))[0].message.contact.phone_number == marta.phone
    assert marta.keyboard == []
    await bot.send_message(marta.id, "Where?", reply_markup=ReplyKeyboardMarkup([["Here"]]))
    await marta.presses("Here")
    assert (await bot.get_updates(offset=-1))[0].message.text == "Here"
    await bot.send_message(marta.id, "Fine", reply_markup=ReplyKeyboardRemove())
    assert marta.keyboard == []


async def test_the_menu_of_commands_speaks_martas_language(marta: Person, bot: Bot) -> None:
    await bot.set_my_commands([BotCommand("help", "Help")])
    assert marta.commands() == {"help": "Help"}
    await bot.set_my_commands([BotCommand("help", "Aiuto")], BotCommandScopeAllPrivateChats(), language_code="it")
    assert marta.commands() == {"help": "Aiuto"}
    assert (await bot.get_my_commands())[0].description == "Help"
    await bot.delete_my_commands(BotCommandScopeAllPrivateChats(), "it")
    assert marta.commands() == {"help": "Help"}
    await bot.set_my_name("Casa")
    assert (await bot.get_me()).first_name == "Casa"
    await bot.set_my_description("Desc", "it")
    assert (await bot.get_my_description("it")).description == "Desc"
    await bot.set_my_short_description("Short")
    assert (await bot.get_my_short_description()).short_description == "Short"
    await bot.set_chat_menu_button(marta.id)
    assert (await bot.get_chat_menu_button(marta.id)).type == "default"
    with pytest.raises(BadRequest, match="Bot_command_invalid"):
        await bot.delete_my_commands(language_code="it") and await bot.set_my_commands([("Big Name", "x")])
    marta.state.host.recording.calls[-1].problems.clear()
