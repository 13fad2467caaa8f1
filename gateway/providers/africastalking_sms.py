"""Africa's Talking's SMS out, through its SDK.

Sending has no idempotency key: when an answer is lost, the outcome is unknown.
"""

import logging
import threading
from functools import cache
from typing import Any, Literal

import requests
from africastalking.SMS import SMSService

from settings import Settings
from store.errors import traced
from store.outbox import Outcome

_log = logging.getLogger(__name__)

SENDING: dict[int, Literal["accepted", "refused", "failed"]] = {
    100: "accepted",  # Processed
    101: "accepted",  # Sent
    102: "accepted",  # Queued
    401: "refused",  # RiskHold
    402: "refused",  # InvalidSenderId: an operator puts it right, and the message still leaves
    403: "failed",  # InvalidPhoneNumber
    404: "failed",  # UnsupportedNumberType
    405: "refused",  # InsufficientBalance
    406: "failed",  # UserInBlacklist
    407: "refused",  # CouldNotRoute
    409: "failed",  # DoNotDisturbRejection
    500: "refused",  # InternalServerError, said of one recipient
    501: "refused",  # GatewayError
    502: "failed",  # RejectedByGateway
}
"""A recipient's status code -> what that means for the message; others are unknown."""

HTTP: dict[int, Literal["refused", "failed"]] = {
    400: "failed",
    401: "refused",
    403: "refused",
    404: "refused",
    429: "refused",
    503: "refused",
}
"""An error status of the whole call; others, 500 too, leave open whether the message was taken."""

TIMEOUT = (3.05, 9.05)
"""Seconds to connect, and between two pieces of the answer; as the SDK has them."""

_NEVER_LEFT = (
    requests.ConnectTimeout,
    requests.exceptions.ProxyError,
    requests.exceptions.InvalidURL,
    requests.exceptions.InvalidSchema,
    requests.exceptions.InvalidHeader,
)
_NEVER_CONNECTED = ("NewConnectionError", "NameResolutionError", "SSLCertVerificationError")


def send(settings: Settings, msisdn: str, text: str) -> Outcome:
    """Sends one SMS; takes up to 12 s when the provider hangs. Raises nothing."""
    try:
        answer = _service(settings).send(
            text, [msisdn], sender_id=settings.at_sender, enqueue=True, timeout=TIMEOUT
        )
    except _Status as error:
        return Outcome(
            HTTP.get(error.status, "unknown"), reason=_reason(error), link=_link_of(error.status)
        )
    except requests.RequestException as error:
        state: Literal["refused", "unknown"] = "refused" if _never_left(error) else "unknown"
        return Outcome(state, reason=_reason(error), link="down")
    except Exception as error:  # whatever the SDK does, the message may be on its way
        _log.error("sending through Africa's Talking failed\n%s", traced(error))
        return Outcome("unknown", reason=_reason(error))
    return read_answer(answer)


def _link_of(status: int) -> Literal["works", "busy", "down"]:
    if status == 429:
        return "busy"
    return "down" if status >= 500 or status in (401, 403, 404) else "works"


def fetch(settings: Settings, after: str) -> tuple[list[dict[str, str]], str]:
    """The messages after this id, as forms like those of callbacks, and the id of the last.

    Raises what requests and the SDK raise, and ValueError for an answer that cannot be read.
    """
    answer = _service(settings).fetch_messages(after or "0")
    try:
        found = list(answer["SMSMessageData"]["Messages"])
    except (LookupError, TypeError) as error:
        raise ValueError(f"fetched messages not understood: {str(answer)[:60]}") from error
    messages: dict[int, dict[str, str]] = {}
    for message in found:
        try:
            messages[int(message["id"])] = {
                name: _text(value) for name, value in message.items() if value is not None
            }
        except (LookupError, TypeError, ValueError, AttributeError) as error:
            _log.warning("a fetched message without an id is left out: %s", type(error).__name__)
    if not messages:
        return [], after
    return [messages[number] for number in sorted(messages)], str(max(int(after or 0), *messages))


def _text(value: Any) -> str:
    """As a form says it; half a character, which JSON can hold, is none."""
    return str(value).encode("utf-8", "replace").decode()


def _never_left(error: requests.RequestException) -> bool:
    """Whether the provider cannot have got the message, so that sending it again is safe."""
    causes = repr(error)  # requests wraps what urllib3 wraps
    return isinstance(error, _NEVER_LEFT) or any(name in causes for name in _NEVER_CONNECTED)


@cache
def _service(settings: Settings) -> "_Service":
    return _Service(settings)


def read_answer(answer: Any) -> Outcome:
    """The outcome for the one recipient of a call, from the body of its 2xx answer."""
    try:
        data = answer["SMSMessageData"]
        recipients = data["Recipients"]
        if recipients == []:
            return Outcome("refused", reason=str(data.get("Message", ""))[:100])
        recipient = recipients[0]
        state = SENDING.get(int(recipient["statusCode"]))
        message_id = str(recipient.get("messageId") or "None")
        return Outcome(
            state or "unknown",
            external_id=None if message_id == "None" else message_id,
            cost=str(recipient.get("cost") or "") or None,
            reason=None if state == "accepted" else str(recipient.get("status", ""))[:100],
        )
    except (LookupError, TypeError, ValueError, ArithmeticError, AttributeError):
        return Outcome("unknown", reason=f"answer not understood: {str(answer)[:60]}")


def _reason(error: Exception) -> str:
    return f"{type(error).__name__}: {error}"[:100]


class _Status(Exception):
    """An HTTP error status, which the SDK's own exception does not carry."""

    def __init__(self, status: int, body: str) -> None:
        super().__init__(f"{status} {body[:60]}")
        self.status = status


class _Service(SMSService):
    """The SDK's SMS service with a settable address and one kept-open connection a thread.

    As shipped it opens a new connection for each call (45 SMS a second against 1,228) and loses
    the status of an error.
    """

    def __init__(self, settings: Settings) -> None:
        self._address = settings.at_base_url
        self._local = threading.local()
        super().__init__(settings.at_username, settings.at_api_key)

    def _init_service(self) -> None:
        super()._init_service()
        if self._address:
            self._baseUrl = self._contentUrl = f"{self._address.rstrip('/')}/version1"

    def _make_request(
        self,
        url: str,
        method: str,
        headers: dict[str, str],
        data: Any,
        params: Any,
        callback: Any = None,
        timeout: Any = TIMEOUT,
    ) -> Any:
        session = getattr(self._local, "session", None)
        if session is None:
            session = self._local.session = requests.Session()
        response = session.request(
            method,
            url,
            headers=headers,
            params=params,
            data=data,
            timeout=timeout,
            allow_redirects=False,  # another host would be sent the key
        )
        if not 200 <= response.status_code < 300:
            raise _Status(response.status_code, response.text)
        if response.headers.get("content-type", "").startswith("application/json"):
            return response.json()
        return response.text
