"""Notices about the money that agents hold, and how the shop says no to moving it."""

from menus.wording import N_

NOTICES = {
    "order_receipt": N_(
        "Pesanan {number}: {held} dipegang KIM {agent} {agent_phone}, untuk penjual setelah barang"
        " Bpk/Ibu terima. Mohon simpan SMS ini."
    ),
    "order_held": N_(
        "Pesanan {number}: {held} sudah dititip di KIM {agent}. Mohon SMS KIRIM {number}"
        " paling lambat {day}, saat serah SERAH {number} kode"
    ),
    "order_held_service": N_(
        "Pesanan {number}: {held} sudah dititip di KIM {agent}. Mohon selesai {day}. Saat mulai"
        " SMS KIRIM {number}, selesai: SERAH {number} kode"
    ),
    "order_unheld": N_(
        "Maaf, catatan titipan Pesanan {number} dibatalkan kantor karena keliru. Mohon cek di KIM,"
        " atau ketik CEK {number}"
    ),
    "order_kept": N_(
        "Titipan Pesanan {number} kini dipegang KIM {agent} {agent_phone}. Mohon simpan SMS ini."
    ),
    "order_moved": N_(
        "Uang Pesanan {number} kini ada di KIM {agent} {agent_phone}. Mohon ambil di sana, kodenya"
        " tetap sama."
    ),
    "order_payout_seller": N_(
        "Uang Pesanan {number}, {amount}, bisa diambil di KIM {agent} {agent_phone}. Kode ambil"
        " {code}, berikan setelah uang diterima."
    ),
    "order_payout_buyer": N_(
        "Uang kembali Pesanan {number}, {amount}, ada di KIM {agent} {agent_phone}. Kode ambil"
        " {code}, berikan setelah uang diterima."
    ),
    "order_payout_courier": N_(
        "Upah Pesanan {number}, {amount}, bisa diambil di KIM {agent} {agent_phone}. Kode ambil"
        " {code}, berikan setelah uang diterima."
    ),
    "order_paid": N_(
        "Pesanan {number}: {amount} sudah Bpk/Ibu terima dari KIM {agent}. Terima kasih. Bila"
        " belum, ketik LAPOR {agent_phone} belum dibayar"
    ),
    "order_seller_frozen": N_(
        "Akun penjual Pesanan {number} dihentikan. Uang Bpk/Ibu aman di KIM {agent}. Untuk meminta"
        " kembali balas BATAL {number}"
    ),
    "cash_offered": N_(
        "{agent} menyetor {amount} untuk {count} pesanan. Bila uangnya sudah Bpk/Ibu terima, mohon"
        " balas YA {code}. Bila belum, TIDAK SETOR"
    ),
    "cash_taken": N_("{name} sudah menerima {amount} dari Bpk/Ibu. Terima kasih."),
    "cash_yours": N_("{amount} dari {agent} kini tercatat pada Bpk/Ibu. Terima kasih."),
    "cash_refused": N_(
        "{amount} belum diterima {name}, jadi tetap tercatat pada Bpk/Ibu. Mohon hubungi {name}."
    ),
}

REFUSALS = {
    "conflict": N_(
        "Maaf, Pesanan {number} ada sangkut paut dengan Bpk/Ibu. Mohon serahkan ke petugas lain."
    ),
    "bad_amount": N_(
        "Pesanan {number}: titipan antara {deposit} dan {total}. Mohon ketik TITIP {number} jumlah"
    ),
    "not_all": N_(
        "Pesanan {number}: titipannya {total}, semuanya. Mohon periksa uangnya, lalu ketik"
        " TITIP {number} {total}"
    ),
    "over_agent_cap": N_(
        "Maaf, batas uang titipan hanya sisa {cap}. Mohon setor dulu: ketik SETOR jumlah nomor-hp"
    ),
    "handed_on": N_(
        "Uang Pesanan {number} sudah disetor ke {name}. Mohon disetor kembali dulu, lalu ulangi."
    ),
    "no_payout": N_(
        "Maaf, tidak ada uang Pesanan {number} yang bisa diambil. Mohon ketik CEK {number}"
    ),
    "is_refund": N_(
        "Uang Pesanan {number} untuk pembeli. Mohon pilih Uang kembali, atau ketik KEMBALI {number}"
        " dan kodenya."
    ),
    "is_payout": N_(
        "Uang Pesanan {number} untuk penjual. Mohon pilih Bayar penjual, atau ketik BAYAR {number}"
        " dan kodenya."
    ),
    "other_agent": N_("Uang Pesanan {number} ada di KIM {agent}. Mohon arahkan ke sana."),
    "payee_frozen": N_(
        "Maaf, akun penerima uang Pesanan {number} sedang dihentikan. Mohon hubungi kantor."
    ),
    "bad_payout_code": N_("Kode ambil Pesanan {number} salah ketik. Mohon periksa, lalu ulangi."),
    "wrong_payout_code": N_(
        "Kode ambil Pesanan {number} tidak cocok, sisa {left} kali. Mohon tanya lagi penerimanya,"
        " lalu ulangi."
    ),
    "no_payout_tries": N_(
        "Kode ambil Pesanan {number} terlalu sering salah. Mohon minta penerima ketik CEK {number}"
        " untuk kode baru."
    ),
    "no_agent_there": N_(
        "{name} bukan petugas KIM. Mohon periksa nomornya, lalu ulangi SETOR jumlah nomor-hp"
    ),
    "taker_full": N_(
        "{name} hanya bisa menerima {cap} lagi. Mohon kurangi jumlahnya, atau setor ke petugas"
        " lain."
    ),
    "other_amount": N_(
        "Jumlah itu tidak pas dengan uang pesanan. Yang pas {amount}. Mohon ketik SETOR jumlah"
        " nomor-hp"
    ),
    "cash_changed": N_(
        "Uang pada {agent} sudah berubah. Mohon minta {agent} mengirim SETOR sekali lagi."
    ),
    "no_remittance": N_("Tidak ada setoran untuk Bpk/Ibu. Mohon tanya pengirimnya."),
    "holds_cash": N_("{name} masih memegang {amount} milik orang lain. Mohon disetor dulu."),
}
