"""The guard for the operator's pages: on this machine only, for whoever sees the terminal, and for no other page.

A page elsewhere can make a browser send requests here. So a request must name this machine as its host (else a name
that was bound to this address anew could read), a change must come from a page of ours, by a form that carries the
session's token, and the session begins with a code that only the terminal shows.
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
"""Wrong codes after which nobody can sign in until the command is started again."""

WAIT = 20
"""Seconds that a connection may take to send its request."""

_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"
"""What a code is made of: nothing that looks like another."""

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
    """Who may come in: by a code, once exchanged for a cookie. Each form carries the token of that session.

    There is one session: to sign in again ends the one before. Pages stand below `path`, and so does the cookie.
    """

    def __init__(self, path: str, port: int = 0) -> None:
        self.path, self.port = path, port
        self.code = "-".join("".join(secrets.choice(_LETTERS) for _ in range(4)) for _ in range(3))
        self.tries = TRIES
        self.token = ""
        self._key = ""
        self._lock = Lock()

    @property
    def address(self) -> str:
        """Where to open the first page: a code in it would stay in histories and logs, so there is none."""
        return f"http://{HOST}:{self.port}{self.path}"

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which a browser may know us: never another, wherever that leads."""
        names = (HOST, "localhost", "[::1]")
        return frozenset(f"{name}:{self.port}" for name in names) | (
            frozenset(names) if self.port == 80 else frozenset()
        )

    @property
    def cookie(self) -> str:
        """The cookie's name: browsers send cookies to every port of a host, so that two servers need two names."""
        return f"justicegraph-{self.port}"

    def let_in(self, said: str) -> str:
        """Return the cookie of a new session where the code is right; nothing where not, or after too many tries."""
        with self._lock:
            code = "".join(each for each in said.upper() if each in _LETTERS)
            if self.tries <= 0 or not _same(code, self.code.replace("-", "")):
                self.tries -= 1
                return ""
            self.tries = TRIES
            self._key, self.token = secrets.token_urlsafe(32), secrets.token_urlsafe(32)
            return self._key

    def knows(self, cookie: str) -> bool:
        """Tell whether this is the cookie of the session."""
        return bool(self._key) and _same(cookie, self._key)


LocalApp = Flask
"""What `local_app` makes."""


def local_app(door: Door) -> Flask:
    """Return an application whose every request passes the guard; views below the door's path are for its owner.

    Its templates have `token()`, which stands in each form as `token`.
    """
    app = Flask("justicegraph.web", static_url_path=f"{door.path}/static")
    app.config.update(
        MAX_CONTENT_LENGTH=LARGEST, MAX_FORM_MEMORY_SIZE=LARGEST, MAX_FORM_PARTS=20, PROVIDE_AUTOMATIC_OPTIONS=False
    )
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(token=lambda: door.token, path=door.path)
    app.before_request(lambda: _guard(door))
    app.after_request(_sealed)
    app.register_error_handler(HTTPException, _problem)
    app.add_url_rule("/", "root", lambda: redirect(door.path, 303))
    app.add_url_rule(f"{door.path}/sign-in", "sign_in", lambda: _sign_in(door), methods=["POST"])
    return app


@contextmanager
def serve_locally(app: Flask, door: Door) -> Iterator[Callable[[], None]]:
    """Serve on the door's port of this machine, 0 for any; give what waits until it ends. Raise PortInUse."""
    try:
        listening = socket.create_server((HOST, door.port))
    except OSError as error:
        raise PortInUse(
            f"{HOST}:{door.port} cannot be listened on: {error.strerror}. Choose another --port."
        ) from error
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

    def log(self, *_: object) -> None:  # nothing is told of who asked for what
        return

    def version_string(self) -> str:
        return "justicegraph"


def _guard(door: Door) -> AnyResponse | str | tuple[str, int] | None:
    """Let a request pass, or answer it."""
    host = request.headers.get("Host", "")
    if host not in door.hosts:
        abort(421, "This server answers to its own names only: open the address that the terminal shows.")
    if request.query_string:
        abort(400, "This page takes nothing in its address: what you enter goes into its forms.")
    _check_origin(request.headers, f"http://{host}", changes=request.method == "POST")
    if request.method == "POST" and request.mimetype != "application/x-www-form-urlencoded":
        abort(415, "Only this page's own forms are read.")
    if request.endpoint in {"static", "sign_in", "root"}:
        return None
    if not door.knows(request.cookies.get(door.cookie, "")):
        return render_template("local_sign_in.html", tries=door.tries), 403
    if request.method == "POST" and not _same(request.form.get("token", ""), door.token):
        abort(403, "This form is from an earlier session. Open the page anew; nothing was changed.")
    return None


def _check_origin(headers: Headers, origin: str, *, changes: bool) -> None:
    """Refuse what another page makes a browser send: another port of this machine is another page as well.

    https://www.w3.org/TR/fetch-metadata/ and RFC 6454. A change without any word on where it comes from is refused too.
    """
    site, mode = headers.get("Sec-Fetch-Site"), headers.get("Sec-Fetch-Mode", "")
    if site not in {None, "same-origin", "none"} and (changes or mode != "navigate"):
        abort(403, "Another page sent this. Open the page here yourself.")
    if not changes:
        return
    referrer = headers.get("Referer", "")
    said = headers.get("Origin") or (origin if referrer.startswith(f"{origin}/") else "")
    if said != origin:
        abort(403, "It is not clear that this page sent this. Open it anew, and let the browser tell its origin.")


def _sign_in(door: Door) -> AnyResponse | tuple[str, int]:
    cookie = door.let_in(request.form.get("code", "")[:100])
    if not cookie:
        return render_template("local_sign_in.html", tries=door.tries, is_wrong=True), 403
    response = redirect(door.path, 303)
    response.set_cookie(door.cookie, cookie, path=door.path, httponly=True, samesite="Strict")
    return response


def _sealed(response: Response) -> Response:
    for name, value in _HEADERS.items():
        response.headers[name] = value
    return response


def _problem(error: HTTPException) -> tuple[str, int]:
    sentence = {
        404: "There is nothing at this address.",
        405: "This address does not answer that: what changes something is sent by a form.",
        413: "That is more than a form of this page sends.",
        500: "Something went wrong here. What was decided before is recorded.",
    }.get(error.code or 500, error.description or "")
    return render_template("local_error.html", sentence=sentence), error.code or 500


def _same(one: str, other: str) -> bool:
    """Compare in a time that does not tell how much of it is right."""
    return hmac.compare_digest(one.encode(errors="replace"), other.encode())
