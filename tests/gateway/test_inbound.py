"""The worker's side of what came in."""

from pathlib import Path

from settings import Settings
from tests.support.worlds import LocalWorld

LOMBOK, SUMBAWA = "+6281234567801", "+6281234567802"


def test_two_of_our_markets_stop_answering_each_other(settings: Settings, tmp_path: Path) -> None:
    """Each takes what the other says for a person's."""
    for first_word in ("halo", "BANTU", "MULAI"):
        folders = [tmp_path / first_word / name for name in ("lombok", "sumbawa")]
        for folder in folders:
            folder.mkdir(parents=True)
        lombok, sumbawa = (
            LocalWorld(settings.model_copy(update={"data_dir": folder})) for folder in folders
        )
        ends = ((lombok, SUMBAWA, sumbawa, LOMBOK), (sumbawa, LOMBOK, lombok, SUMBAWA))
        lombok.send(SUMBAWA, first_word)
        read = {LOMBOK: 0, SUMBAWA: 0}
        while any(here.count(to) > read[to] for here, to, *_ in ends):
            for here, to, there, from_ in ends:
                said = here.texts(to)
                for text in said[read[to] :]:
                    there.send(from_, text)
                read[to] = len(said)
                assert len(said) <= settings.replies_limit
                here.clock.turn(seconds=4)
