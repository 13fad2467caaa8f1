"""KIRIM, SERAH, TERIMA, NILAI, BATAL: what becomes of an order."""

from menus.actions import complaints
from menus.actions import orders as actions
from menus.commands.grammar import Command
from menus.commands.registry import Usage, command, number
from menus.commands.values import rupiah, whole_number
from menus.commands.yes_no import accept
from menus.talk import Talk
from menus.wording import N_
from store import orders, people, phones
from store.errors import Refused
from store.reasons import clean_reason

NO_SUCH_ORDER = N_(
    "Maaf, nomor pesanannya tidak ditemukan. Mohon ketik SERAH, nomor pesanan, lalu kode."
)
SENT_BY_COURIER = N_(
    "Pesanan {number} diantar {name}, upah {amount} dari titipan di KIM. Kurir dan pembeli kami"
    " kabari. Terima kasih."
)
HOW_BY_COURIER = N_(
    "Untuk mengirim lewat kurir ketik KIRIM nomor nomor-hp upah, misalnya"
    " KIRIM 10013 081234567890 15rb"
)
SENT_BEFORE = N_("Pesanan {number} sudah dikirim. Saat serah ketik SERAH {number} kode")
IN_WORK_BEFORE = N_("Pesanan {number} sudah dikerjakan. Saat serah ketik SERAH {number} kode")


def _courier(talk: Talk, fields: tuple[str, ...]) -> tuple[people.Person | None, int]:
    """Who carries the goods, and for how much, where the seller names somebody. Raises Usage."""
    if not any(map(str.isdigit, "".join(fields))):
        return None, 0
    fee = rupiah(fields[-1])
    msisdn = phones.parse_phone(" ".join(fields[:-1]), talk.tx.settings.region)
    if fee is None or msisdn is None:
        raise Usage(HOW_BY_COURIER)
    courier = people.of_phone(talk.tx, msisdn)
    if courier is None:
        raise Refused("nobody", phone=msisdn)
    return courier, fee


@command(
    "KIRIM",
    N_("Saat berangkat ketik KIRIM nomor, misalnya KIRIM 10013. Lewat kurir: KIRIM 10013 nomor-hp"
       " upah"),
    about_orders=True,
    numbers=6,
)  # fmt: skip
def send(talk: Talk, command: Command) -> str | None:
    """`KIRIM 10013`: the buyer gets the code; the seller was told of the next step before.

    `KIRIM 10013 0812… 15rb`: somebody carries it for 15,000 out of what an agent holds.
    """
    courier, fee = _courier(talk, command.args[1:])
    try:
        order = orders.send(talk.tx, talk.registered, number(command), courier, fee)
    except Refused as refused:
        if refused.values.get("state") == "sent":
            order = orders.find(talk.tx, talk.registered, number(command))
            said = IN_WORK_BEFORE if order.kind == "service" else SENT_BEFORE
            return talk.say(said, number=order.number)
        raise
    if courier is None:
        return None
    return talk.say(SENT_BY_COURIER, number=order.number, name=courier.name, amount=fee)


@command(
    "SERAH",
    N_("Saat serah ketik SERAH nomor kode, misalnya SERAH 10013 58213"),
    about_orders=True,
    secret=1,
)
def hand_over(talk: Talk, command: Command) -> str:
    """`SERAH 10013 58213` with the code that the buyer gave for the goods."""
    typed = actions.code("".join(command.args[1:]))
    if typed is None:
        raise Usage
    try:
        return actions.hand_over(talk, number(command), typed)
    except Refused as refused:
        if refused.reason == "no_order":
            raise Usage(NO_SUCH_ORDER) from None  # what stands for the number may be the code
        raise


@command(
    "TERIMA",
    N_("Bila barang sudah diterima ketik TERIMA nomor, misalnya TERIMA 10013"),
    about_orders=True,
    secret=1,
)
def receive(talk: Talk, command: Command) -> str:
    """`TERIMA 10013`: the buyer has the goods; a seller who writes it takes the order."""
    order = orders.find(talk.tx, talk.registered, number(command))
    if order.state == "waiting" and orders.may_answer(talk.tx, talk.registered, order):
        return accept(talk, order.number, None)
    if order.state == "disputed":
        return complaints.withdraw(talk, order.number)
    return actions.receive(talk, order.number)


@command(
    "NILAI",
    N_("Untuk menilai penjual ketik NILAI nomor dan angka 1 sampai 5, misalnya NILAI 10013 5"),
    numbers=1,
)
def rate(talk: Talk, command: Command) -> str:
    """`NILAI 10013 5`: the buyer's stars, once the goods were handed over."""
    stars = whole_number(command.args[1]) if len(command.args) > 1 else None
    if stars is None:
        raise Usage
    return actions.rate(talk, number(command), stars)


@command(
    "BATAL",
    N_("Untuk membatalkan ketik BATAL nomor, misalnya BATAL 10013"),
    about_orders=True,
    numbers=1,
)
def cancel(talk: Talk, command: Command) -> str:
    """`BATAL 10013`: the buyer, while it waits or when it is late; the seller who cannot keep their
    word, with a reason."""
    if orders.find(talk.tx, talk.registered, number(command)).buyer_id != talk.registered.id:
        return actions.give_up(talk, number(command), clean_reason(" ".join(command.args[1:])))
    return actions.cancel(talk, number(command))
