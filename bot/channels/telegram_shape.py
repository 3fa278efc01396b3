"""What we read of a Telegram update, and nothing else of it: its types are checked on the way.

The library's own objects hold every field there is, and building them takes a tenth of what an update costs: it
happens in the transaction that others wait for.
"""

from typing import Annotated

import msgspec

Moment = Annotated[int, msgspec.Meta(ge=0, lt=253_402_300_800)]  # seconds since 1970, before the year 10000


class User(msgspec.Struct):
    id: int
    is_bot: bool
    first_name: str
    last_name: str | None = None
    language_code: str | None = None


class Chat(msgspec.Struct):
    id: int
    type: str


class Entity(msgspec.Struct):
    type: str
    offset: int


class Reply(msgspec.Struct):
    message_id: int


class Photo(msgspec.Struct):
    file_id: str
    file_unique_id: str
    width: int
    height: int
    file_size: int | None = None


class Held(msgspec.Struct):
    """A document, video, sound, voice message or round video."""

    file_id: str
    file_unique_id: str
    file_name: str | None = None
    mime_type: str | None = None
    file_size: int | None = None


class Shared(msgspec.Struct):
    """A contact."""

    phone_number: str
    first_name: str
    last_name: str | None = None
    user_id: int | None = None


class Spot(msgspec.Struct):
    latitude: float
    longitude: float


class Venue(msgspec.Struct):
    location: Spot


class Payment(msgspec.Struct):
    invoice_payload: str
    total_amount: int
    currency: str
    telegram_payment_charge_id: str
    provider_payment_charge_id: str


class Message(msgspec.Struct, rename={"from_user": "from"}):
    message_id: int
    date: Moment
    chat: Chat
    from_user: User | None = None
    text: str | None = None
    entities: tuple[Entity, ...] = ()
    caption: str | None = None
    media_group_id: str | None = None
    reply_to_message: Reply | None = None
    successful_payment: Payment | None = None
    contact: Shared | None = None
    location: Spot | None = None
    venue: Venue | None = None
    photo: tuple[Photo, ...] = ()
    animation: Held | None = None
    document: Held | None = None
    video: Held | None = None
    audio: Held | None = None
    voice: Held | None = None
    video_note: Held | None = None


class Shown(msgspec.Struct):
    """The message a pressed button hangs under; an old one says no more than this."""

    message_id: int
    chat: Chat


class Query(msgspec.Struct, rename={"from_user": "from"}):
    id: str
    from_user: User
    message: Shown | None = None
    data: str | None = None


class Asked(msgspec.Struct, rename={"from_user": "from"}):
    """May this be paid?"""

    id: str
    from_user: User
    invoice_payload: str
    total_amount: int
    currency: str


class Standing(msgspec.Struct):
    status: str


class Membership(msgspec.Struct, rename={"from_user": "from"}):
    chat: Chat
    from_user: User
    old_chat_member: Standing
    new_chat_member: Standing


class Update(msgspec.Struct):
    update_id: int
    message: Message | None = None
    edited_message: Message | None = None
    callback_query: Query | None = None
    pre_checkout_query: Asked | None = None
    my_chat_member: Membership | None = None
