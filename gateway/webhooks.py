"""The addresses that providers call: `/hooks/<provider>/<token>/…`.

What must stay true: `200` only once what came is safe on disk, `400` for a body that can never be
valid, `503` when it cannot be kept just now, `404` for a wrong token; a hop is always answered,
with text a phone can show.
"""

import hmac
import logging
import re
from collections.abc import Callable, Mapping

from flask import Blueprint, Response, abort, request

from gateway.providers import BadRequest, Provider
from menus import engine
from menus.wording import Wording
from store import inbox, outbox, people, sessions
from store.errors import Unavailable, traced
from store.shop import Shop

_log = logging.getLogger(__name__)

Handle = Callable[[Provider, Mapping[str, str]], str]


_ADDRESS = re.compile(r"(/hooks/[^/\s]+/)[^/\s]+")


def without_tokens(record: logging.LogRecord) -> bool:
    """A filter for access logs: takes the tokens out of the addresses in a record."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _ADDRESS.sub(r"\1…", value) if isinstance(value, str) else value
            for value in record.args
        )
    return True


def blueprint(shop: Shop, wording: Wording, providers: Mapping[str, Provider]) -> Blueprint:
    """The hooks of these providers."""
    hooks = Blueprint("hooks", __name__)

    def hop(provider: Provider, form: Mapping[str, str]) -> str:
        return engine.answer(shop, wording, provider.hop(form))

    def sms(provider: Provider, form: Mapping[str, str]) -> str:
        received = provider.received(form)
        with shop.write() as tx:
            inbox.keep(tx, received)
        return "OK"

    def delivery(provider: Provider, form: Mapping[str, str]) -> str:
        report = provider.delivery_report(form)
        with shop.write() as tx:
            outbox.report(tx, provider.name, report.external_id, report.status, report.outcome,
                          msisdn=report.msisdn, reason=report.reason)  # fmt: skip
        return "OK"

    def session(provider: Provider, form: Mapping[str, str]) -> str:
        session_id = provider.ended_session(form)
        with shop.write(durable=False) as tx:
            sessions.end(tx, provider.name, session_id)
        return "OK"

    def optout(provider: Provider, form: Mapping[str, str]) -> str:
        msisdn = provider.opted_out(form)
        with shop.write() as tx:
            people.stop_broadcasts(tx, msisdn, stopped=True)
        return "OK"

    handles: dict[str, Handle] = {
        "ussd": hop,
        "sms": sms,
        "delivery": delivery,
        "session": session,
        "optout": optout,
    }

    @hooks.post("/hooks/<name>/<token>/<what>")
    def hook(name: str, token: str, what: str) -> Response:
        provider, handle = providers.get(name), handles.get(what)
        if not _is_known(token) or provider is None or handle is None:
            abort(404)
        form = request.form
        try:
            return _text(200, handle(provider, form))
        except BadRequest as error:
            return _text(400, str(error))
        except Unavailable as error:
            _log.warning("%s from %s not kept: %s", what, name, error)
            return _text(503, "cannot be stored now, please send it again")
        except Exception as error:  # told here, as Flask would log the address with its token
            _log.error("%s from %s not kept\n%s", what, name, traced(error))
            return _text(500, "cannot be stored, please send it again")

    def _is_known(token: str) -> bool:
        # Each comparison takes the same time, so that a token cannot be found letter by letter.
        matches = [
            hmac.compare_digest(token.encode(), known.encode())
            for known in shop.settings.hook_tokens
        ]
        return any(matches)

    return hooks


def _text(status: int, body: str) -> Response:
    return Response(body, status, content_type="text/plain; charset=utf-8")
