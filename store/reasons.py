"""Why somebody said no, complained or reported, in their own words."""

from store import gsm7, limits, sealing


def clean_reason(text: str) -> str:
    """The reason as it is kept and shown: basic GSM-7, on one line, cut to 40 characters,
    without what can be a PIN or a code, because an agent may be used to writing their PIN last."""
    return sealing.without_pins(gsm7.one_line(text))[: limits.REASON]
