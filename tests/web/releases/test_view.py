"""Releases under /data/: pages, files that never change, signposts, feeds, and the sitemap. All of them invented."""

import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import partial
from hashlib import sha256
from pathlib import Path
from xml.etree import ElementTree

import pytest
from werkzeug.test import Client, TestResponse

from justicegraph.build import build_snapshot
from justicegraph.namespaces import DATA, ID, JG, LICENCE
from justicegraph.release.manifest import Changes, File, Release
from justicegraph.sparql.query import Query, Result
from justicegraph.web import Site, sitemap
from justicegraph.web.releases import feeds
from justicegraph.web.releases import view as data
from tests.support.project import app_of_snapshot
from tests.support.servers import Client as Socket
from tests.support.servers import started
from tests.web.test_documents import BROWSER, Page, Whole

ATOM = "{http://www.w3.org/2005/Atom}"
MAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
LONG = bytes(range(256)) * 4
CONTENT = {
    "README.md": (b"# Invented\n", "text/markdown", ""),
    "catalogue.jsonld": (b"{}\n", "application/ld+json", ""),
    "catalogue.ttl": (b"# nothing\n", "text/turtle", ""),
    "delta/added.nq.gz": (b"\x1f\x8b added", "application/n-quads", "gzip"),
    "justicegraph.nq.gz": (LONG, "application/n-quads", "gzip"),
    "justicegraph.nq.zst": (b"(\xb5/\xfd", "application/n-quads", "zstd"),
    "tables/people.csv": (b"name\nInvented Person\n", "text/csv; charset=utf-8", ""),
}
NEWEST, OLDER, WITHDRAWN = "2026-11-21", "2026-10-03.1", "2026-10-03"
NQUADS = f"/data/{NEWEST}/justicegraph.nq.gz"
CHANGES = Changes(1_234, 1, ("invented-person",), ("invented-group",), ("invented-past",))


def write_release(place: Path, release: Release) -> Path:
    """Write an invented release; a withdrawn one has no files."""
    folder = place / release.version
    files = []
    for name, (body, kind, coding) in ({} if release.withdrawn_for else CONTENT).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        files.append(File(name, len(body), sha256(body).hexdigest(), kind, f"What {name} is for", coding))
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "SHA256SUMS").write_text("".join(f"{file.sha256}  {file.name}\n" for file in files))
    (folder / "secret.txt").write_text("not in the manifest")
    (folder / "release.json").write_bytes(replace(release, path=folder, files=tuple(files)).to_json())
    return folder


def write_releases(place: Path) -> Path:
    """Write three: the newest, an older one, and the one that this stands in for."""
    first = Release(place, OLDER, 1_000, 10, "a" * 64, counts={JG + "Person": 7, JG + "Entity": 10})
    write_release(place, replace(first, version=NEWEST, quads=2_233, previous=OLDER, changes=CHANGES))
    write_release(place, first)
    write_release(place, replace(first, version=WITHDRAWN, withdrawn_for=OLDER))
    (place / "other").mkdir()
    (place / "2026-12-24").mkdir()  # one that is being made
    (place.parent / "beside.txt").write_text("outside")
    return place


def client_of(project: Path, releases: Path, change: Callable[[Site], Site] = lambda site: site) -> Client:
    app = app_of_snapshot(build_snapshot(project, project / "build"), project)
    change(replace(app.extensions["site"], releases=releases)).attach(app)
    return Whole(app)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_releases(tmp_path_factory.mktemp("data") / "releases")


@pytest.fixture(scope="module")
def client(shared_project: Path, releases: Path) -> Client:
    return client_of(shared_project, releases)


@pytest.fixture(scope="module")
def without(shared_project: Path, tmp_path_factory: pytest.TempPathFactory) -> Client:
    """A site that has no release yet."""
    return client_of(shared_project, tmp_path_factory.mktemp("without") / "releases")


