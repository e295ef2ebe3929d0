"""The storefront as the API serves it: pages and their heads, files, the policy, and what stays the API's own."""

from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from api.storefront import serving
from api.storefront.addresses import TITLES
from steadymint.settings import ApiSettings, MediaSettings, Settings
from tests.support.catalog_rows import CHAIN, collection_row, contract, insert, token_row
from tests.support.reads import Reads, serving_reads

SCRIPT = b"export const answer = 42;" * 100
HOSTILE = '"><script src=//evil.example>\x07</script> & more'
ART = collection_row(1, name="Lamps", description=HOSTILE, image_url="/media/" + "a" * 64)
HIDDEN = collection_row(3, is_hidden=True)
LAMP = token_row(ART, 1, name=HOSTILE)
PUBLIC = "https://shop.example"
SETTINGS = Settings(
    api=ApiSettings(public_url=PUBLIC, development_nodes={CHAIN: "http://127.0.0.1:8545/key"}),
    media=MediaSettings(public_url="http://media.example/below"),
)
LAMPS = f"/collections/{CHAIN}/{contract(1)}"


@pytest.fixture(scope="module")
def build(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    (folder / "index.html").write_text("<html><!--head--><title>x</title><!--/head--><body></body></html>")
    (folder / "assets").mkdir()
    (folder / "assets" / "app-1a2b.js").write_bytes(SCRIPT)
    (folder / "assets" / "app-1a2b.js.gz").write_bytes(gzip.compress(SCRIPT))
    (folder / "theme.js").write_text("1")
    (folder.parent / "secret.txt").write_text("secret")
    return folder


@pytest.fixture(scope="module")
async def reads(module_database: str, build: Path) -> AsyncIterator[Reads]:
    async with serving_reads(module_database) as found:
        await insert(found.pool, "catalog_service.collections", [ART])
        await insert(found.pool, "catalog_service.collections", [HIDDEN])
        await insert(found.pool, "catalog_service.tokens", [LAMP])
        found.app.state.services = replace(found.app.state.services, settings=SETTINGS)
        serving.install(found.app, SETTINGS, build)
        yield found


async def page(reads: Reads, path: str) -> Any:
    return await reads.http.get(path, headers={"accept": "text/html"})


def attribute(html: str, name: str) -> str:
    found = re.search(rf'<meta (?:name|property)="{name}" content="([^"]*)">', html)
    assert found, name
    return found[1]


async def test_a_page_has_its_head_and_a_policy_without_anything_inline(reads: Reads) -> None:
    answer = await page(reads, "/")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert answer.headers["cache-control"] == "public, no-cache"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "<title>Mint, collect and trade · Steadymint</title>" in answer.text
    rules = dict(one.split(" ", 1) for one in answer.headers["content-security-policy"].split("; "))
    assert "unsafe" not in answer.headers["content-security-policy"]
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == rules["style-src"] == "'self'"
    assert rules["frame-ancestors"] == rules["base-uri"] == "'none'"
    # Origins only: the path of a node's address may be a key.
    assert rules["connect-src"] == "'self' http://127.0.0.1:8545"
    assert rules["img-src"].split() == ["'self'", "data:", "blob:", "https:", "http://media.example"]


async def test_the_head_of_a_collection_is_what_the_catalog_says_of_it(reads: Reads) -> None:
    answer = await page(reads, LAMPS)
    assert answer.status_code == 200
    assert attribute(answer.text, "og:title") == "Lamps · Steadymint"
    assert attribute(answer.text, "og:image") == f"http://media.example/below/media/{'a' * 64}"
    assert attribute(answer.text, "twitter:card") == "summary_large_image"
    assert f'<link rel="canonical" href="{PUBLIC}/collections/{CHAIN}/{ART["slug"]}">' in answer.text


@pytest.mark.parametrize("path", [LAMPS, f"{LAMPS}/1", f"/mint/{CHAIN}/{contract(1)}"])
async def test_what_others_have_written_stays_text(reads: Reads, path: str) -> None:
    answer = await page(reads, path)
    assert answer.status_code == 200
    assert "<script" not in answer.text
    assert "\x07" not in answer.text
    assert "&quot;&gt;&lt;script src=//evil.example&gt;&lt;/script&gt; &amp; more" in attribute(
        answer.text, "og:description"
    )


@pytest.mark.parametrize(
    "path",
    [
        f"{LAMPS}/2",
        f"{LAMPS}/x",
        f"{LAMPS}/{'9' * 90}",
        f"/collections/{CHAIN}/{contract(3)}",
        f"/collections/{CHAIN}/no-such-slug",
        f"/collections/{CHAIN}/%3Cscript%3E",
        "/collections/eip155:0/nothing-here",
        "/nothing",
        "/collections",
    ],
)
async def test_a_page_of_what_does_not_exist_is_404_and_no_search_engine_lists_it(reads: Reads, path: str) -> None:
    answer = await page(reads, path)
    assert answer.status_code == 404
    assert attribute(answer.text, "robots") == "noindex"
    assert "content-security-policy" in answer.headers


async def test_who_asks_for_no_page_gets_a_problem(reads: Reads) -> None:
    answer = await reads.http.get("/nothing")
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


@pytest.mark.parametrize("path", ["/v1/nothing", "/media/nothing/at/all", "/graphql/x", "/healthz/x"])
async def test_the_rooms_of_the_api_stay_the_apis_own(reads: Reads, path: str) -> None:
    answer = await page(reads, path)
    assert answer.json()["code"] == "not_found"


async def test_only_a_read_is_answered_with_a_page(reads: Reads) -> None:
    answer = await reads.http.post("/", headers={"accept": "text/html"})
    assert (answer.status_code, answer.json()["code"]) == (404, "not_found")


async def test_a_file_with_a_hash_is_kept_for_ever_and_compressed_for_who_takes_it(reads: Reads) -> None:
    plain = await reads.http.get("/assets/app-1a2b.js", headers={"accept-encoding": "gzip;q=0, identity"})
    packed = await reads.http.get("/assets/app-1a2b.js", headers={"accept-encoding": "br, GZIP"})
    assert plain.content == packed.content == SCRIPT
    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert plain.headers["vary"] == packed.headers["vary"] == "Accept-Encoding"
    assert plain.headers["content-type"] == "text/javascript; charset=utf-8"
    assert plain.headers["cache-control"] == "public, max-age=31536000, immutable"
    again = await reads.http.get("/assets/app-1a2b.js", headers={"if-none-match": packed.headers["etag"]})
    assert again.status_code == 304
    without_hash = await reads.http.get("/theme.js")
    assert without_hash.headers["cache-control"] == "public, no-cache"


@pytest.mark.parametrize(
    "path",
    [
        "/../secret.txt",
        "/assets/../../secret.txt",
        "/%2e%2e/secret.txt",
        "/assets/..%2f..%2fsecret.txt",
        "/assets/no.js",
    ],
)
async def test_no_path_leads_out_of_the_build(reads: Reads, path: str) -> None:
    asked = {"method": "GET", "path": path, "raw_path": path.encode(), "query_string": b"", "headers": []}
    scope = {"type": "http", "client": ("127.0.0.1", 1), "server": ("test", 80), "scheme": "http"} | asked
    sent: list[Any] = []

    async def receive() -> Any:
        return {"type": "http.request"}

    async def send(message: Any) -> None:
        sent.append(message)

    await reads.app(scope, receive, send)
    assert sent[0]["status"] == 404
    assert b"secret" not in sent[1]["body"].replace(b"secret.txt", b"")


async def test_an_outage_of_the_catalog_leaves_the_page(reads: Reads, monkeypatch: pytest.MonkeyPatch) -> None:
    async def away(*_: Any) -> None:
        raise OSError("no route to the database")

    monkeypatch.setattr("api.storefront.heads.contract_of", away)
    answer = await page(reads, LAMPS)
    assert answer.status_code == 200
    assert attribute(answer.text, "og:title") == "Collection · Steadymint"


async def test_without_a_build_it_says_what_to_do(module_database: str, tmp_path: Path) -> None:
    async with serving_reads(module_database) as found:
        serving.install(found.app, SETTINGS, tmp_path)
        answer = await page(found, "/")
        assert answer.status_code == 503
        assert "make storefront" in answer.text
        assert (await page(found, "/nothing")).status_code == 404


def test_the_router_of_the_pages_has_the_same_addresses() -> None:
    router = (Path(__file__).parents[2] / "web" / "src" / "router.tsx").read_text()
    assert set(re.findall(r'path: "([^"]+)"', router)) == set(TITLES)


@pytest.mark.parametrize("path", ["/account", "/settings"])
async def test_a_page_of_whoever_looks_is_there_and_no_search_engine_lists_it(reads: Reads, path: str) -> None:
    answer = await page(reads, path)
    assert answer.status_code == 200
    assert attribute(answer.text, "robots") == "noindex"
