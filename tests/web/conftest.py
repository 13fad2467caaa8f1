"""The operator's shell, typed in this process."""

from collections.abc import Callable
from typing import Any

import pytest
from click.testing import Result
from flask import Flask

from store.shop import Shop
from web import cli

Run = Callable[..., Result]


@pytest.fixture
def run(shop: Shop) -> Run:
    """`run("db", "check")` is `flask --app app db check`."""
    return shell_of(shop)


def shell_of(shop: Shop) -> Run:
    app = Flask("shell")
    cli.register(app, shop)

    def run(*words: object, **more: Any) -> Result:
        result = app.test_cli_runner().invoke(args=[str(word) for word in words], **more)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result

    return run