def links_of(response: TestResponse) -> dict[str, list[str]]:
    """Return the targets of a Link header by their relation."""
    found: dict[str, list[str]] = {}
    for link in response.headers["Link"].split(", <"):
        target, _, rest = link.lstrip("<").partition(">")
        found.setdefault(rest.partition('rel="')[2].partition('"')[0], []).append(target)
    return found


# Pages.


@pytest.mark.parametrize("path", ["/data/", f"/data/{NEWEST}/", f"/data/{OLDER}/"])
def test_page_is_well_formed_and_each_link_on_it_leads_somewhere(path: str, client: Client) -> None:
    response = client.get(path, headers=BROWSER)
    page = Page(response.text)
    assert (response.status_code, page.tags.count("h1"), "script" in page.tags) == (200, 1, False)
    assert len(page.ids) == len(set(page.ids))
    for link in {
        link.partition("#")[0] for link in page.links if link.startswith("/") and link != f"/data/{WITHDRAWN}/"
    }:
        assert client.get(link, headers=BROWSER).status_code == 200, link
    assert "style-src 'self'" in response.headers["Content-Security-Policy"]


def test_page_of_all_tells_of_the_newest_and_lists_the_others(client: Client) -> None:
    text = " ".join(client.get("/data/", headers=BROWSER).text.split())
    hashes = [sha256(body).hexdigest() for body, _, _ in CONTENT.values()]
    for expected in ("2,233 quads on 10 entries", "What tables/people.csv is for", "1.0 kB", "Entity 10, Person 7", "1,234 quads added",
                 "1 entry added", LICENCE, f"{DATA}{NEWEST}/", *hashes):  # fmt: skip
        assert expected in text, expected
    assert f'href="/data/{NEWEST}/delta/added.nq.gz"' in text
    assert f'href="/data/{OLDER}/"' in text.partition("Earlier releases")[2]
    assert f'{WITHDRAWN} <span class="status">withdrawn</span>' in text
    assert f'<a href="/data/{OLDER}/">{OLDER}</a> replaces it' in text


def test_release_that_appears_is_shown_at_once(shared_project: Path, tmp_path: Path) -> None:
    client = client_of(shared_project, tmp_path / "releases")
    assert "No dated release has been published yet" in client.get("/data/").text
    write_releases(tmp_path / "releases")
    assert f'Release <a href="/data/{NEWEST}/">' in client.get("/data/").text


def test_where_there_is_no_release_the_dumps_are_shown(without: Client) -> None:
    page = without.get("/data/", headers=BROWSER)
    assert (page.status_code, "justicegraph.nq" in page.text, "latest" in page.text) == (200, True, False)
    assert set(links_of(page)) == {"license", "type", "alternate"}
    for path in ("/data/latest/", "/data/latest/README.md"):
        assert (without.get(path).status_code, "no release yet" in without.get(path).text) == (404, True)
    assert "<entry>" not in without.get("/data/releases.atom").text


@pytest.mark.parametrize(
    ("accept", "kind", "body"),
    [("", "text/html", b""), (BROWSER["Accept"], "text/html", b""), ("text/turtle", "text/turtle", b"# nothing\n"),
     ("application/ld+json", "application/ld+json", b"{}\n"), ("application/json", "application/ld+json", b"{}\n")],
)  # fmt: skip
def test_release_comes_as_page_or_as_catalogue(accept: str, kind: str, body: bytes, client: Client) -> None:
    response = client.get(f"/data/{NEWEST}/", headers={"Accept": accept})
    assert (response.status_code, response.mimetype) == (200, kind)
    assert response.data == body or kind == "text/html"
    assert (response.headers["Vary"].split(", ")[0], response.headers["Cache-Control"]) == ("Accept", "no-cache")


def test_release_in_no_known_form_is_refused(client: Client) -> None:
    assert client.get(f"/data/{NEWEST}/", headers={"Accept": "image/png"}).status_code == 406


