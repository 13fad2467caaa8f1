"""What Kannel's user writes by hand: acknowledges an SMS first, and sends its text back later.

It keeps nothing: what it has acknowledged is gone when it dies.
"""

import os
import queue
import threading
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

import urllib3
from flask import Flask, Response, request

THREADS = 4
"""That send, in each process of the web server."""


def create_app() -> Flask:
    """The application; it sends to ECHO_URL, as the user of ECHO_USERNAME and ECHO_PASSWORD."""
    app = Flask(__name__, static_folder=None)
    waiting: queue.SimpleQueue[tuple[str, bytes]] = queue.SimpleQueue()
    pool = urllib3.PoolManager(maxsize=THREADS)
    account = {
        "Content-Type": "text/plain; charset=UTF-8",
        "X-Kannel-Username": os.environ["ECHO_USERNAME"],
        "X-Kannel-Password": os.environ["ECHO_PASSWORD"],
        "X-Kannel-From": "22345",
    }

    def send() -> None:
        while True:
            to, text = waiting.get()
            headers = {**account, "X-Kannel-To": to}
            pool.request("POST", os.environ["ECHO_URL"], body=text, headers=headers)

    for _ in range(THREADS):
        threading.Thread(target=send, daemon=True).start()

    @app.get("/sms")
    def sms() -> Response:
        waiting.put((request.args["from"], request.args["text"].encode()))
        return Response("", content_type="text/plain")

    return app


def create_sink() -> WSGIApplication:
    """An SMSC that takes whatever comes, as Kannel's smsbox says it."""

    def sink(environ: WSGIEnvironment, start_response: StartResponse) -> list[bytes]:
        environ["wsgi.input"].read()  # what is not read costs the connection
        start_response("202 Accepted", [("Content-Type", "text/plain")])
        return [b"0: Accepted for delivery"]

    return sink
