"""What the shop tells people: the notices it sends, and how it says no.

Every one is a single SMS or screen with the longest values; what to do next comes last.
"""

from menus.wording import N_

NOTICES = {
    "order_new": N_(
        "Pesanan {number}: {quantity} {unit} {title}, {total} tunai, ke {village}."
        " Mohon balas YA {number} atau TIDAK {number}"
    ),
    "order_new_service": N_(
        "Pesanan {number}: {quantity} {unit} {title} {total}\n{spec}\nMohon balas YA {number} atau"
        " TIDAK {number}"
    ),
    "order_reminder": N_(
        "Pesanan {number} ({quantity} {unit} {title}) menunggu jawaban Bpk/Ibu."
        " Mohon balas YA {number} atau TIDAK {number}"
    ),
    "order_missed": N_(
        "Pesanan {number} ditutup karena tidak sempat dijawab. Barangnya kembali ke stok."
        " Lain kali mohon balas YA atau TIDAK."
    ),
    "order_missed_service": N_(
        "Pesanan {number} ditutup karena tidak sempat dijawab. Jadwalnya kosong lagi."
        " Lain kali mohon balas YA atau TIDAK."
    ),
    "order_accepted": N_(
        "Pesanan {number} disanggupi {seller} {seller_phone}, dikirim paling lambat {day}."
        " Kode menyusul saat dikirim. Mohon siapkan {total}."
    ),
    "order_accepted_service": N_(
        "Pesanan {number} disanggupi {seller} {seller_phone}, selesai paling lambat {day}."
        " Kode menyusul saat dikerjakan. Mohon siapkan {total}."
    ),
    "order_accepted_deposit": N_(
        "Pesanan {number} disanggupi {seller} {seller_phone}, selesai {day}."
        " Mohon titip uang muka {deposit} ke petugas KIM dulu."
    ),
    "order_rejected": N_(
        "Maaf, Pesanan {number} belum bisa dilayani penjual. Untuk cari yang lain ketik"
        " CARI {title}"
    ),
    "order_rejected_why": N_(
        "Maaf, Pesanan {number} belum bisa dilayani penjual: {why}. Untuk cari yang lain ketik"
        " CARI {title}"
    ),
    "order_expired": N_(
        "Maaf, Pesanan {number} tidak dijawab penjual, jadi ditutup. Untuk cari yang lain ketik"
        " CARI {title}"
    ),
    "order_sent": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Mohon lihat barangnya dulu, baru berikan"
        " kode dan {total} ke {seller}."
    ),
    "order_sent_service": N_(
        "Pesanan {number} mulai dikerjakan: {spec}. Kode serah {code}. Mohon lihat hasilnya dulu,"
        " baru berikan kode dan {total}."
    ),
    "order_late": N_(
        "Maaf, Pesanan {number} ({title}) belum dikirim sampai {day}. Boleh ditunggu."
        " Untuk membatalkan balas BATAL {number}"
    ),
    "order_late_service": N_(
        "Maaf, Pesanan {number} ({title}) belum dikerjakan sampai {day}. Boleh ditunggu."
        " Untuk membatalkan balas BATAL {number}"
    ),
    "order_received": N_(
        "Barang Pesanan {number} sudah diterima pembeli. Terima kasih, Bpk/Ibu {seller}."
    ),
    "order_received_service": N_(
        "Hasil Pesanan {number} sudah diterima pembeli. Terima kasih, Bpk/Ibu {seller}."
    ),
    "order_cancelled": N_(
        "Pesanan {number} ({quantity} {unit} {title}) dibatalkan pembeli."
        " Barangnya kembali ke stok."
    ),
    "order_cancelled_service": N_(
        "Pesanan {number} ({quantity} {unit} {title}) dibatalkan pembeli. Jadwalnya kosong lagi."
    ),
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
    "draft_offer": N_(
        "Pesanan Bpk/Ibu belum selesai: {quantity} {unit} {title}, {total} tunai."
        " Mohon balas YA untuk memesan, TIDAK untuk batal."
    ),
}
"""SMS that nobody asked for just now."""