@pytest.mark.parametrize(
    ("size", "expected"), [(0, "0 bytes"), (1, "1 byte"), (999, "999 bytes"), (1_000, "1.0 kB"), (999_990, "1.0 MB"),
                       (12_345_678, "12.3 MB"), (5 * 10**15, "5000.0 TB")],
)  # fmt: skip
def test_size_has_units(size: int, expected: str) -> None:
    assert data.human_size(size) == expected


# Files.


def test_file_is_what_the_manifest_says_for_ever(client: Client) -> None:
    response = client.get(NQUADS)
    assert response.data == LONG
    assert response.headers["ETag"] == f'"{sha256(LONG).hexdigest()}"'
    assert response.headers["Content-Type"] == "application/gzip"
    assert "Content-Encoding" not in response.headers
    assert set(response.headers["Cache-Control"].split(", ")) == {"public", "no-cache"}
    assert response.headers["Last-Modified"] == "Sat, 21 Nov 2026 00:00:00 GMT"
    assert response.headers["Content-Disposition"] == "attachment; filename=justicegraph.nq.gz"
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert links_of(response) == {"collection": [f"/data/{NEWEST}/"], "license": [LICENCE]}


@pytest.mark.parametrize(
    ("name", "kind", "how"),
    [("README.md", "text/markdown; charset=utf-8", "inline"), ("tables/people.csv", "text/csv; charset=utf-8", "attachment"),
     ("justicegraph.nq.zst", "application/zstd", "attachment"), ("catalogue.jsonld", "application/ld+json", "inline"),
     ("catalogue.ttl", "text/turtle; charset=utf-8", "inline"), ("release.json", "application/json", "inline"),
     ("SHA256SUMS", "text/plain; charset=utf-8", "attachment")],
)  # fmt: skip
def test_file_names_its_type_and_whether_to_save_it(
    name: str, kind: str, how: str, client: Client, releases: Path
) -> None:
    response = client.get(f"/data/{NEWEST}/{name}")
    assert response.data == (releases / NEWEST / name).read_bytes()
    assert (response.headers["Content-Type"], response.headers["Content-Disposition"].partition(";")[0]) == (kind, how)
    assert response.headers["ETag"] == f'"{sha256(response.data).hexdigest()}"'


@pytest.mark.parametrize(
    ("asked", "start", "end"),
    [("bytes=0-9", 0, 10), ("bytes=1000-", 1000, 1024), ("bytes=-24", 1000, 1024), ("bytes=-99999", 0, 1024),
     ("bytes=1000-999999999999", 1000, 1024), ("Bytes = 5 - 5", 5, 6)],
)  # fmt: skip
def test_part_of_a_file_is_given(asked: str, start: int, end: int, client: Client) -> None:
    part = client.get(NQUADS, headers={"Range": asked})
    assert (part.status_code, part.data) == (206, LONG[start:end])
    assert part.headers["Content-Range"] == f"bytes {start}-{end - 1}/1024"
    assert (part.headers["Content-Length"], part.headers["Accept-Ranges"]) == (str(end - start), "bytes")


@pytest.mark.parametrize("asked", ["bytes=1024-", "bytes=99999999-", "bytes=-0", "bytes=999999999999999999-"])
def test_range_behind_the_end_is_told_where_that_is(asked: str, client: Client) -> None:
    response = client.get(NQUADS, headers={"Range": asked})
    assert (response.status_code, response.mimetype) == (416, "application/problem+json")
    assert response.headers["Content-Range"] == "bytes */1024"


@pytest.mark.parametrize(
    "asked",
    ["bytes=0-1,5-6", "lines=0-9", "bytes=9-5", "bytes=-", "bytes=", "x", "bytes=--5", "bytes=0-" + "9" * 5_000,
     "bytes=" + "0-0," * 5_000],
)  # fmt: skip
def test_range_that_means_nothing_here_is_passed_over(asked: str, client: Client) -> None:
    response = client.get(NQUADS, headers={"Range": asked})
    assert (response.status_code, len(response.data)) == (200, 1024)


