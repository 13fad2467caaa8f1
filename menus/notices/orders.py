"""Notices about an order on its way, and how the shop says no to what somebody does with one."""

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
    "order_lapsed": N_(
        "Pesanan {number} ({title}) dibatalkan karena {deposit} belum dititip di KIM. Bila masih"
        " mau, mohon pesan lagi."
    ),
    "order_not_deposited": N_(
        "Pesanan {number} ({title}) dibatalkan karena pembeli tidak menitip {deposit} di KIM. Tidak"
        " perlu disiapkan lagi. Terima kasih."
    ),
    "order_given_up": N_(
        "Maaf, Pesanan {number} tidak jadi: penjual belum bisa melayani. Untuk cari yang lain ketik"
        " CARI {title}"
    ),
    "order_given_up_why": N_(
        "Maaf, Pesanan {number} tidak jadi: {why}. Untuk cari yang lain ketik CARI {title}"
    ),
    "order_late": N_(
        "Maaf, Pesanan {number} ({title}) belum dikirim sampai {day}. Boleh ditunggu."
        " Untuk membatalkan balas BATAL {number}"
    ),
    "order_late_service": N_(
        "Maaf, Pesanan {number} ({title}) belum dikerjakan sampai {day}. Boleh ditunggu."
        " Untuk membatalkan balas BATAL {number}"
    ),
    "order_cancelled": N_(
        "Pesanan {number} ({quantity} {unit} {title}) dibatalkan pembeli."
        " Barangnya kembali ke stok."
    ),
    "order_cancelled_service": N_(
        "Pesanan {number} ({quantity} {unit} {title}) dibatalkan pembeli. Jadwalnya kosong lagi."
    ),
    "order_sent": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Mohon lihat barangnya dulu, baru berikan"
        " kode dan {total} ke {seller}."
    ),
    "order_sent_held": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Mohon lihat barangnya dulu, baru berikan kode"
        " ke {seller}. Sisa tunai {rest}."
    ),
    "order_sent_paid": N_(
        "Pesanan {number} dikirim. Kode serah {code}. Uangnya sudah di KIM, jadi jangan bayar lagi."
        " Mohon lihat barangnya dulu, baru berikan kode."
    ),
    "order_sent_service": N_(
        "Pesanan {number} mulai dikerjakan: {spec}. Kode serah {code}. Mohon lihat hasilnya, baru"
        " beri kode. Sisa tunai {rest}."
    ),
    "order_sent_service_paid": N_(
        "Pesanan {number} mulai dikerjakan. Kode serah {code}. Uangnya sudah di KIM, jadi jangan"
        " bayar lagi. Mohon lihat hasilnya, baru beri kode."
    ),
    "order_sent_courier_held": N_(
        "Pesanan {number} diantar {name} {phone}. Kode serah {code}. Mohon lihat barangnya, baru"
        " beri kode. Sisa tunai {rest}."
    ),
    "order_sent_courier_paid": N_(
        "Pesanan {number} diantar {name} {phone}. Kode serah {code}. Sudah dibayar lewat KIM. Mohon"
        " lihat barangnya, baru beri kode."
    ),
    "order_courier": N_(
        "Mohon antar Pesanan {number} ke {buyer} {buyer_phone}, {village}, upah {amount}. Lalu"
        " ketik SERAH {number} dan kodenya"
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
    "order_handed": N_(
        "Pesanan {number} diserahkan. Cocok? Balas TERIMA {number}. Ada masalah? Balas KOMPLAIN"
        " {number} alasan. Tanpa kabar, uang untuk penjual {day}."
    ),
    "order_received": N_(
        "Barang Pesanan {number} sudah diterima pembeli. Terima kasih, Bpk/Ibu {seller}."
    ),
    "order_received_service": N_(
        "Hasil Pesanan {number} sudah diterima pembeli. Terima kasih, Bpk/Ibu {seller}."
    ),
    "draft_offer": N_(
        "Pesanan Bpk/Ibu belum selesai: {quantity} {unit} {title}, {total} tunai."
        " Mohon balas YA untuk memesan, TIDAK untuk batal."
    ),
}

REFUSALS = {
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
    "no_spec": N_(
        "Mohon tulis juga pesanannya, 3 sampai 40 huruf: ketik BELI {listing} {quantity} lalu"
        " pesanannya, misalnya ukuran dan tulisannya."
    ),
    "fully_booked": N_(
        "Maaf, jasa {listing} sudah penuh 8 minggu ini. Mohon cari yang lain, atau coba lagi nanti."
    ),
    "bad_quantity": N_("Jumlah belum jelas. Mohon ketik angka 1 sampai {most}."),
    "no_order": N_(
        "Maaf, Pesanan {number} tidak ditemukan. Mohon periksa nomornya, atau ketik CEK"
    ),
    "no_such_number": N_(
        "Maaf, Pesanan {number} tidak ada, atau nomor itu sudah tidak berlaku. Mohon ketik CEK"
    ),
    "not_now": N_(
        "Maaf, tidak bisa: Pesanan {number} {state}. Untuk melihatnya ketik CEK {number}"
    ),
    "bad_days": N_(
        "Pesanan {number}: paling lama 30 hari. Mohon ketik misalnya YA {number} 2 untuk 2 hari."
    ),
    "no_deposit": N_(
        "Pesanan {number}: pembeli perlu menitip {deposit} di KIM dulu. Mohon tunggu kabar kami."
    ),
    "not_late": N_(
        "Pesanan {number} masih disiapkan penjual sampai {day}. Lewat hari itu boleh dibatalkan:"
        " ketik BATAL {number}"
    ),
    "bad_courier": N_(
        "Maaf, kurir Pesanan {number} harus orang lain, bukan pembeli, penjual atau petugas yang"
        " memegang uangnya."
    ),
    "bad_fee": N_(
        "Upah antar Pesanan {number} diambil dari titipan di KIM, {held}. Mohon ketik KIRIM"
        " {number} nomor-hp upah"
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
    "bad_stars": N_("Pesanan {number}: mohon ketik NILAI {number} dan angka 1 sampai 5"),
    "rated": N_("Nilai Pesanan {number} sudah lewat 7 hari, jadi tidak diubah lagi. Terima kasih."),
}
