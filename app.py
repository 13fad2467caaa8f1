"""The web application: wires settings, shop, hooks, pages and shell commands together."""

import logging

from flask import Flask, Request
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface

import settings as configuration
from gateway import health, providers, webhooks
from gateway.desk import Desk
from gateway.doorbell import Doorbell
from menus.opening import open_shop
from web import cli

LONGEST_BODY = 64 * 1024
"""Bytes of a request: many times what a provider sends."""


class _Cookies(SecureCookieSessionInterface):
    """Flask's own, for browsers; a provider's hop is spared the reading of them."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        if request.path.startswith("/hooks/"):
            return None
        return super().open_session(app, request)


def create_app(settings: configuration.Settings | None = None) -> Flask:
    """The Flask application of the environment's settings, or of those given."""
    settings = settings or configuration.load()
    logging.basicConfig(
        level=settings.log_level.upper(), format="%(levelname)s %(name)s: %(message)s"
    )
    logging.getLogger("werkzeug").addFilter(webhooks.without_tokens)  # of `flask run`
    app = Flask(__name__, static_folder=None)
    app.config.update(SECRET_KEY=settings.secret_key, MAX_CONTENT_LENGTH=LONGEST_BODY)
    app.session_interface = _Cookies()
    shop, wording = open_shop(settings)
    if settings.redis_url:
        shop.on_commit = Doorbell(settings.redis_url)
    app.extensions["shop"] = shop
    app.register_blueprint(webhooks.blueprint(shop, Desk(shop, wording), providers.of(settings)))
    app.register_blueprint(health.blueprint(shop))
    cli.register(app, shop)
    return app
