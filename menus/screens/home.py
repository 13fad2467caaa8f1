"""The first screen, help, and what is told in passing."""

from typing import Any

from menus.screen import Choice, Home, Screen, Step, declare
from menus.screens import desk
from menus.screens.buying import to_confirm
from menus.talk import Talk
from menus.wording import LANGUAGE_NAMES, N_, SOURCE_LANGUAGE, languages
from store import catalogue, orders, people


def _home(talk: Talk) -> dict[str, Any]:
    last = orders.last_bought(talk.tx, talk.registered)
    return {"title": last.title if last else ""}


def _has_bought(talk: Talk) -> bool:
    return orders.last_bought(talk.tx, talk.registered) is not None


def _buy_again(talk: Talk) -> Step:
    last = orders.last_bought(talk.tx, talk.registered)
    if last is None:
        return Home()
    listing = catalogue.by_id(talk.tx, last.listing_id)
    return to_confirm(talk, listing, last.quantity, again=True)


def _speak(lang: str) -> Any:
    def switch(talk: Talk) -> Step:
        people.choose_language(talk.tx, talk.msisdn, lang)
        talk.forget()
        return Home()

    return switch


declare(
    Screen(
        "home",
        text=N_("Pasar Kampung"),
        values=_home,
        choices=(
            Choice(N_("Cari"), "search"),
            Choice(N_("Kategori"), "categories"),
            Choice(N_("Pesanan saya"), "my orders"),
            Choice(N_("Jualan saya"), "my listings"),
            Choice(N_("Akun"), "account"),
            Choice(N_("Bantuan"), "help"),
            Choice(N_("Petugas KIM"), desk.enter, when=lambda talk: talk.is_agent),
            Choice(N_("Pesan lagi {title}"), _buy_again, when=_has_bought),
        ),
    ),
    Screen(
        "welcome",
        text=N_("Pasar Kampung\nSelamat datang, Bpk/Ibu."),
        durable=True,
        choices=(
            Choice(N_("Daftar"), "register"),
            Choice(N_("Lihat barang"), "browse"),
            Choice(
                LANGUAGE_NAMES["en"], _speak("en"), when=lambda talk: talk.lang == SOURCE_LANGUAGE
            ),
            Choice(
                LANGUAGE_NAMES[SOURCE_LANGUAGE],
                _speak(SOURCE_LANGUAGE),
                when=lambda talk: talk.lang != SOURCE_LANGUAGE,
            ),
            Choice(N_("Bahasa"), "language", when=lambda _: len(languages()) > 2),
            Choice(N_("Bantuan"), "help"),
        ),
    ),
    Screen(
        "browse",
        text=N_("Lihat barang dan jasa:"),
        choices=(Choice(N_("Cari"), "search"), Choice(N_("Kategori"), "categories")),
    ),
    Screen("told", text="{told}", values=lambda talk: {"told": talk.data["told"]}),
    Screen(
        "help",
        text=N_("Bantuan tentang apa?"),
        choices=(
            Choice(N_("Cara membeli"), "help buying"),
            Choice(N_("Cara menjual"), "help selling"),
            Choice(N_("Kode serah"), "help code"),
            Choice(N_("Lewat SMS"), "help sms"),
            Choice(N_("Data pribadi"), "help privacy"),
        ),
    ),
    Screen(
        "help buying",
        text=N_(
            "Pilih Cari, ketik nama barang, pilih barangnya, lalu Beli. Ketik jumlahnya, lalu Ya."
            " Jawaban penjual kami kabarkan lewat SMS. Bayar tunai setelah barang Bpk/Ibu lihat dan"
            " terima."
        ),
    ),
    Screen(
        "help selling",
        text=N_(
            "Pilih Jualan saya lalu Jual barang. Bila ada pesanan, kami kirim SMS: mohon balas YA"
            " atau TIDAK dengan nomornya. Saat berangkat kirim SMS KIRIM dan nomornya. Saat serah"
            " kirim SMS SERAH, nomornya, dan kode dari pembeli."
        ),
    ),
    Screen(
        "help code",
        text=N_(
            "Saat barang dikirim, pembeli mendapat kode 5 angka. Pembeli melihat barangnya dulu,"
            " baru memberi kode dan uangnya. Penjual mencatat kode itu dan mengirimnya lewat SMS;"
            " bila tidak ada sinyal, boleh belakangan."
        ),
    ),
    Screen(
        "help sms",
        text=N_(
            "Tanpa menu pun bisa. Kirim SMS ke {short_code}, misalnya CARI beras, BELI nomor"
            " jumlah, CEK, atau JUAL nama#harga/satuan#stok. Untuk semua perintah ketik BANTU"
        ),
        values=lambda talk: {"short_code": talk.tx.settings.short_code},
    ),
    Screen(
        "help privacy",
        text=N_(
            "Kami simpan nama, desa dan nomor HP Bpk/Ibu supaya pesanan sampai. Nomor HP hanya"
            " kami beri tahu kepada penjual atau pembeli dalam pesanan yang sudah disanggupi."
        ),
    ),
)
