"""BANTU: which words there are, topic by topic, and how one of them is typed."""

from menus.commands.grammar import Command
from menus.commands.keywords import Keywords
from menus.commands.registry import HANDLERS, command
from menus.talk import Talk
from menus.wording import N_

BANTU = N_(
    "Beli: CARI BELI CEK TERIMA. Jual: JUAL YA TIDAK KIRIM SERAH. Lainnya: BANTU, lalu BELANJA,"
    " JUALAN, MASALAH, AKUN atau KIM. Caranya: BANTU BELI"
)
TOPICS = {
    "BELANJA": N_(
        "Belanja: CARI HARGA BELI CEK BATAL, setelah diterima TERIMA NILAI. Bila ada masalah:"
        " BANTU MASALAH. Caranya: BANTU BELI"
    ),
    "JUALAN": N_(
        "Jualan: JUAL JASA STOK HARGA TUTUP BUKA REKAP KELOMPOK. Bila ada pesanan: YA atau TIDAK,"
        " lalu KIRIM, saat serah SERAH. Caranya: BANTU JUAL"
    ),
    "MASALAH": N_(
        "Barang tidak sesuai atau belum sampai: KOMPLAIN. Minta uang kembali: REFUND. Sudah cocok:"
        " TERIMA. Penipuan: LAPOR. Caranya: BANTU KOMPLAIN"
    ),
    "AKUN": N_(
        "Akun: DAFTAR PIN BAHASA, kabar pasar STOP MULAI, hapus data HAPUS. Caranya: BANTU DAFTAR"
    ),
    "KIM": N_(
        "Petugas KIM. Uang: TITIP BAYAR KEMBALI KAS SETOR. Barang: PERIKSA. Keluhan: PUTUS."
        " Warga: VER WAKIL BEKU. Caranya: BANTU TITIP"
    ),
}
"""What BANTU and this word answer. Whatever is a keyword tells how that is typed instead."""

_ALSO = {
    "BUYING": "BELANJA",
    "BELANJAAN": "BELANJA",
    "SELLING": "JUALAN",
    "PENJUAL": "JUALAN",
    "PROBLEMS": "MASALAH",
    "KELUHAN": "MASALAH",
    "ACCOUNT": "AKUN",
    "PETUGAS": "KIM",
}


@command(
    "BANTU",
    N_("Untuk bantuan ketik BANTU, atau BANTU dan perintahnya, misalnya BANTU BELI"),
    registered=False,
)
def help_(talk: Talk, command: Command) -> str:
    """`BANTU` lists topics, `BANTU KIM` the words of one; `BANTU BELI` tells how one is typed."""
    for word in map(str.upper, command.args):
        handler = HANDLERS.get(Keywords.load().meaning.get(word, ""))
        if handler:
            return talk.say(handler.how)
        topic = _ALSO.get(word, word)
        if topic in TOPICS:
            return talk.say(TOPICS[topic])
    return talk.say(BANTU)
