"""How the shop says no to what somebody offers, or looks for."""

from menus.wording import N_

REFUSALS = {
    "bad_title": N_("Nama barang belum jelas. Mohon ketik 2 sampai 24 huruf."),
    "bad_unit": N_("Satuan belum jelas. Mohon ketik paling banyak 12 huruf, misalnya kg."),
    "bad_price": N_("Harga belum jelas. Mohon ketik misalnya 12000 atau 12rb."),
    "bad_stock": N_("Jumlah belum jelas. Mohon ketik angka 1 sampai 9999."),
    "bad_lead": N_("Lamanya belum jelas. Mohon ketik 1 sampai 90 hari, misalnya 7 hari."),
    "bad_deposit": N_("Uang muka belum jelas. Mohon ketik 0 sampai 100 persen, misalnya 50%."),
    "bad_closing": N_(
        "Jualan bisa ditutup 1 sampai 30 hari. Mohon ketik misalnya TUTUP 3 untuk 3 hari."
    ),
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
    "sold_out": N_("Maaf, barang {listing} sedang habis. Mohon cari yang lain."),
    "short_stock": N_(
        "Maaf, barang {listing} tinggal {stock}. Mohon kurangi jumlahnya, atau cari yang lain."
    ),
}
