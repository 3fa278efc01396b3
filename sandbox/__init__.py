"""A local Telegram and a local Slack, on loopback, that a real client library cannot tell from the real ones."""
