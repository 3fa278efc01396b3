"""A code to be read with a phone's camera (QR): a link in a picture."""

from io import BytesIO

import segno

from handlers.messages import Document


def draw(document: Document, _language: str) -> bytes:
    """The link as a picture (PNG), large enough to be read from a screen or from paper."""
    out = BytesIO()
    segno.make(str(document.values["link"]), error="m", micro=False).save(out, kind="png", scale=8, border=4)
    return out.getvalue()
