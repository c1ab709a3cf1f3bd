"""The operator's pages are open to whoever sees the terminal, on this machine, and to no other page or program."""

import socket
import time
from collections.abc import Iterator
from http.client import HTTPConnection
from typing import Any

import pytest
from flask import Flask, render_template_string
from werkzeug.test import Client, TestResponse

from justicegraph.admin import local
from justicegraph.admin.local import LARGEST, TRIES, Door, local_app, serve_locally
from justicegraph.errors import PortInUse

BASE = "http://127.0.0.1:8001"
OURS = {"Origin": BASE, "Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "navigate"}


class Whole(Client):
    """A client that reads each answer to its end, and asks as the page on BASE does."""

    def open(self, *args: Any, **options: Any) -> TestResponse:
        return super().open(*args, **{"base_url": BASE, "headers": OURS, **options}, buffered=True)


@pytest.fixture
def door() -> Door:
    return Door("/page", 8001)


@pytest.fixture
def app(door: Door) -> Flask:
    """A page that tells its token, and counts what was changed."""
    app = local_app(door)
    app.config["changed"] = 0

    def change() -> str:
        app.config["changed"] += 1
        return "changed"

    app.add_url_rule("/page", "show", lambda: render_template_string("token={{ token() }}"))
    app.add_url_rule("/page/change", "change", change, methods=["POST"])
    return app


@pytest.fixture
def guest(app: Flask) -> Whole:
    return Whole(app)


@pytest.fixture
def owner(app: Flask, door: Door) -> Whole:
    client = Whole(app)
    assert client.post("/page/sign-in", data={"code": door.code}).status_code == 303
    return client


def test_code_opens_and_the_cookie_is_kept_from_others(guest: Whole, door: Door) -> None:
    assert guest.get("/page").status_code == 403
    answer = guest.post("/page/sign-in", data={"code": f" {door.code.lower().replace('-', ' ')} "})
    assert (answer.status_code, answer.headers["Location"]) == (303, "/page")
    cookie = answer.headers["Set-Cookie"]
    assert cookie.startswith("justicegraph-8001=")
    assert cookie.endswith("; HttpOnly; Path=/page; SameSite=Strict")
    assert door.code not in cookie
    assert guest.get("/page").text == f"token={door.token}"


@pytest.mark.parametrize("code", ["", "AAAA-AAAA-AAAA", "\u0664", "x" * 5000])
def test_wrong_code_opens_nothing(code: str, guest: Whole) -> None:
    answer = guest.post("/page/sign-in", data={"code": code})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    assert guest.get("/page").status_code == 403


def test_no_code_opens_after_too_many_tries(guest: Whole, owner: Whole, door: Door) -> None:
    for _ in range(TRIES):
        guest.post("/page/sign-in", data={"code": "AAAA"})
    answer = guest.post("/page/sign-in", data={"code": door.code})
    assert (answer.status_code, "Set-Cookie" in answer.headers) == (403, False)
    assert "start the command again" in answer.text
    assert owner.get("/page").status_code == 200


def test_codes_differ_and_are_long_enough() -> None:
    codes = {Door("/page").code for _ in range(100)}
    assert len(codes) == 100
    assert {len(code.replace("-", "")) for code in codes} == {12}  # 30 letters: 58 bits


def test_new_session_ends_the_one_before(guest: Whole, owner: Whole, door: Door) -> None:
    old = door.token
    guest.post("/page/sign-in", data={"code": door.code})
    assert (owner.get("/page").status_code, guest.get("/page").status_code) == (403, 200)
    assert guest.post("/page/change", data={"token": old}).status_code == 403


@pytest.mark.parametrize("host", ["attacker.example", "attacker.example:8001", "127.0.0.1", "127.0.0.1:8002", "localhost",
                                  "localhost:8001.attacker.example", "127.0.0.1:8001@attacker.example", "0.0.0.0:8001", ""])  # fmt: skip
def test_another_host_name_is_refused(host: str, owner: Whole, door: Door, app: Flask) -> None:
    for path in ("/page", "/page/static/style.css", "/page/sign-in", "/"):
        answer = owner.get(path, headers={"Host": host})
        assert answer.status_code == 421
        assert door.token not in answer.text
    assert owner.post("/page/change", data={"token": door.token}, headers={**OURS, "Host": host}).status_code == 421
    assert app.config["changed"] == 0


@pytest.mark.parametrize("host", ["127.0.0.1:8001", "localhost:8001", "[::1]:8001"])
def test_names_of_this_machine_are_answered(host: str, guest: Whole, door: Door) -> None:
    there = {"base_url": f"http://{host}", "headers": {"Origin": f"http://{host}"}}
    assert guest.post("/page/sign-in", data={"code": door.code}, **there).status_code == 303


FOREIGN: list[dict[str, str]] = [
    {"Origin": "http://attacker.example"},
    {"Origin": "null"},
    {"Origin": "http://127.0.0.1:3000"},
    {"Origin": "https://127.0.0.1:8001"},
    {"Origin": "http://localhost:8001"},
    {"Origin": f"{BASE}.attacker.example"},
    {"Origin": BASE, "Sec-Fetch-Site": "cross-site"},
    {"Origin": BASE, "Sec-Fetch-Site": "same-site"},
    {"Referer": "http://attacker.example/"},
    {"Referer": f"{BASE}.attacker.example/"},
    {"Referer": f"{BASE}/page", "Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"},
    {"Origin": "http://attacker.example", "Referer": f"{BASE}/page"},
    {},
]


@pytest.mark.parametrize("headers", FOREIGN, ids=str)
def test_change_from_elsewhere_is_refused(headers: dict[str, str], owner: Whole, door: Door, app: Flask) -> None:
    assert owner.post("/page/change", data={"token": door.token}, headers=headers).status_code == 403
    assert app.config["changed"] == 0
    assert owner.post("/page/sign-in", data={"code": door.code}, headers=headers).status_code == 403


def test_change_from_here_needs_an_origin_or_a_referrer(owner: Whole, door: Door, app: Flask) -> None:
    for headers in (OURS, {"Origin": BASE}, {"Referer": f"{BASE}/page"}):
        assert owner.post("/page/change", data={"token": door.token}, headers=headers).text == "changed"
    assert app.config["changed"] == 3


@pytest.mark.parametrize(
    "form", [{"other": "x"}, {"token": ""}, {"token": "wrong"}, {"token": "\u00e9"}, {"TOKEN": "x"}]
)
def test_form_without_the_token_changes_nothing(form: dict[str, str], owner: Whole, app: Flask) -> None:
    assert owner.post("/page/change", data=form).status_code == 403
    assert app.config["changed"] == 0


def test_token_without_the_cookie_changes_nothing(owner: Whole, guest: Whole, door: Door, app: Flask) -> None:
    guest.set_cookie(door.cookie, "wrong", domain="127.0.0.1", path="/page")
    assert guest.post("/page/change", data={"token": door.token}).status_code == 403
    assert app.config["changed"] == 0


@pytest.mark.parametrize("method", ["GET", "HEAD", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE"])
def test_only_a_posted_form_changes(method: str, owner: Whole, app: Flask) -> None:
    assert owner.open("/page/change", method=method).status_code == 405
    assert app.config["changed"] == 0


def test_token_in_an_address_is_refused(owner: Whole, door: Door, app: Flask) -> None:
    assert owner.post(f"/page/change?token={door.token}").status_code == 400
    assert owner.get(f"/page?code={door.code}").status_code == 400
    assert app.config["changed"] == 0
    assert door.code not in door.address


@pytest.mark.parametrize("kind", ["text/plain", "application/json", "multipart/form-data; boundary=x"])
def test_only_forms_are_read(kind: str, owner: Whole, door: Door) -> None:
    body = f"token={door.token}"
    assert owner.post("/page/change", data=body, content_type=kind).status_code == 415


@pytest.mark.parametrize("path", ["/page/change", "/page/sign-in"])
def test_body_that_is_too_long_is_refused(path: str, owner: Whole, door: Door, app: Flask) -> None:
    form = {"token": door.token, "code": door.code, "more": "x" * LARGEST}
    assert owner.post(path, data=form).status_code == 413
    assert app.config["changed"] == 0


@pytest.mark.parametrize("mode", ["no-cors", "cors", "websocket"])
def test_another_page_cannot_load_what_is_here(mode: str, owner: Whole) -> None:
    for site in ("cross-site", "same-site"):
        headers = {"Sec-Fetch-Site": site, "Sec-Fetch-Mode": mode}
        assert owner.get("/page", headers=headers).status_code == 403
        assert owner.get("/page/static/style.css", headers=headers).status_code == 403


@pytest.mark.parametrize("path", ["/page", "/page/nothing", "/page/static/style.css", "/", "/page/sign-in"])
def test_every_answer_is_sealed(path: str, guest: Whole, owner: Whole) -> None:
    for client in (guest, owner):
        headers = client.get(path).headers
        assert headers["Cache-Control"] == "no-store"
        assert headers["X-Frame-Options"] == "DENY"
        assert "frame-ancestors 'none'" in headers["Content-Security-Policy"]
        assert "unsafe" not in headers["Content-Security-Policy"]
        assert not [name for name in headers.keys() if name.startswith("Access-Control")]  # noqa: SIM118  # headers


def test_unknown_address_tells_a_guest_nothing(guest: Whole, owner: Whole) -> None:
    assert (guest.get("/page/nothing").status_code, owner.get("/page/nothing").status_code) == (403, 404)


@pytest.fixture
def served(app: Flask, door: Door) -> Iterator[Door]:
    door.port = 0
    with serve_locally(app, door):
        yield door


def test_server_listens_on_this_machine_only(served: Door) -> None:
    connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
    connection.request("GET", "/page")
    answer = connection.getresponse()
    assert (answer.status, "Werkzeug" in answer.headers["Server"]) == (403, False)
    assert b"Enter the code" in answer.read()
    connection.close()
    with socket.socket() as other, pytest.raises(ConnectionRefusedError):
        other.connect(("127.0.0.2", served.port))


def test_server_is_not_held_up_by_whoever_says_nothing(served: Door, monkeypatch: pytest.MonkeyPatch) -> None:
    assert local._Handler.timeout == local.WAIT
    monkeypatch.setattr(local._Handler, "timeout", 0.2)
    with socket.create_connection(("127.0.0.1", served.port), timeout=10) as silent:
        connection = HTTPConnection("127.0.0.1", served.port, timeout=10)
        connection.request("GET", "/page")
        assert connection.getresponse().status == 403
        connection.close()
        begun = time.monotonic()
        assert silent.recv(1) == b""
        assert time.monotonic() - begun < 5


def test_port_that_is_taken_is_told(served: Door, app: Flask) -> None:
    with pytest.raises(PortInUse, match="Choose another --port"), serve_locally(app, Door("/page", served.port)):
        pass
