"""How the environment's texts become values; a wrong one raises ValueError."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Annotated
from urllib.parse import SplitResult, urlsplit
from zoneinfo import ZoneInfo

import phonenumbers
from pydantic import BeforeValidator

HTTP_TEMPLATES = ("kannel", "jasmin", "generic")
"""Gateways that the `http` provider comes with a template for."""
_UNITS = {"s": "seconds", "m": "minutes", "h": "hours", "d": "days"}


def duration(value: object) -> object:
    if isinstance(value, str):
        match = re.fullmatch(r"([1-9][0-9]{0,5})([smhd])", value.strip())
        if not match:
            raise ValueError("not a duration")
        return timedelta(**{_UNITS[match[2]]: int(match[1])})
    return value


def comma_separated(value: object) -> object:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(",") if part.strip())
    return value


def providers(value: tuple[str, ...]) -> tuple[str, ...]:
    wrong = [name for name in value if not re.fullmatch(r"[a-z][a-z0-9_]{1,30}", name)]
    if not value or wrong or len(set(value)) != len(value):
        raise ValueError("not providers")
    return value


def tokens(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(not re.fullmatch(r"[A-Za-z0-9_-]{22,200}", token) for token in value):
        raise ValueError("not a token")
    return value


def time_zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (KeyError, OSError):
        raise ValueError("not a time zone") from None
    return value


def sqlite_url(value: str | None) -> str | None:
    if value is not None and (not value.startswith("sqlite:///") or len(value) <= 10):
        raise ValueError("not a database address")
    return value


def redis_url(value: str | None) -> str | None:
    if value is not None and _split(value).scheme not in ("redis", "rediss", "unix"):
        raise ValueError("not a Redis address")
    return value


def http_url(value: str | None) -> str | None:
    if value is not None and (
        _split(value).scheme not in ("http", "https") or not _split(value).hostname
    ):
        raise ValueError("not an http address")
    return value


def http_template(value: str) -> str:
    if value not in HTTP_TEMPLATES and not Path(value).is_file():
        raise ValueError("not a template")
    return value


def _split(address: str) -> SplitResult:
    """The parts of an address. Raises ValueError, also for a port that cannot be."""
    parts = urlsplit(address)
    _ = parts.port
    return parts


def key(value: str | None) -> str | None:
    if value is not None and len(value) < 32:
        raise ValueError("too short")
    return value


def quiet_hours(value: object) -> object:
    if isinstance(value, str):
        if value.strip() == "none":
            return None
        match = re.fullmatch(r"(\d{1,2})-(\d{1,2})", value.strip())
        if not match or int(match[1]) > 23 or int(match[2]) > 23 or match[1] == match[2]:
            raise ValueError("not two hours")
        return int(match[1]), int(match[2])
    return value


def rates(value: object) -> object:
    if isinstance(value, str):
        rates = {}
        for part in value.split(","):
            match = re.fullmatch(r"([a-z][a-z0-9_]*):(\d{1,5}(?:\.\d{1,3})?)", part.strip())
            if not match or float(match[2]) <= 0:
                raise ValueError("not a rate")
            rates[match[1]] = float(match[2])
        return tuple(rates.items())
    return value


def countries(value: tuple[str, ...]) -> tuple[str, ...]:
    if any(not phonenumbers.country_code_for_region(country) for country in value):
        raise ValueError("not countries")
    return value


def number(value: object) -> object:
    """A whole number as people write it, 0x… too."""
    return int(value, 0) if isinstance(value, str) else value


Duration = Annotated[timedelta, BeforeValidator(duration)]
Strings = Annotated[tuple[str, ...], BeforeValidator(comma_separated)]
QuietHours = Annotated[tuple[int, int] | None, BeforeValidator(quiet_hours)]
Rates = Annotated[tuple[tuple[str, float], ...], BeforeValidator(rates)]
