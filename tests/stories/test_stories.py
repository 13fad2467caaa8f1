"""Every dialogue of this folder, told in one process with a clock to turn."""

from pathlib import Path

import pytest

from settings import Settings
from tests.support.dialogue import Player, stories
from tests.support.worlds import LocalWorld


@pytest.mark.parametrize("story", stories(), ids=lambda path: path.stem)
@pytest.mark.parametrize("provider", ["simulator", "africastalking"])
def test_story(story: Path, provider: str, settings: Settings) -> None:
    world = LocalWorld(settings, provider)
    Player(world).play(story.read_text(encoding="utf-8"), story.name)
