"""The words of the trade that everything else is sorted by."""

from enum import StrEnum


class Area(StrEnum):
    """The part of the home a request is about (label guide of the understanding set)."""

    LIGHTING = "lighting"
    SHADES = "shades"
    CLIMATE = "climate"
    NETWORK = "network"
    AUDIO = "audio"
    VIDEO = "video"
    SECURITY = "security"
    ACCESS = "access"
    CONTROL = "control"
    POWER = "power"
    OTHER = "other"


class Urgency(StrEnum):
    """How soon somebody must look, from what is happening and never from how it is said."""

    EMERGENCY = "emergency"
    HIGH = "high"
    NORMAL = "normal"
    LOW = "low"


class Intent(StrEnum):
    """What the person most needs."""

    PROBLEM = "problem"
    VISIT = "visit"
    PRICE = "price"
    CONTRACT = "contract"
    BILLING = "billing"
    UPGRADE = "upgrade"
    HUMAN = "human"
    FEEDBACK = "feedback"
    COMPLAINT = "complaint"
    GREETING = "greeting"
    COMMAND = "command"
    HOWTO = "howto"
    OTHER = "other"


class Help(StrEnum):
    """How a request can be solved."""

    REMOTE = "remote"
    VISIT = "visit"
