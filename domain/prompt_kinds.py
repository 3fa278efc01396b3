"""What we come back with by ourselves, by kind. Pure."""

from enum import StrEnum


class Kind(StrEnum):
    """What it is about."""

    SURVEY = "survey"  # how was it?
    SURVEY_AGAIN = "survey_again"  # the same, once more, when nobody answered
    SECOND_ASK = "second_ask"  # how is it now, after we made it good?
    RECOMMEND = "recommend"  # would you recommend us?
    CONSENT = "consent"  # what may we come back with?
    MAINTENANCE = "maintenance"  # a visit that the plan provides for
    WARRANTY = "warranty"  # it ends before long
    ALLOWANCE_LOW = "allowance_low"  # it is nearly used
    ALLOWANCE_LAPSES = "allowance_lapses"  # it is not used, and will be gone
    RENEWAL = "renewal"  # a new term begins before long
    UPGRADE = "upgrade"  # a device that should be replaced
    ADVICE = "advice"  # a plan that would have been cheaper
    REFERRAL = "referral"  # his own link for friends
    CAMPAIGN = "campaign"  # what a manager writes to many
