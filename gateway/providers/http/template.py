"""What a gateway's HTTP looks like, as data: one TOML file a gateway, checked when it is read.

A file says how to send (`[send]`), what each answer means (`[[answers]]`, the first that fits),
and what the callbacks bring (`[sms]`, `[report]`) and want to hear (`thanks`). The files in
`templates` are examples of all of it.
"""

import re
from typing import Annotated, Any, Literal

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    JsonValue,
    model_validator,
)

from gateway.providers.http.placeholders import PLACEHOLDERS, placeholders


def _placed(value: JsonValue) -> JsonValue:
    for name in placeholders(value):
        if name not in PLACEHOLDERS:
            raise ValueError(f"{{{name}}} is no placeholder; allowed: {', '.join(PLACEHOLDERS)}")
    return value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"no regular expression: {error}") from None
    return value


def _some(value: tuple[Any, ...]) -> tuple[Any, ...]:
    if not value:
        raise ValueError("at least one is needed")
    return value


def _codec(value: str) -> str:
    if value not in ("gsm", "ascii", "utf-8", "utf-16-be", "latin-1"):
        raise ValueError("allowed: gsm, ascii, utf-8, utf-16-be, latin-1")
    return value


def _lower(value: object) -> object:
    """A table whose keys are looked up in any case."""
    return {str(k).lower(): v for k, v in value.items()} if isinstance(value, dict) else value


Placed = Annotated[str, AfterValidator(_placed)]
PlacedJson = Annotated[JsonValue, AfterValidator(_placed)]
State = Literal["accepted", "refused", "failed", "unknown"]
Link = Literal["works", "busy", "down"]
Pattern = Annotated[str, AfterValidator(_pattern)]


class _Table(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class More(_Table):
    """What one of the two ways of writing a text adds to a call."""

    query: dict[str, Placed] = {}
    headers: dict[str, Placed] = {}
    fields: dict[str, PlacedJson] = {}


class Send(_Table):
    """The call that sends one SMS."""

    method: Literal["GET", "POST"] = "POST"
    body: Literal["none", "form", "json", "text"]
    """What is in it: nothing, `fields` as a form or as JSON, or the text alone, in UTF-8."""
    reports_name: Literal["answer", "reference"]
    """What delivery reports call the message: the id in the answer, or our reference."""
    query: dict[str, Placed] = {}
    headers: dict[str, Placed] = {}
    fields: dict[str, PlacedJson] = {}
    gsm: More = More()
    """For texts that the GSM alphabet can carry; `ucs2`: for the others."""
    ucs2: More = More()

    @model_validator(mode="after")
    def _fits(self) -> "Send":
        fields = [self.fields, self.gsm.fields, self.ucs2.fields]
        if self.body in ("none", "text") and any(fields):
            raise ValueError(f"body: {self.body} has no fields; allowed: form or json")
        if self.body == "form" and not all(
            isinstance(value, str) for table in fields for value in table.values()
        ):
            raise ValueError("fields: of a form are texts")
        if self.method == "GET" and self.body != "none":
            raise ValueError('body: of GET; allowed: "none"')
        return self


class Answer(_Table):
    """What one kind of answer means. It fits when all that it names does."""

    status: tuple[int, ...] = ()
    """HTTP statuses; any when there are none."""
    body: Pattern | None = None
    """Found in the body; its groups `id` and `reason` say where those are."""
    where: dict[str, Pattern] = {}
    """Paths into a JSON body (`messages.0.status`) and what is found there."""
    id: str | None = None
    """The path of the message's id in a JSON body; `reason`: of what was wrong."""
    reason: str | None = None
    state: State
    link: Link = "works"

    @property
    def tells_id(self) -> bool:
        """Whether the message's id is in such an answer."""
        return self.id is not None or "(?P<id>" in (self.body or "")


class Sms(_Table):
    """The fields of the callback that brings an SMS."""

    id: str
    sender: str
    text: str
    text_is: Literal["text", "bytes", "hex"] = "text"
    """Characters in UTF-8, or the octets of the SMS as they are or in hexadecimal digits."""
    coding: str | None = None
    codings: Annotated[dict[str, Annotated[str, AfterValidator(_codec)]], BeforeValidator(_lower)]
    """What the field `coding` says, in any case, and how the octets are to be read then; `""` for
    all others."""
    time: str | None = None
    time_is: str = "iso"
    """`iso`, `unix`, or a format for strptime; without a zone it is UTC."""
    udh: str | None = None
    """The user data header, written like the octets of the text: it says which part of a long
    message this is. Or the three fields that do."""
    part_reference: str | None = None
    part_number: str | None = None
    part_total: str | None = None

    @model_validator(mode="before")
    @classmethod
    def _default(cls, data: Any) -> Any:
        return {"codings": {"": "utf-8"}, **data} if isinstance(data, dict) else data

    @model_validator(mode="after")
    def _fits(self) -> "Sms":
        if self.text_is != "text" and "" not in self.codings:
            raise ValueError('codings: "" is missing, for messages that say no coding')
        return self


class Report(_Table):
    """The fields of the callback that says what became of a message."""

    id: str
    status: str
    phone: str | None = None
    reason: str | None = None
    words: Annotated[
        dict[str, Literal["passing", "delivered", "undelivered"]], BeforeValidator(_lower)
    ]
    """What the status says, in any case, `*` for any letters; one not listed is passing."""


class Template(_Table):
    """All of it."""

    about: str
    send: Send
    answers: Annotated[tuple[Answer, ...], AfterValidator(_some)]
    thanks: str
    """What the gateway must hear for a callback that was taken."""
    methods: Annotated[tuple[Literal["GET", "POST"], ...], AfterValidator(_some)]
    """How it calls us."""
    sms: Sms | None = None
    report: Report | None = None

    @model_validator(mode="after")
    def _fits(self) -> "Template":
        if self.report and self.send.reports_name == "answer":
            for number, answer in enumerate(self.answers):
                if answer.state == "accepted" and not answer.tells_id:
                    raise ValueError(
                        f"answers.{number}: id, or a group (?P<id>…) in body, is missing: reports"
                        " name it"
                    )
        return self

    def placeholders(self) -> set[str]:
        """All that it asks for."""
        sends = (self.send, self.send.gsm, self.send.ucs2)
        return {
            name
            for each in sends
            for table in (each.query, each.headers, each.fields)
            for name in placeholders(dict(table))
        } | ({"text"} if self.send.body == "text" else set())
