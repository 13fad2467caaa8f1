"""Notices about people (their groups, agents, PINs), and how the shop says no to them."""

from menus.wording import N_

NOTICES = {
    "proxy_asked": N_("KIM {agent} mewakili Bpk/Ibu: {command}. Setuju? Mohon balas YA atau TIDAK"),
    "proxy_register": N_(
        "KIM {agent}: {name}, {village}. Nama, desa, nomor HP disimpan untuk jual beli."
        " Setuju? Balas YA atau TIDAK"
    ),
    "proxy_answered": N_("{phone} setuju dengan {command}. Jawabannya kami kirim ke sana."),
    "proxy_declined": N_("{phone} tidak setuju dengan {command}. Mohon tanyakan."),
    "group_asked": N_(
        "{name} {phone} mengajak Bpk/Ibu ikut menjawab pesanan jualannya."
        " Mohon balas YA KELOMPOK atau TIDAK KELOMPOK"
    ),
    "group_joined": N_(
        "{name} {phone} kini ikut menjawab pesanan Bpk/Ibu."
        " Untuk mengeluarkannya ketik KELOMPOK {phone} HAPUS"
    ),
    "group_left": N_(
        "{name} keluar dari kelompok Bpk/Ibu. Untuk melihat anggotanya ketik KELOMPOK"
    ),
    "group_removed": N_(
        "Bpk/Ibu tidak lagi ikut menjawab pesanan {name}. Terima kasih atas bantuannya."
    ),
    "vouched": N_(
        "Bpk/Ibu kini dikenal petugas KIM {agent}, dan boleh memesan sampai {cap}. Terima kasih."
    ),
    "reported": N_(
        "Laporan tentang {name} {phone}: {why}. Mohon diperiksa. Untuk menghentikannya ketik BEKU"
    ),
    "frozen": N_(
        "Mohon maaf, akun Bpk/Ibu dihentikan sementara: {why}. Untuk bertanya mohon hubungi petugas"
        " KIM di desa."
    ),
    "thawed": N_("Akun Bpk/Ibu {name} sudah dibuka lagi. Silakan berjual beli. Terima kasih."),
}

REFUSALS = {
    "bad_name": N_("Nama belum jelas. Mohon ketik nama, 2 sampai 24 huruf."),
    "nobody": N_("Maaf, {phone} belum terdaftar. Mohon periksa nomornya."),
    "own_number": N_("Maaf, itu nomor Bpk/Ibu sendiri. Mohon periksa nomornya."),
    "other_village": N_(
        "Maaf, {name} terdaftar di desa {village}. Mohon periksa desanya, lalu ulangi."
    ),
    "frozen": N_(
        "Maaf, akun Bpk/Ibu sedang dihentikan. Mohon hubungi petugas KIM di desa Bpk/Ibu."
    ),
    "is_frozen": N_("Akun {name} sudah dihentikan. Mohon hubungi kantor."),
    "not_frozen": N_("Akun {name} tidak dihentikan."),
    "no_reason": N_("Mohon tulis alasannya, misalnya: barang tidak dikirim."),
    "too_many_reports": N_("Laporan Bpk/Ibu hari ini sudah kami terima. Mohon lanjutkan besok."),
    "not_agent": N_("Maaf, itu hanya untuk petugas KIM. Untuk bantuan ketik BANTU"),
    "no_proxy": N_(
        "Maaf, {keyword} tidak bisa diwakili. Mohon ketik misalnya WAKIL nomor-hp DAFTAR nama#desa"
    ),
    "is_member": N_("{name} sudah di kelompok Bpk/Ibu. Untuk melihat anggotanya ketik KELOMPOK"),
    "not_member": N_(
        "Maaf, {name} bukan anggota kelompok Bpk/Ibu. Untuk melihat anggotanya ketik KELOMPOK"
    ),
    "group_full": N_("Maaf, kelompok {name} sudah penuh, paling banyak {most} anggota."),
    "not_invited": N_("Maaf, ajakan itu sudah lewat. Mohon minta diajak lagi."),
    "no_group": N_("Bpk/Ibu tidak ikut kelompok siapa pun. Untuk bantuan ketik BANTU KELOMPOK"),
    "wrong_too_often": N_(
        "Maaf, nomor konfirmasi terlalu sering salah. Mohon hubungi {service_code} dan pakai menu,"
        " atau kabari kantor."
    ),
    "asked_too_often": N_(
        "Maaf, terlalu sering. Mohon tunggu 1 jam, lalu ulangi. Bila bukan Bpk/Ibu yang meminta,"
        " mohon kabari kantor."
    ),
    "wrong_number": N_("Nomor itu tidak cocok, sisa {left} kali. Mohon periksa SMS terakhir kami."),
    "no_numbers": N_(
        "Nomornya 3 kali tidak cocok, jadi dibatalkan. Mohon ulangi dari awal. Bila bukan Bpk/Ibu"
        " yang meminta, mohon kabari kantor."
    ),
    "no_pin": N_("Bpk/Ibu belum punya PIN. Mohon buat dulu: hubungi {service_code}, Akun, PIN."),
    "bad_pin": N_("PIN belum jelas. Mohon ketik 4 sampai 6 angka."),
    "weak_pin": N_("PIN itu mudah ditebak. Mohon pilih angka lain."),
    "old_pin": N_("Mohon sertakan PIN lama: PIN baru#lama. Lebih aman lewat menu Akun, PIN."),
    "wrong_pin": N_("PIN tidak cocok, sisa {left} kali. Mohon ulangi."),
    "pin_locked": N_(
        "PIN salah 3 kali, jadi dikunci sampai {day} pukul {time}. Mohon coba lagi setelah itu."
    ),
    "pins_busy": N_("Maaf, PIN sedang tidak bisa diperiksa. Mohon coba lagi 10 menit lagi."),
    "open_order": N_(
        "Maaf, Pesanan {number} belum selesai. Mohon selesaikan dulu, lalu ulangi HAPUS"
    ),
    "money_open": N_(
        "Uang Pesanan {number} belum selesai. Mohon diambil atau dibawa dulu, lalu ulangi HAPUS"
    ),
    "agent_stays": N_("Maaf, petugas KIM belum bisa dihapus. Mohon hubungi kantor."),
}