def test_part_is_given_of_the_same_file_only(client: Client) -> None:
    tag = client.get(NQUADS).headers["ETag"]
    assert client.get(NQUADS, headers={"Range": "bytes=0-9", "If-Range": tag}).status_code == 206
    assert client.get(NQUADS, headers={"Range": "bytes=0-9", "If-Range": '"other"'}).status_code == 200
    assert client.get(NQUADS, headers={"Range": "bytes=0-9", "If-None-Match": tag}).status_code == 304
    assert client.get(NQUADS, headers={"If-Match": '"other"'}).status_code == 412


def test_file_that_the_client_has_is_not_sent_again(client: Client) -> None:
    first = client.get(NQUADS)
    for known in ({"If-None-Match": first.headers["ETag"]}, {"If-Modified-Since": first.headers["Last-Modified"]}):
        again = client.get(NQUADS, headers=known)
        assert (again.status_code, again.data, again.headers["ETag"]) == (304, b"", first.headers["ETag"])
        assert "no-cache" in again.headers["Cache-Control"]


def test_head_says_what_get_would(client: Client) -> None:
    head = client.head(NQUADS, headers={"Range": "bytes=0-9"})
    assert (head.status_code, head.data, head.headers["Content-Length"]) == (200, b"", "1024")
    assert head.headers["ETag"] == client.get(NQUADS).headers["ETag"]


HOSTILE = [
    "/data/2026-11-21/secret.txt", "/data/2026-11-21/../beside.txt", "/data/2026-11-21/..%2F..%2Fbeside.txt",
    "/data/2026-11-21/%2Fetc%2Fpasswd", "/data/2026-11-21/tables", "/data/2026-11-21/tables/", "/data/2026-11-21/x%00.csv",
    "/data/2026-11-21%00/README.md", "/data/../beside.txt", "/data/%2E%2E/beside.txt", "/data/%00/", "/data/%FF/%FE",
    "/data/other/", "/data/2026-12-24/", "/data/2026-12-24/release.json", "/data/9999-99-99/", "/data/2026-11-21.0/",
    "/data/2026-11-21%0A/", "/data/٢٠٢٦-11-21/", "/data/2026-11-21." + "1" * 5_000 + "/", "/data/" + "a" * 5_000 + "/x",
    "/data/2026-11-21/" + "a/" * 2_000, "/data/latest/nothing.csv", "/data/latest/..%2F..%2Fbeside.txt", "/data/2026-11-21.1",
    "/data/releases.atom/", "/sitemap-0.xml", "/sitemap-2.xml", "/sitemap-" + "9" * 5_000 + ".xml", "/sitemap-x.xml",
    "/context/v1/frames/Nothing", "/context/v1/frames/%00",
]  # fmt: skip


@pytest.mark.parametrize("path", HOSTILE, ids=lambda path: path[:40])
def test_hostile_address_finds_nothing(path: str, client: Client) -> None:
    response = client.get(path)
    if response.status_code == 308:
        response = client.get(response.headers["Location"])
    assert (response.status_code, response.mimetype) == (404, "application/problem+json")
    assert "outside" not in response.text
    assert "not in the manifest" not in response.text


def test_release_that_cannot_be_read_does_not_tell_where_it_is(shared_project: Path, tmp_path: Path) -> None:
    write_release(tmp_path / "releases", Release(tmp_path, NEWEST, 1, 1, "")).joinpath("release.json").write_text("{")
    response = client_of(shared_project, tmp_path / "releases").get(f"/data/{NEWEST}/")
    assert (response.status_code, str(tmp_path) in response.text) == (500, False)


# The newest, and withdrawn ones.


@pytest.mark.parametrize("name", ["", "README.md", "tables/people.csv", "release.json"])
def test_latest_leads_to_the_newest_for_now(name: str, client: Client) -> None:
    response = client.get(f"/data/latest/{name}")
    assert (response.status_code, response.headers["Location"]) == (307, f"/data/{NEWEST}/{name}")
    assert response.headers["Cache-Control"] == "no-cache"


