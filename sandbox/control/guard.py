"""Who may drive the sandbox: programs and the page on this machine, and no web page from elsewhere."""

import ipaddress
from urllib.parse import urlsplit

from aiohttp import web

NAMES = {"localhost", "localhost."}
ELSEWHERE = {"cross-site", "same-site"}  # another port of this machine is "same-site", and still not ours


def is_ours(name: str | None) -> bool:
    """True for a name or an address that no other machine can have."""
    if not name:
        return False
    if name.lower() in NAMES:
        return True
    try:
        return ipaddress.ip_address(name).is_loopback
    except ValueError:
        return False


def stranger(request: web.Request) -> str | None:
    """Why this request is refused; None when it comes from here."""
    if not is_ours(request.remote):
        return "the sandbox is driven from this machine only"
    host = request.headers.getall("Host", [])
    if len(host) != 1 or not is_ours(name_of(host[0])):  # a name of theirs that points here (DNS rebinding)
        return "the Host header names another machine"
    origin = request.headers.get("Origin")
    if origin is not None and origin.lower() != f"http://{host[0].lower()}":
        return f"a page of {origin} may not drive the sandbox"
    if request.headers.get("Sec-Fetch-Site") in ELSEWHERE and request.path != "/":  # a link may lead to the page
        return "another page may not drive the sandbox"
    return None


def name_of(host: str) -> str | None:
    """The name in a Host header, without the port."""
    try:
        return urlsplit(f"//{host}").hostname
    except ValueError:
        return None
