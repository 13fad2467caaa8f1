"""The modem's provider with the real gammu-smsd and Gammu's dummy phone."""

from datetime import UTC, datetime, timedelta

import pytest

from gateway.providers import DeliveryReport, Outgoing
from gateway.providers.modem import Modem as Provider
from store.inbox import Part, Received
from tests.support.listener import Listener
from tests.support.processes import wait_until
from tests.support.smsd import Modem

pytestmark = pytest.mark.processes

SRI, BUDI = "+6281234567001", "+6281234567002"


def provider(modem: Modem) -> Provider:
    return Provider(modem.database, "ID", poll=0.05)


def outgoing(reference: str, text: str = "Halo", to: str = SRI) -> Outgoing:
    return Outgoing(reference, to, text, timedelta(days=1))


TEXTS = {
    "plain": "Pesanan 17: Beras medium 2 kg, Rp25.000",
    "the extension table": "[a]{b}^~\\|€",
    "accents and line feeds": "àèéì\nÄÖÑÜ@$¥",
    "a full one": "a" * 160,
    "two parts": "a" * 152 + "€" + "b" * 100,
    "UCS-2": "蜂蜜 Rp25.000",
    "UCS-2 in parts": "蜂" * 60 + "😀" * 30,
}


def test_what_is_sent_leaves_the_phone_as_it_was_written(modem: Modem) -> None:
    link = provider(modem)
    for number, text in enumerate(TEXTS.values()):
        assert link.send(outgoing(f"{number}-1", text)).state == "accepted"
    wait_until(modem.is_idle, 20)
    assert modem.texts_to(SRI) == list(TEXTS.values())
    assert [sms.parts for sms in modem.sent()] == [1, 1, 1, 1, 2, 1, 2]


@pytest.mark.parametrize("text", TEXTS.values(), ids=TEXTS)
def test_what_comes_to_the_phone_is_taken_as_it_was_written(modem: Modem, text: str) -> None:
    began = datetime.now(UTC).replace(microsecond=0)
    modem.receive(SRI, text)
    with Listener(provider(modem)) as listener:
        wait_until(lambda: "".join(each.text for each in listener.events) == text, 20)
        wait_until(modem.is_idle, 5)
    for each in listener.events:
        assert isinstance(each, Received)
        assert each.msisdn == SRI
        assert began <= each.sent_at <= datetime.now(UTC)


def test_the_parts_of_a_long_sms_say_which_they_are(modem: Modem) -> None:
    modem.receive(SRI, "a" * 153 + "b" * 20)
    with Listener(provider(modem)) as listener:
        first, second = listener.wait_for(2)
    assert (first.text, second.text) == ("a" * 153, "b" * 20)
    reference = first.part.reference
    assert first.part == Part(reference, 1, 2)
    assert second.part == Part(reference, 2, 2)
    assert first.external_id != second.external_id


def test_a_delivery_report_is_told(modem: Modem) -> None:
    link = provider(modem)
    with Listener(link) as listener:
        assert link.send(outgoing("a-1")).external_id == "a-1"
        [sent] = listener.wait_for(1)
        modem.report(SRI)
        *_, delivered = listener.wait_for(2)
    assert sent == DeliveryReport("modem", "a-1", "SendingOK", "passing", SRI)
    assert delivered == DeliveryReport("modem", "a-1", "DeliveryOK", "delivered", SRI)
