"""Carrier pigeons: an example of a provider from outside, complete and working.

A message is a file `<name>.sms`, the number on the first line and the text below. Those that leave
are put into the folder `out`, those that come are found in `in`; an empty file `<name>.arrived` in
`in` says that the message of this name is in its reader's hands. No two files may ever have the
same name.
"""

import logging
import os
import threading
from collections.abc import Mapping
from pathlib import Path

from gateway.providers import BadRequest, DeliveryReport, Event, Outgoing, Promises, Reader, Take
from settings import Settings
from store import phones
from store.inbox import Received
from store.outbox import Outcome

_log = logging.getLogger(__name__)


class Pigeon:
    """The pigeons of one loft."""

    name = "pigeon"
    promises = Promises(
        ussd="no",
        sms_in="wait in the loft",
        lost_answer="cannot happen: the same message has the same name",
        reports="yes, when a pigeon comes home",
        cost="grain",
        limits="none by night",
    )
    readers: Mapping[str, Reader] = {}
    methods: tuple[str, ...] = ("POST",)
    charset = "utf-8"
    thanks = "OK"

    def __init__(self, loft: Path, region: str) -> None:
        self._in, self._out = loft / "in", loft / "out"
        self._region = region

    def send(self, sms: Outgoing) -> Outcome:
        draft = self._out / f"{sms.reference}.draft"
        try:
            draft.write_text(f"{sms.msisdn}\n{sms.text}", encoding="utf-8")
            draft.replace(draft.with_suffix(".sms"))
        except (OSError, ValueError) as error:
            return Outcome("refused", reason=f"{type(error).__name__}: {error}", link="down")
        return Outcome("accepted", external_id=sms.reference)

    def run(self, take: Take, stopping: threading.Event) -> None:
        while not stopping.is_set():
            for path in sorted(self._in.iterdir()):
                if path.suffix in (".sms", ".arrived") and not stopping.is_set():
                    self._bring(path, take)
            stopping.wait(0.5)

    def _bring(self, path: Path, take: Take) -> None:
        try:
            take(self.read(path))
        except BadRequest as error:
            _log.warning("pigeon: %s is left aside: %s", path.name, error)
            path.rename(path.with_suffix(".bad"))
        else:
            path.unlink()

    def read(self, path: Path) -> Event:
        """What a pigeon brought. Raises BadRequest."""
        if path.suffix == ".arrived":
            return DeliveryReport(self.name, path.stem, "arrived", "delivered")
        number, _, text = path.read_bytes().decode("utf-8", "replace").partition("\n")
        sender = phones.from_provider(number, self._region)
        if sender is None:
            raise BadRequest("first line: not a phone number")
        return Received(self.name, path.stem, sender, text)


def make(settings: Settings) -> Pigeon:
    """The loft of PASAR_PIGEON_DIR, in which there are the folders `in` and `out`."""
    loft = Path(os.environ.get("PASAR_PIGEON_DIR", ""))
    if not all((loft / name).is_dir() for name in ("in", "out")):
        raise SystemExit(f"PASAR_PIGEON_DIR: was '{loft}'; allowed: a folder with `in` and `out`")
    return Pigeon(loft, settings.region)
