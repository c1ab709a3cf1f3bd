"""Guards the operator's pages: only this machine can open them, with a code that only the terminal shows.

Other pages can make a browser send requests here. So each request must name this machine as its host, which stops DNS
rebinding. A change must come from our own page, by a form with the session's token.
"""

import hmac
import secrets
import socket
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from threading import Lock, Thread

from flask import Flask, Response, abort, redirect, render_template, request
from werkzeug.datastructures import Headers
from werkzeug.exceptions import HTTPException
from werkzeug.serving import WSGIRequestHandler, make_server
from werkzeug.wrappers import Response as AnyResponse

from justicegraph.errors import PortInUse

HOST = "127.0.0.1"
LARGEST = 16 * 1024
"""Bytes of a form."""

TRIES = 10
"""Wrong codes until nobody can sign in any more, unless the command is started again."""

WAIT = 20
"""Seconds that a connection may take to send its request."""

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""The characters of a code; no two look alike."""

_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
}


class Door:
    """Lets in a browser that knows the code: it gets a cookie, and its forms carry the session's token.

    There is one session: a new sign-in ends the one before. The pages and the cookie are limited to `path`. Cookie and
    token are random and held in memory, so they need no signature.
    """

    def __init__(self, path: str, port: int = 0) -> None:
        self.path, self.port = path, port
        self.code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        self.tries = TRIES
        self.token = ""
        self._session = ""
        self._lock = Lock()

    @property
    def address(self) -> str:
        """The address of the first page. It has no code in it, since addresses stay in histories and logs."""
        return f"http://{HOST}:{self.port}{self.path}"

    @property
    def hosts(self) -> frozenset[str]:
        """The values of the Host header that are accepted."""
        names = (HOST, "localhost", "[::1]")
        return frozenset(f"{name}:{self.port}" for name in names) | (
            frozenset(names) if self.port == 80 else frozenset()
        )

    @property
    def cookie(self) -> str:
        """The name of the cookie. It differs by port, since browsers send cookies to every port of a host."""
        return f"justicegraph-{self.port}"

    def sign_in(self, entered: str) -> str:
        """Return the cookie of a new session if the code is right; "" if it is wrong, or after too many tries."""
        with self._lock:
            code = "".join(char for char in entered.upper() if char in _LETTERS)
            if self.tries <= 0 or not _is_same(code, self.code.replace("-", "")):
                self.tries -= 1
                return ""
            self.tries = TRIES
            self._session, self.token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            return self._session

    def knows(self, cookie: str) -> bool:
        """Tell whether this is the cookie of the session."""
        return bool(self._session) and _is_same(cookie, self._session)


LocalApp = Flask
"""The application that `local_app` returns."""


def local_app(door: Door) -> Flask:
    """Return an application that guards every request; only a signed-in browser sees the views below the door's path.

    Its templates have `token()`, for the field `token` of each form.
    """
    app = Flask("justicegraph.web", static_url_path=f"{door.path}/static")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, MAX_FORM_PARTS=20, PROVIDE_AUTOMATIC_OPTIONS=False
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(token=lambda: door.token, path=door.path)
    app.before_request(lambda: _guard(door))
    app.after_request(_add_headers)
    app.register_error_handler(HTTPException, _problem)
    app.add_url_rule("/", "root", lambda: redirect(door.path, 303))
    app.add_url_rule(f"{door.path}/sign-in", "sign_in", lambda: _sign_in(door), methods=["POST"])
    return app


@contextmanager
def serve_locally(app: Flask, door: Door) -> Iterator[Callable[[], None]]:
    """Serve on the door's port, 0 for any free one; give a function that waits for the end. Raise PortInUse."""
    try:
        listening = socket.create_server((HOST, door.port))
    except OSError as error:
        raise PortInUse(f"Cannot listen on {HOST}:{door.port}: {error.strerror}. Choose another --port.") from error
    with listening:
        door.port = listening.getsockname()[1]
        server = make_server(HOST, door.port, app, threaded=True, request_handler=_Handler, fd=listening.fileno())
        thread = Thread(target=server.serve_forever, daemon=True)
        thread.start()
        try:
            yield thread.join
        finally:
            server.shutdown()
            server.server_close()
            thread.join()


class _Handler(WSGIRequestHandler):
    timeout = WAIT

    def log(self, *_: object) -> None:  # requests are not logged
        return

    def version_string(self) -> str:
        return "justicegraph"


def _guard(door: Door) -> AnyResponse | str | tuple[str, int] | None:
    """Return None for a request that may pass, else a response that refuses it."""
    host = request.headers.get("Host", "")
    if host not in door.hosts:
        abort(421, "Wrong host name. Open the address that the terminal shows.")
    if request.query_string:
        abort(400, "This page has no parameters. Use its forms.")
    _check_origin(request.headers, f"http://{host}", changes=request.method == "POST")
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        abort(415, "Only this page's own forms are accepted.")
    if request.endpoint in {"static", "sign_in", "root"}:
        return None
    if not door.knows(request.cookies.get(door.cookie, "")):
        return render_template("local_sign_in.html", tries=door.tries), 403
    if request.method == "POST" and not _is_same(request.form.get("token", ""), door.token):
        abort(403, "This form is from an earlier session. Nothing was changed. Reload the page.")
    return None


def _check_origin(headers: Headers, origin: str, *, changes: bool) -> None:
    """Refuse a request that another page makes a browser send; another port of this machine is another page, too.

    See https://www.w3.org/TR/fetch-metadata/ and RFC 6454. A change whose origin is unknown is refused as well.
    """
    site, mode = headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Mode", "")
    if site not in {None, "same-origin", "none"} and (changes or mode != "navigate"):
        abort(403, "Another page sent this request. Open the page yourself.")
    if not changes:
        return
    referrer = headers.get("Referer", "")
    sender = headers.get("Origin") or (origin if referrer.startswith(f"{origin}/") else "")
    if sender != origin:
        abort(403, "The browser did not say that this page sent the form. Reload the page and try again.")


def _sign_in(door: Door) -> AnyResponse | tuple[str, int]:
    cookie = door.sign_in(request.form.get("code", "")[:100])
    if not cookie:
        return render_template("local_sign_in.html", tries=door.tries, is_wrong=True), 403
    response = redirect(door.path, 303)
    response.set_cookie(door.cookie, cookie, path=door.path, httponly=True, samesite="Strict")
    return response


def _add_headers(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _problem(error: HTTPException) -> tuple[str, int]:
    sentence = {
        404: "Page not found.",
        405: "This address accepts no such request. Changes are made by forms.",
        413: "This form is too long.",
        500: "Something went wrong. Your earlier decisions are saved.",
    }.get(error.code or 500, error.description or "")
    return render_template("local_error.html", sentence=sentence), error.code or 500


def _is_same(one: str, other: str) -> bool:
    """Compare in constant time."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
