"""Notices about messages themselves, and how an operator is told that one is not sent again."""

from menus.wording import N_

NOTICES = {
    "message_incomplete": N_(
        "Maaf, SMS Bpk/Ibu belum lengkap kami terima. Mohon kirim sekali lagi, lebih pendek."
    ),
}

REFUSALS = {
    "no_message": N_("Tidak ada SMS {message}."),
    "not_dead": N_("SMS {message} {state}, jadi tidak perlu dikirim lagi."),
    "maybe_arrived": N_("SMS {message} mungkin sudah sampai."),
}
