"""Notices about complaints and their rulings, and how the shop says no there."""

from menus.wording import N_

NOTICES = {
    "order_complaint": N_(
        "Keluhan Pesanan {number}: {complaint}. Setuju uang kembali? Balas YA {number}. Tidak?"
        " Balas TIDAK {number} alasan"
    ),
    "order_complaint_unpaid": N_(
        "Keluhan Pesanan {number}: {complaint}. Uang belum dibayar. Setuju pesanan ditutup? Balas"
        " YA {number}. Tidak? Balas TIDAK {number} alasan"
    ),
    "order_no_code": N_(
        "Pesanan {number}: kata penjual barang sudah diserahkan. Benar? Balas YA {number}. Tidak?"
        " Balas TIDAK {number} alasan"
    ),
    "order_found_bad": N_(
        "Pesanan {number} diperiksa KIM: {complaint}. Uang ditahan, penjual kami tanya. Untuk tetap"
        " menerimanya balas TERIMA {number}"
    ),
    "order_to_rule": N_(
        "Keluhan Pesanan {number}: {complaint}. Mohon tanya {buyer_phone}, {seller_phone}, lalu"
        " ketik PUTUS {number} dan persen untuk pembeli"
    ),
    "order_to_second": N_(
        "Pesanan {number}: usul {percent} persen dari {paid} untuk pembeli. Mohon tanya"
        " {buyer_phone}, {seller_phone}, lalu ketik PUTUS {number} persen"
    ),
    "order_ruled": N_(
        "Keluhan Pesanan {number} diputus: {percent} persen untuk pembeli, {amount} dari {paid}."
        " Untuk rinciannya ketik CEK {number}"
    ),
    "order_ruled_unpaid": N_(
        "Keluhan Pesanan {number} selesai, pesanan ditutup. Tidak ada uang yang perlu dikembalikan."
        " Terima kasih."
    ),
    "order_withdrawn": N_("Keluhan Pesanan {number} dicabut, pesanan selesai. Terima kasih."),
    "order_owing": N_(
        "Pesanan {number}: menurut putusan mohon bawa {owed} ke petugas KIM untuk pembeli. Petugas"
        " mencatatnya dengan TITIP {number}"
    ),
    "order_unpaid": N_(
        "Pesanan {number}: {seller} {seller_phone} belum membawa {owed} untuk pembeli. Mohon"
        " ditindaklanjuti."
    ),
    "order_repaid": N_(
        "Pesanan {number}: uang untuk pembeli sudah Bpk/Ibu bawa ke KIM. Terima kasih."
    ),
}

REFUSALS = {
    "too_late": N_(
        "Maaf, Pesanan {number} sudah lama selesai. Untuk melaporkan penipuan ketik LAPOR nomor-hp"
        " alasan"
    ),
    "complained": N_("Keluhan Pesanan {number} sudah pernah ada. Mohon ketik CEK {number}"),
    "no_dispute": N_("Tidak ada keluhan tentang Pesanan {number}. Mohon periksa nomornya."),
    "not_accused": N_(
        "Keluhan Pesanan {number} dari Bpk/Ibu sendiri. Untuk mencabutnya ketik TERIMA {number}"
    ),
    "not_opener": N_(
        "Keluhan Pesanan {number} bukan dari Bpk/Ibu. Untuk menjawab ketik YA {number} atau"
        " TIDAK {number} alasan"
    ),
    "no_withdrawal": N_(
        "Keluhan Pesanan {number} tidak bisa dicabut penjual. Mohon tunggu jawaban pembeli, atau"
        " putusan petugas."
    ),
    "custodian": N_(
        "Maaf, Bpk/Ibu memegang uang Pesanan {number}, jadi tidak boleh memutus. Mohon tunggu"
        " petugas lain."
    ),
    "bad_percent": N_(
        "Pesanan {number}: persen untuk pembeli dari 0 sampai 100. Mohon ketik PUTUS {number} 50"
    ),
    "two_agents": N_("Putusan Pesanan {number} perlu dua petugas. Mohon ketik PUTUS {number}"),
    "one_agent": N_("Putusan Pesanan {number} cukup satu petugas. Mohon ketik PUTUS {number}"),
    "other_judge": N_("Keluhan Pesanan {number} sedang diperiksa petugas lain. Terima kasih."),
    "same_agent": N_("Putusan Pesanan {number} perlu orang kedua, sudah kami minta. Terima kasih."),
    "bad_repayment": N_(
        "Pesanan {number}: yang dibawa penjual harus {owed}. Mohon ketik TITIP {number} {owed}"
    ),
}
