"""response_url: what the product answers to an interaction without calling the Web API."""

import json

from aiohttp import web

from sandbox.slack import judge
from sandbox.slack.core import Core
from sandbox.slack.errors import SlackError
from sandbox.slack.methods_chat import content
from sandbox.slack.state import Json, Message
from sandbox.slack.triggers import ResponseUrl
from sandbox.slack.web_api import under_faults


class Responses:
    def __init__(self, core: Core) -> None:
        self.core = core

    def routes(self) -> list[web.AbstractRouteDef]:
        return [web.post("/slack/response/{token}", self._posted)]

    async def _posted(self, request: web.Request) -> web.StreamResponse:
        try:
            fields = json.loads(await request.text())
        except ValueError:
            fields = {}
        token = request.match_info["token"]
        call = self.core.host.recording.add(self.core.space.now(), "slack", "in", "response_url", fields)
        known = self.core.triggers.urls.get(token)

        def answer() -> Json:
            try:
                findings = judge.call("response_url", fields) if self.core.judging else judge.Findings()
                call.problems += findings.all
                if findings.refused:
                    raise SlackError("invalid_blocks", *findings.refused)
                self.apply(self.core.triggers.answering(token), fields)
            except SlackError as error:
                return error.answer
            return {"ok": True}

        response = await under_faults(self.core, request, call, known.channel if known else None, answer)
        if call.status == 200 and isinstance(call.answer, dict) and not call.answer.get("ok"):
            call.status = 404  # the real one answers with a status here
            return web.json_response(call.answer, status=404)
        return response

    def apply(self, url: ResponseUrl, fields: Json) -> Message | None:
        """Do what the answer says: replace or delete the message it is about, or say something new."""
        about = url.message
        if fields.get("delete_original"):
            if about is not None and not about.deleted:
                self.core.delete(about)
            return None
        text, blocks = content(fields)
        if fields.get("replace_original") and about is not None and not about.deleted:
            self.core.edit(about, self.core.space.bot.id, text, fields.get("blocks"))
            return about
        channel = self.core.space.channels[url.channel]
        thread = fields.get("thread_ts") or (url.thread_ts if about is not None else None)
        if fields.get("response_type") == "in_channel":
            said = self.core.post(channel, self.core.space.bot.id, text, blocks, thread_ts=thread)
        else:
            said = self.core.whisper(channel, url.user, text, blocks, thread)
        if about is None:
            url.message = said  # a later answer to a command may replace this one
        return said
