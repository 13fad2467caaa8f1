"""The reference page has every SMS word, screen, notice, refusal, transition and setting."""

from docs import reference


def test_the_reference_is_up_to_date() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run: python -m docs.reference"
    )
