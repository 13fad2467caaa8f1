"""Secrets that are typed wherever one could be, and where they are found afterwards."""

import re
from collections.abc import Iterable
from pathlib import Path

import pytest

from settings import Settings
from store import codes, confirmations, proxies, sealing, sessions, trust
from store.catalogue import Listing
from tests.support import payloads
from tests.support.market import everything, offer, sell
from tests.support.moments import bring
from tests.support.money import PHONES, PRICE, Stage, payout_code
from tests.support.worlds import LocalWorld

CODE = "48217"
"""As well-formed as a true one, and no part of anything else."""

PIN, NEW, WRONG = "739164", "815926", "580317"
"""Of a person, another that they choose, and one that is nobody's."""

NEWCOMER = "+6281234567999"
"""A phone that nobody is registered with."""


def shapes(secret: str) -> tuple[str, ...]:
    """How people write it."""
    return secret, " ".join(secret), "-".join(secret), f"{secret[:2]} {secret[2:]}"


def places(data_dir: Path, **others: object) -> dict[str, bytes]:
    """All files below the folder, and what else there is to look through, by name."""
    files = {str(each): each.read_bytes() for each in data_dir.rglob("*") if each.is_file()}
    return {**files, **{name: str(other).encode() for name, other in others.items()}}


_NUMBERS = re.compile(rb"[0-9](?:[ #-]?[0-9]){3,}")


def found(kept: dict[str, bytes], secrets: Iterable[str]) -> list[str]:
    """Where a secret stands, in whatever shape, by itself: the ids and hashes have any digits.

    In a file the next column may begin right behind it, so the rows are looked at as well.
    """
    alone = {}
    for secret in secrets:
        digits = rb"[ #-]?".join(bytes([digit]) for digit in secret.encode())
        alone[secret.encode()] = re.compile(rb"(?<![0-9a-f])" + digits + rb"(?![0-9a-f])")
    found_at = []
    for name, text in kept.items():
        for number in _NUMBERS.finditer(text):
            written = number[0].translate(None, b" #-")
            around = text[max(0, number.start() - 60) : number.end() + 20]
            found_at += [
                f"{secret.decode()} in {name}: {around!r}"
                for secret, pattern in alone.items()
                if secret in written and pattern.search(text, number.start(), number.end() + 1)
            ]
    return found_at


class Watched(LocalWorld):
    """A market with one of each person, that knows every code it made.

    Nobody is asked to wait before they type again.
    """

    def __init__(self, settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
        super().__init__(settings)
        self.stage = Stage(self.shop, self.clock).open()
        self.service: Listing = offer(self.shop, self.stage.cast["seller"])
        self.made: set[str] = set()
        make = codes.one_time_code

        def made(*what: object) -> str:
            code = make(*what)  # type: ignore[arg-type]
            self.made.add(code)
            return code

        monkeypatch.setattr(codes, "one_time_code", made)
        for module in (confirmations, proxies):
            monkeypatch.setattr(module, "ASKED_AN_HOUR", 10_000)
        monkeypatch.setattr(trust, "REPORTS_A_DAY", 10_000)

    def at(self, moment: str) -> dict[str, str]:
        """A new order of something new at this moment, and what can be typed there, by name."""
        with self.shop.write() as tx:
            tx.execute("UPDATE people SET closed_until = NULL, frozen_at = NULL")
        self.stage.goods = sell(self.shop, self.stage.cast["seller"], price=PRICE)
        stage = bring(self.stage, moment)
        with self.shop.read() as tx:
            order = stage.now(tx)
            due = {role: payout_code(tx, order, role) for role in ("seller", "courier", "buyer")}
            offered = str(tx.value("SELECT MAX(id) FROM remittances") or 1)
        nonce = order.code_nonce or "0"
        return {
            "number": order.number,
            "listing": stage.goods.number,
            "service": self.service.number,
            "offer": offered,
            "hand_over": codes.hand_over_code(self.shop.settings.pepper, order.id, nonce),
            **due,
        }

    def confirm(self, msisdn: str) -> None:
        """Sends back a wrong number, and then the one that the phone was told, if it was."""
        told = self.texts(msisdn)[-1:]
        asked = re.search(r"YA (\d{5})$", told[0]) if told else None
        if asked:
            self.send(msisdn, f"YA {CODE}")
            self.send(msisdn, f"YA {asked[1]}")

    def come_to(self, screen: str, msisdn: str, data: dict[str, object]) -> str:
        """A session that has come to a screen in whatever way, with `1` typed so far; its id."""
        session_id = payloads.new_session_id()
        frame = {"data": {}, "at": 0, "shown": [], "next": 0}
        home = {**frame, "screen": "home", "trusted": False}
        with self.shop.write() as tx:
            session = sessions.Session("simulator", session_id, msisdn, frames=[home])
            session.frames.append({**frame, "screen": screen, "data": data})
            sessions.save(tx, session.after(tx, "1"), "1", "CON ")
        return session_id

    def type_at(self, screen: str, msisdn: str, data: dict[str, object], *typed: str) -> str:
        """Types at a screen, in a session that has come there in whatever way."""
        session_id = self.come_to(screen, msisdn, data)
        text, reply = "1", ""
        for each in typed:
            text = f"{text}*{each}"
            reply = self.hop(msisdn, session_id, "*123*45#", text)
        return reply

    def chosen(self, values: dict[str, str]) -> dict[str, object]:
        """What a session can know by the time it comes to a screen."""
        number, listing = values["number"], values["listing"]
        return {
            **{"order": number, "number": number, "listing": listing, "own": listing},
            **{"title": "Madu", "price": 125_000, "unit": "botol", "stock": 10, "days": 7},
            **{"amount": 1_000, "phone": PHONES["stranger"], "name": "Inaq Baru", "why": "tipu"},
            **{"quantity": 1, "spec": "ayat kursi", "letters": "su", "query": "beras"},
            "remittance": int(values["offer"]),
            "new": sealing.seal(self.shop.settings.pepper, NEW),
            "gate": {"screen": "home", "data": {}},
        }

    def kept(self, log: str) -> dict[str, bytes]:
        """All that lasts: files, rows, log."""
        rows = repr(everything(self.shop))
        return places(Path(self.shop.settings.data_dir), rows=rows, log=log)

    def leaks(self, log: str) -> list[str]:
        """Where a canary is kept, or a code that was made and is no order's number as well."""
        with self.shop.read() as tx:
            numbers = tx.rows("SELECT number FROM orders UNION SELECT number FROM listings")
        secrets = {CODE, PIN, NEW, WRONG, *self.made} - {row["number"] for row in numbers}
        return found(self.kept(log), secrets)