def test_address_without_the_slash_leads_on(client: Client) -> None:
    assert client.get(f"/data/{NEWEST}").headers["Location"] == f"/data/{NEWEST}/"
    assert client.get("/data/latest").headers["Location"] == f"/data/{NEWEST}/"


def test_latest_passes_over_what_was_withdrawn(shared_project: Path, tmp_path: Path) -> None:
    place = write_releases(tmp_path / "releases")
    write_release(place, Release(place, NEWEST, 0, 0, "", withdrawn_for=OLDER))
    client = client_of(shared_project, place)
    assert client.get("/data/latest/").headers["Location"] == f"/data/{OLDER}/"


@pytest.mark.parametrize("name", ["", "README.md", "release.json", "nothing"])
def test_withdrawn_release_is_gone_and_names_what_stands_in_for_it(name: str, client: Client) -> None:
    plain, page = client.get(f"/data/{WITHDRAWN}/{name}"), client.get(f"/data/{WITHDRAWN}/{name}", headers=BROWSER)
    assert (plain.status_code, plain.mimetype) == (410, "application/problem+json")
    assert json.loads(plain.data)["withdrawn_for"] == OLDER
    assert f"removed on request; the release {OLDER} replaces it" in json.loads(plain.data)["detail"]
    assert (page.status_code, page.mimetype) == (410, "text/html")
    assert f"/data/{OLDER}/" in Page(page.text).links
    for response in (plain, page):
        assert response.headers["Link"] == f'</data/{OLDER}/>; rel="successor-version"'


def test_what_stands_in_may_have_been_withdrawn_too(shared_project: Path, tmp_path: Path) -> None:
    place = write_releases(tmp_path / "releases")
    write_release(place, Release(place, OLDER, 0, 0, "", withdrawn_for=NEWEST))
    gone = client_of(shared_project, place).get(f"/data/{WITHDRAWN}/")
    assert gone.headers["Link"] == f'</data/{NEWEST}/>; rel="successor-version"'


# Signposts.


@pytest.mark.parametrize("path", ["/data/", f"/data/{NEWEST}/"])
def test_signposts_stand_at_a_release(path: str, client: Client) -> None:
    links = links_of(client.get(path))
    assert links.pop("alternate", None) == (["/data/releases.atom", "/data/changes.atom"] if path == "/data/" else None)
    assert links == {
        "license": [LICENCE],
        "type": ["https://schema.org/Dataset"],
        "cite-as": [f"{DATA}{NEWEST}/"],
        "describedby": [f"/data/{NEWEST}/catalogue.jsonld", f"/data/{NEWEST}/catalogue.ttl"],
        "item": [f"/data/{NEWEST}/{name}" for name in CONTENT],
    }


def test_signpost_names_the_type_in_which_a_file_comes(client: Client) -> None:
    assert f'<{NQUADS}>; rel="item"; type="application/gzip"' in client.head(f"/data/{NEWEST}/").headers["Link"]


# Feeds.


@pytest.mark.parametrize("name", ["releases.atom", "changes.atom"])
def test_feed_is_as_atom_demands_and_asked_again_for_nothing(name: str, client: Client) -> None:
    response = client.get(f"/data/{name}", headers={"Host": "invented.example"})
    feed = ElementTree.fromstring(response.data)
    assert response.headers["Content-Type"] == "application/atom+xml; charset=utf-8"
    assert feed.findtext(f"{ATOM}id") == DATA + name
    assert feed.findtext(f"{ATOM}updated") == f"{NEWEST}T00:00:00Z"
    assert feed.findtext(f"{ATOM}author/{ATOM}name") == "JusticeGraph"
    assert feed.find(f"{ATOM}link").attrib["href"] == f"http://invented.example/data/{name}"  # type: ignore[union-attr]
    ids = [element.text for element in feed.iterfind(f"{ATOM}entry/{ATOM}id")]
    assert len(ids) == len(set(ids)) == 3
    again = client.get(f"/data/{name}", headers={"Host": "invented.example", "If-None-Match": response.headers["ETag"]})
    assert (again.status_code, again.data) == (304, b"")


