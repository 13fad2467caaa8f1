"""What the shop tells people: the notices it sends, and how it says no.

Every one is a single SMS or screen with the longest values; what to do next comes last.
"""

from menus.wording import N_

NOTICES = {
    "order_new": N_(
        "Pesanan {number}: {quantity} {unit} {title}, {total} tunai, ke {village}."
        " Mohon balas YA {number} atau TIDAK {number}"
    ),
    "order_new_deposit": N_(
        "Pesanan {number}: {quantity} {unit} {title}, {total} lewat KIM, ke {village}."
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
        "Pesanan {number} disanggupi penjual. Mohon titip {deposit} di KIM {agent} {agent_phone}"
        " paling lambat {day}, sebut nomor pesanannya."
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
    "order_sent_held": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Mohon lihat barangnya dulu, baru berikan kode"
        " ke {seller}. Sisa tunai {rest}."
    ),
    "order_sent_service": N_(
        "Pesanan {number} mulai dikerjakan: {spec}. Kode serah {code}. Mohon lihat hasilnya, baru"
        " beri kode. Sisa tunai {rest}."
    ),
    "order_sent_service_paid": N_(
        "Pesanan {number} mulai dikerjakan. Kode serah {code}. Uangnya sudah di KIM, jadi jangan"
        " bayar lagi. Mohon lihat hasilnya, baru beri kode."
    ),
    "order_sent_paid": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Uangnya sudah di KIM, jadi jangan bayar lagi."
        " Mohon lihat barangnya dulu, baru berikan kode."
    ),
    "order_sent_courier_held": N_(
        "Pesanan {number} diantar {name} {phone}. Kode serah {code}. Mohon lihat barangnya, baru"
        " beri kode. Sisa tunai {rest}."
    ),
    "order_sent_courier_paid": N_(
        "Pesanan {number} diantar {name} {phone}. Kode serah {code}. Sudah dibayar lewat KIM. Mohon"
        " lihat barangnya, baru beri kode."
    ),
    "order_handed": N_(
        "Pesanan {number} diserahkan. Cocok? Balas TERIMA {number}. Ada masalah? Balas KOMPLAIN"
        " {number} alasan. Tanpa kabar, uang untuk penjual {day}."
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
    "order_receipt": N_(
        "Pesanan {number}: {held} dipegang KIM {agent} {agent_phone}, untuk penjual setelah barang"
        " Bpk/Ibu terima. Mohon simpan SMS ini."
    ),
    "order_held": N_(
        "Pesanan {number}: {held} sudah dititip di KIM {agent}. Mohon kirim barangnya paling lambat"
        " {day}, lalu SMS KIRIM {number}"
    ),
    "order_held_service": N_(
        "Pesanan {number}: {held} sudah dititip di KIM {agent}. Mohon selesaikan paling lambat"
        " {day}. Saat mulai SMS KIRIM {number}"
    ),
    "order_unheld": N_(
        "Maaf, catatan titipan Pesanan {number} dibatalkan kantor karena keliru. Mohon cek di KIM,"
        " atau ketik CEK {number}"
    ),
    "order_given_up": N_(
        "Maaf, Pesanan {number} tidak jadi: penjual belum bisa melayani. Untuk cari yang lain ketik"
        " CARI {title}"
    ),
    "order_given_up_why": N_(
        "Maaf, Pesanan {number} tidak jadi: {why}. Untuk cari yang lain ketik CARI {title}"
    ),
    "order_lapsed": N_(
        "Pesanan {number} ({title}) dibatalkan karena {deposit} belum dititip di KIM. Bila masih"
        " mau, mohon pesan lagi."
    ),
    "order_not_deposited": N_(
        "Pesanan {number} ({title}) dibatalkan karena pembeli tidak menitip {deposit} di KIM. Tidak"
        " perlu disiapkan lagi. Terima kasih."
    ),
    "order_overdue": N_(
        "Pesanan {number} ({title}) sudah lama dikirim. Sudah diterima? Balas TERIMA {number}."
        " Belum? Balas KOMPLAIN {number} belum"
    ),
    "order_overdue_agent": N_(
        "Pesanan {number}: sudah lama dikirim, belum ada kode serah. Mohon tanya pembeli"
        " {buyer_phone} dan penjual {seller_phone}"
    ),
    "order_inspected": N_(
        "Barang Pesanan {number} sudah diperiksa dan sesuai. Mohon ambil di KIM {agent}"
        " {agent_phone}, dan bawa kode serahnya."
    ),
    "order_approved": N_(
        "Barang Pesanan {number} sudah diperiksa KIM {agent} dan sesuai. Pembeli kami minta"
        " mengambilnya di sana. Mohon tunggu kabar kami."
    ),
    "order_courier": N_(
        "Mohon antar Pesanan {number} ke {buyer} {buyer_phone}, {village}, upah {amount}. Lalu"
        " ketik SERAH {number} dan kodenya"
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
    "order_moved": N_(
        "Uang Pesanan {number} kini ada di KIM {agent} {agent_phone}. Mohon ambil di sana, kodenya"
        " tetap sama."
    ),
    "order_kept": N_(
        "Titipan Pesanan {number} kini dipegang KIM {agent} {agent_phone}. Mohon simpan SMS ini."
    ),
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
    "order_seller_frozen": N_(
        "Akun penjual Pesanan {number} dihentikan. Uang Bpk/Ibu aman di KIM {agent}. Untuk meminta"
        " kembali balas BATAL {number}"
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
    "cash_offered": N_(
        "{agent} menyetor {amount} untuk {count} pesanan. Bila uangnya sudah Bpk/Ibu terima, mohon"
        " balas YA {code}. Bila belum, TIDAK SETOR"
    ),
    "cash_taken": N_("{name} sudah menerima {amount} dari Bpk/Ibu. Terima kasih."),
    "cash_yours": N_("{amount} dari {agent} kini tercatat pada Bpk/Ibu. Terima kasih."),
    "cash_refused": N_(
        "{amount} belum diterima {name}, jadi tetap tercatat pada Bpk/Ibu. Mohon hubungi {name}."
    ),
    "proxy_asked": N_("KIM {agent} mewakili Bpk/Ibu: {command}. Setuju? Mohon balas YA atau TIDAK"),
    "proxy_register": N_(
        "KIM {agent}: {name}, {village}. Nama, desa, nomor HP disimpan untuk jual beli."
        " Setuju? Balas YA atau TIDAK"
    ),
    "proxy_answered": N_("{phone} setuju dengan {command}. Jawabannya kami kirim ke sana."),
    "proxy_declined": N_("{phone} tidak setuju dengan {command}. Mohon tanyakan."),
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
    "over_cap": N_(
        "Maaf, pesanan tunai Bpk/Ibu paling banyak {cap}. Untuk titip uang di KIM dulu ketik"
        " BELI {listing} {quantity} TITIP"
    ),
    "too_far": N_(
        "Maaf, barang {listing} terlalu jauh untuk bayar tunai. Untuk titip uang di KIM dulu ketik"
        " BELI {listing} {quantity} TITIP"
    ),
    "no_agents": N_(
        "Maaf, belum ada petugas KIM yang bisa menerima titipan. Mohon coba lagi lain hari."
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
        "Kode Pesanan {number} terlalu sering salah. Mohon minta pembeli SMS TERIMA {number}. Bila"
        " tidak mau, ketik KOMPLAIN {number}"
    ),
    "no_proxy": N_(
        "Maaf, {keyword} tidak bisa diwakili. Mohon ketik misalnya WAKIL nomor-hp DAFTAR nama#desa"
    ),
    "conflict": N_(
        "Maaf, Pesanan {number} ada sangkut paut dengan Bpk/Ibu. Mohon serahkan ke petugas lain."
    ),
    "custodian": N_(
        "Maaf, Bpk/Ibu memegang uang Pesanan {number}, jadi tidak boleh memutus. Mohon tunggu"
        " petugas lain."
    ),
    "no_deposit": N_(
        "Pesanan {number}: pembeli perlu menitip {deposit} di KIM dulu. Mohon tunggu kabar kami."
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
    "bad_courier": N_(
        "Maaf, kurir Pesanan {number} harus orang lain, bukan pembeli, penjual atau petugas yang"
        " memegang uangnya."
    ),
    "bad_fee": N_(
        "Upah antar Pesanan {number} diambil dari titipan di KIM, {held}. Mohon ketik KIRIM"
        " {number} nomor-hp upah"
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
    "other_amount": N_(
        "Jumlah itu tidak pas dengan uang pesanan. Yang pas {amount}. Mohon ketik SETOR jumlah"
        " nomor-hp"
    ),
    "cash_changed": N_(
        "Uang pada {agent} sudah berubah. Mohon minta {agent} mengirim SETOR sekali lagi."
    ),
    "no_remittance": N_("Tidak ada setoran untuk Bpk/Ibu. Mohon tanya pengirimnya."),
    "handed_on": N_(
        "Uang Pesanan {number} sudah disetor ke {name}. Mohon disetor kembali dulu, lalu ulangi."
    ),
    "holds_cash": N_("{name} masih memegang {amount} milik orang lain. Mohon disetor dulu."),
}
"""How the shop says no; the names are those of `store.errors.Refused`."""
