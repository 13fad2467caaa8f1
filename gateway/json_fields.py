"""A callback's JSON body as fields, like those of a form."""

import json
from collections.abc import Iterator

from gateway.providers import BadRequest


def read(body: bytes) -> dict[str, str]:
    """The values by their paths: `{"a": [{"b": 1}]}` has the field `a.0.b`. Raises BadRequest.

    A list of several objects is several events, of which the others would be lost.

    >>> read(b'{"id": 17, "sms": {"text": "YA", "long": false, "udh": null}}')
    {'id': '17', 'sms.text': 'YA', 'sms.long': 'false'}
    """
    try:
        parsed = json.loads(body)
    except (ValueError, RecursionError):
        raise BadRequest("body: not JSON") from None
    if not isinstance(parsed, dict | list):
        raise BadRequest("body: not a JSON object")
    return dict(_values("", parsed))


def _values(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _values(f"{path}.{name}" if path else str(name), inner)
    elif isinstance(value, list):
        if len(value) > 1 and any(isinstance(inner, dict | list) for inner in value):
            raise BadRequest(f"{path or 'body'}: more than one in a call")
        for index, inner in enumerate(value):
            yield from _values(f"{path}.{index}" if path else str(index), inner)
    elif isinstance(value, str):
        yield path, value
    elif value is not None:
        yield path, json.dumps(value)