def texts_of(response: TestResponse, name: str) -> list[str | None]:
    return [element.text for element in ElementTree.fromstring(response.data).iterfind(f"{ATOM}entry/{ATOM}{name}")]


def test_feed_of_releases_says_what_changed(client: Client) -> None:
    response = client.get("/data/releases.atom")
    assert texts_of(response, "id") == [f"{DATA}{version}/" for version in (NEWEST, OLDER, WITHDRAWN)]
    newest, older, withdrawn = texts_of(response, "summary")
    assert newest == (
        f"2,233 quads on 10 entries. Since {OLDER}: 1 entry added, 1 entry changed, 1 entry removed; "
        "1,234 quads added, 1 removed."
    )
    assert older == "1,000 quads on 10 entries."
    assert withdrawn == f"Withdrawn on request. The release {OLDER} replaces it."
    assert f"/data/{NEWEST}/catalogue.ttl" in response.text


def test_feed_of_changes_names_entries_by_their_labels(client: Client) -> None:
    response = client.get("/data/changes.atom")
    assert texts_of(response, "title") == ["Invented Person", "Invented Group", "invented-past"]
    assert texts_of(response, "id")[0] == f"{ID}invented-person#{NEWEST}"
    assert texts_of(response, "content")[2] == f"Removed in the release {NEWEST}."
    assert 'href="http://localhost/doc/invented-group"' in response.text


def test_feed_of_changes_ends_and_asks_one_question(shared_project: Path, tmp_path: Path) -> None:
    place = tmp_path / "releases"
    asked: list[Query] = []
    slugs = tuple(f"invented-{'long-' * 40}{number}" for number in range(600))
    write_release(place, Release(place, NEWEST, 1, 1, "", changes=Changes(1, 0, slugs, (), ())))

    def counted(site: Site, question: Query) -> Result:
        asked.append(question)
        return site.run_query(question)

    client = client_of(shared_project, place, lambda site: replace(site, run_query=partial(counted, site)))
    response = client.get("/data/changes.atom")
    assert (response.status_code, len(texts_of(response, "id")), len(asked)) == (200, 500, 1)


def test_feed_names_nobody_who_asked_to_be_left_out(shared_project: Path, releases: Path) -> None:
    client = client_of(shared_project, releases, lambda site: replace(site, is_removed="invented-past".__eq__))
    assert "invented-past" not in client.get("/data/changes.atom").text


def test_feed_has_no_character_that_xml_cannot_have() -> None:
    text = feeds.xml_text("Invented\x0b \ufffe\ud800name\t\U0001f54a")
    assert ElementTree.fromstring(f"<title>{text}</title>").text == "Invented\ufffd \ufffd\ufffdname\t\U0001f54a"


@pytest.mark.parametrize("host", ['a"<b>', "a\x01b", "ä", "", "invented.example:x"])
def test_odd_host_breaks_neither_feed_nor_sitemap(host: str, client: Client) -> None:
    for path in ("/data/releases.atom", "/sitemap.xml", "/robots.txt"):
        response = client.get(path, environ_overrides={"HTTP_HOST": host})
        assert response.status_code == 200
        assert path == "/robots.txt" or ElementTree.fromstring(response.data) is not None


# Crawlers, and frames.


def addresses(client: Client, path: str) -> list[str | None]:
    response = client.get(path, headers={"Host": "invented.example"})
    assert (response.status_code, response.mimetype) == (200, "application/xml")
    return [element.text for element in ElementTree.fromstring(response.data).iter(f"{MAP}loc")]


