"""The GSM 7-bit default alphabet, an octet a septet, as SMSCs pass it on.

Source: 3GPP TS 23.038, 6.2.1 and its extension table.
"""

_ALPHABET = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_ESCAPE = 0x1B
_EXTENSION = {
    **{0x0A: "\f", 0x14: "^", 0x28: "{", 0x29: "}", 0x2F: "\\", 0x3C: "["},
    **{0x3D: "~", 0x3E: "]", 0x40: "|", 0x65: "€"},
}


def decode(octets: bytes) -> str:
    r"""The text. An octet that the alphabet does not have is U+FFFD, and an escape before a letter
    that the extension does not have is a space.

    >>> decode(b"Caf\x05 \x1be1\xff")
    'Café €1\ufffd'
    """
    text, escaped = [], False
    for octet in octets:
        if escaped:
            escaped = False
            if octet in _EXTENSION:
                text.append(_EXTENSION[octet])
                continue
            text.append(" ")
        if octet == _ESCAPE:
            escaped = True
        else:
            text.append(_ALPHABET[octet] if octet < len(_ALPHABET) else "\ufffd")
    return "".join(text)
