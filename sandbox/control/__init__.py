"""The people's side of the sandbox over HTTP, and the web page that is drawn from it."""

from sandbox.control.routes import Control

__all__ = ["Control"]
