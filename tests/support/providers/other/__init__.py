"""A second link, as a provider from outside: another server that speaks Africa's Talking's API, at
PASAR_OTHER_URL."""

import os

from gateway.providers.africastalking import AfricasTalking
from settings import Settings


class Other(AfricasTalking):
    """The same account, elsewhere."""

    name = "other"


def make(settings: Settings) -> Other:
    return Other(settings.model_copy(update={"at_base_url": os.environ["PASAR_OTHER_URL"]}))
