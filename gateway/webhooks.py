"""The addresses that providers call: `/hooks/<provider>/<token>/…`.

What must stay true: `200` only once what came is safe on disk, `400` for a body that can never be
valid, `503` when it cannot be kept just now, `404` for a wrong token; a hop is always answered,
with text a phone can show.
"""

import hmac
import logging
import re
from collections.abc import Mapping
from urllib.parse import parse_qsl

from flask import Blueprint, Response, abort, request
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from gateway import json_fields
from gateway.desk import Desk
from gateway.providers import BadRequest, Fields, Provider
from store.errors import Unavailable, traced
from store.shop import Shop

_log = logging.getLogger(__name__)

_ADDRESS = re.compile(r"(/hooks/[^/\s]+/)[^/\s]+")


def without_tokens(record: logging.LogRecord) -> bool:
    """A filter for access logs: takes the tokens out of the addresses in a record."""
    if isinstance(record.args, tuple):
        record.args = tuple(
            _ADDRESS.sub(r"\1…", value) if isinstance(value, str) else value
            for value in record.args
        )
    return True


def blueprint(shop: Shop, desk: Desk, providers: Mapping[str, Provider]) -> Blueprint:
    """The hooks of these providers."""
    hooks = Blueprint("hooks", __name__)

    @hooks.route("/hooks/<name>/<token>/<what>", methods=("GET", "POST"))
    def hook(name: str, token: str, what: str) -> Response:
        provider = providers.get(name)
        if provider is not None and request.method not in provider.methods:
            raise MethodNotAllowed(provider.methods)
        if provider is None or not _is_known(token) or what not in provider.readers:
            abort(404)
        try:
            answer = desk.take(provider.readers[what](_fields(provider)))
            return _text(200, answer or provider.thanks)
        except HTTPException:
            raise  # a body that is too long
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


def _fields(provider: Provider) -> Fields:
    """The fields of the query and of the body, which count. Raises BadRequest."""
    if request.mimetype == "application/json":
        return {**request.args, **json_fields.read(request.get_data())}
    if provider.charset == "utf-8" and request.method == "POST" and not request.query_string:
        return request.form
    body = request.get_data() if request.mimetype == "application/x-www-form-urlencoded" else b""
    return dict(
        pair
        for part in (request.query_string, body)
        for pair in parse_qsl(
            part.decode("latin-1"), keep_blank_values=True, encoding=provider.charset
        )
    )


def _text(status: int, body: str) -> Response:
    return Response(body, status, content_type="text/plain; charset=utf-8")