def test_sitemap_names_every_document_by_an_address_that_answers(client: Client) -> None:
    found = addresses(client, "/sitemap.xml")
    assert "http://invented.example/doc/invented-person" in found
    assert "http://invented.example/doc/invented-misspelt" not in found
    for address in found:
        assert client.get((address or "").removeprefix("http://invented.example"), headers=BROWSER).status_code == 200
    assert "lastmod" not in client.get("/sitemap.xml").text, "a release changes few of the pages"


@pytest.mark.parametrize("page", [1, 2, 3, 4])
def test_large_sitemap_is_an_index_of_small_ones(page: int, client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = addresses(client, "/sitemap.xml")
    monkeypatch.setattr(sitemap, "PAGE", page)
    maps = addresses(client, "/sitemap.xml")
    assert maps == [f"http://invented.example/sitemap-{number}.xml" for number in range(1, 1 + -(-len(whole) // page))]
    parts = [addresses(client, (address or "").removeprefix("http://invented.example")) for address in maps]
    assert [address for part in parts for address in part] == whole
    assert max(map(len, parts)) == page


def test_robots_are_led_to_the_sitemap_and_kept_from_questions(client: Client) -> None:
    lines = client.get("/robots.txt", headers={"Host": "invented.example"}).text.splitlines()
    assert [line for line in lines if line.startswith("Disallow")] == ["Disallow: /sparql", "Disallow: /query"]
    assert "Sitemap: http://invented.example/sitemap.xml" in lines


def test_frames_are_served_beside_the_context(client: Client) -> None:
    response = client.get("/context/v1/frames")
    frames = json.loads(response.data)
    assert (response.mimetype, frames["Person"]["type"]) == ("application/json", "Person")
    one = client.get("/context/v1/frames/Person")
    assert (one.mimetype, json.loads(one.data)) == ("application/ld+json", frames["Person"])
    for answer in (response, one, client.get("/context/v1")):
        assert answer.headers["Cache-Control"] == "public, max-age=86400"
        assert answer.headers["Access-Control-Allow-Origin"] == "*"


# A real server.


@pytest.fixture(scope="module")
def port(tmp_path_factory: pytest.TempPathFactory, shared_project: Path) -> Iterator[int]:
    """A server whose releases lie where it looks for them."""
    build = tmp_path_factory.mktemp("served") / "build"
    write_releases(build / "releases")
    with started(shared_project, "--build-dir", str(build)) as server:
        yield server.port


def test_server_sends_files_whole_and_in_parts(port: int) -> None:
    with Socket(port) as socket:
        whole, head = socket.get(NQUADS), socket.get(NQUADS, "HEAD")
        assert (whole.status, whole.body, head.status, head.body) == (200, LONG, 200, b"")
        assert head.headers["etag"] == whole.headers["etag"] == f'"{sha256(LONG).hexdigest()}"'
        part = socket.get(NQUADS, Range="bytes=1000-", If_Range=whole.headers["etag"])
        assert (part.status, part.body, part.headers["content-range"]) == (206, LONG[1000:], "bytes 1000-1023/1024")
        assert socket.get(NQUADS, Range="bytes=0-0").body == LONG[:1]
        assert socket.get(NQUADS, Range="bytes=5000-").status == 416
        assert socket.get(NQUADS, If_None_Match=whole.headers["etag"]).status == 304
        assert socket.get("/data/justicegraph.nq", Range="bytes=0-9").status == 206


@pytest.mark.parametrize("path", ["/data/2026-11-21/../../beside.txt", "/data/2026-11-21/%2e%2e/%2e%2e/beside.txt",
                                  "/data/2026-11-21/x%00", "/data/..", "/data//etc/passwd"])  # fmt: skip
def test_server_serves_nothing_from_outside(path: str, port: int) -> None:
    with Socket(port) as socket:
        response = socket.get(path)
        assert (response.status in {308, 400, 404}, b"outside" in response.body) == (True, False)
        assert socket.get("/data/latest/README.md").headers["location"] == f"/data/{NEWEST}/README.md"