REFUSALS = {
    "bad_name": N_("Nama belum jelas. Mohon ketik nama, 2 sampai 24 huruf."),
    "bad_title": N_("Nama barang belum jelas. Mohon ketik 2 sampai 24 huruf."),
    "bad_unit": N_("Satuan belum jelas. Mohon ketik paling banyak 12 huruf, misalnya kg."),
    "bad_price": N_("Harga belum jelas. Mohon ketik misalnya 12000 atau 12rb."),
    "bad_stock": N_("Jumlah belum jelas. Mohon ketik angka 1 sampai 9999."),
    "bad_lead": N_("Lamanya belum jelas. Mohon ketik 1 sampai 90 hari, misalnya 7 hari."),
    "bad_deposit": N_("Uang muka belum jelas. Mohon ketik 0 sampai 100 persen, misalnya 50%."),
    "no_spec": N_(
        "Mohon tulis juga pesanannya, 3 sampai 40 huruf: ketik BELI {listing} {quantity} lalu"
        " pesanannya, misalnya ukuran dan tulisannya."
    ),
    "fully_booked": N_(
        "Maaf, jasa {listing} sudah penuh 8 minggu ini. Mohon cari yang lain, atau coba lagi nanti."
    ),
    "is_member": N_("{name} sudah di kelompok Bpk/Ibu. Untuk melihat anggotanya ketik KELOMPOK"),
    "not_member": N_(
        "Maaf, {name} bukan anggota kelompok Bpk/Ibu. Untuk melihat anggotanya ketik KELOMPOK"
    ),
    "group_full": N_("Maaf, kelompok {name} sudah penuh, paling banyak {most} anggota."),
    "not_invited": N_("Maaf, ajakan itu sudah lewat. Mohon minta diajak lagi."),
    "no_group": N_("Bpk/Ibu tidak ikut kelompok siapa pun. Untuk bantuan ketik BANTU KELOMPOK"),
    "bad_quantity": N_("Jumlah belum jelas. Mohon ketik angka 1 sampai {most}."),
    "bad_days": N_(
        "Pesanan {number}: paling lama 30 hari. Mohon ketik misalnya YA {number} 2 untuk 2 hari."
    ),
    "frozen": N_(
        "Maaf, akun Bpk/Ibu sedang dihentikan. Mohon hubungi petugas KIM di desa Bpk/Ibu."
    ),
    "not_agent": N_("Maaf, itu hanya untuk petugas KIM. Untuk bantuan ketik BANTU"),
    "nobody": N_("Maaf, {phone} belum terdaftar. Mohon periksa nomornya."),
    "own_number": N_("Maaf, itu nomor Bpk/Ibu sendiri. Mohon periksa nomornya."),
    "other_village": N_(
        "Maaf, {name} terdaftar di desa {village}. Mohon periksa desanya, lalu ulangi."
    ),
    "is_frozen": N_("Akun {name} sudah dihentikan. Mohon hubungi kantor."),
    "not_frozen": N_("Akun {name} tidak dihentikan."),
    "no_reason": N_("Mohon tulis alasannya, misalnya: barang tidak dikirim."),
    "too_many_reports": N_("Laporan Bpk/Ibu hari ini sudah kami terima. Mohon lanjutkan besok."),
    "asked_too_often": N_("Maaf, terlalu sering. Mohon tunggu 1 jam, lalu ulangi."),
    "wrong_number": N_("Nomor itu tidak cocok, sisa {left} kali. Mohon periksa SMS terakhir kami."),
    "no_numbers": N_("Nomornya tidak cocok, jadi dibatalkan. Mohon ulangi dari awal."),
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
    "agent_stays": N_("Maaf, petugas KIM belum bisa dihapus. Mohon hubungi kantor."),
    "no_listing": N_(
        "Maaf, barang nomor {listing} tidak ada. Mohon periksa nomornya, atau cari lagi."
    ),
    "not_yours": N_("Maaf, barang nomor {listing} bukan jualan Bpk/Ibu. Mohon periksa nomornya."),
    "own_listing": N_(
        "Barang {listing} jualan Bpk/Ibu sendiri. Untuk mengubah stok kirim SMS STOK {listing} 5"
    ),
    "not_offered": N_("Maaf, barang {listing} sedang tidak dijual. Mohon cari yang lain."),
    "closed": N_(
        "Maaf, penjual barang {listing} tutup sampai {day}. Mohon pesan setelah itu, atau cari yang"
        " lain."
    ),
    "bad_closing": N_(
        "Jualan bisa ditutup 1 sampai 30 hari. Mohon ketik misalnya TUTUP 3 untuk 3 hari."
    ),
    "sold_out": N_("Maaf, barang {listing} sedang habis. Mohon cari yang lain."),
    "short_stock": N_(
        "Maaf, barang {listing} tinggal {stock}. Mohon kurangi jumlahnya, atau cari yang lain."
    ),
    "over_cap": N_("Maaf, pesanan tunai Bpk/Ibu paling banyak {cap}. Mohon kurangi jumlahnya."),
    "too_far": N_(
        "Maaf, barang {listing} terlalu jauh untuk bayar tunai. Mohon cari yang lebih dekat."
    ),
    "same_order": N_(
        "Pesanan {number} yang sama sudah ada. Untuk pesan sekali lagi ketik"
        " BELI {listing} {quantity} LAGI"
    ),
    "no_order": N_(
        "Maaf, Pesanan {number} tidak ditemukan. Mohon periksa nomornya, atau ketik CEK"
    ),
    "not_now": N_(
        "Maaf, tidak bisa: Pesanan {number} {state}. Untuk melihatnya ketik CEK {number}"
    ),
    "bad_stars": N_("Pesanan {number}: mohon ketik NILAI {number} dan angka 1 sampai 5"),
    "rated": N_("Nilai Pesanan {number} sudah lewat 7 hari, jadi tidak diubah lagi. Terima kasih."),
    "not_late": N_(
        "Pesanan {number} masih disiapkan penjual sampai {day}. Lewat hari itu boleh dibatalkan:"
        " ketik BATAL {number}"
    ),
    "bad_code": N_(
        "Kode Pesanan {number} salah ketik. Mohon periksa lalu ulangi SERAH {number} kode"
    ),
    "wrong_code": N_(
        "Kode Pesanan {number} tidak cocok, sisa {left} kali. Mohon tanya lagi pembeli, lalu"
        " ulangi SERAH {number} kode"
    ),
    "no_tries": N_(
        "Kode Pesanan {number} sudah terlalu sering salah. Mohon minta pembeli kirim SMS"
        " TERIMA {number}"
    ),
}
"""How the shop says no; the names are those of `store.errors.Refused`."""
