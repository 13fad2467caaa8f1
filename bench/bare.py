"""What the journey is measured against: a Flask page that reads a form and always says the same."""

from flask import Flask, Response, request

SCREEN = "CON Pasar Kampung\n1. Cari\n2. Kategori\n3. Pesanan saya\n4. Jualan saya\n5. Akun"
PATH = "/ussd"


def create_app() -> Flask:
    """An application with that one page."""
    app = Flask(__name__, static_folder=None)

    @app.post(PATH)
    def hop() -> Response:
        request.form["text"]
        return Response(SCREEN, content_type="text/plain; charset=utf-8")

    return app
