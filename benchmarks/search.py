# ruff: noqa: E402
"""Measure the search: ``python benchmarks/search.py --n N --json FILE``.

Builds an index over a seeded corpus, asks 200 queries through the client's own modules in
Chromium, and compares with brute force; beside it lunr.py with words from jieba and one JSON.
Bytes and requests are those of the index's files for a cold query, page and scripts apart;
times to results are whole page loads at 4 Mbit/s and 50 ms latency.
"""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
sys.path[0] = str(ROOT)  # not this folder: its modules would hide the standard library's

import argparse
import gzip
import json
import os
import resource
import shutil
import statistics
import tempfile
import threading
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, ClassVar

import jieba
import msgspec
from jinja2 import ChoiceLoader, DictLoader, Environment, FileSystemLoader
from lunr.builder import Builder
from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.search_corpus import Query, Truth, changed, corpus, folded, masked, queries
from benchmarks.search_pagefind import build as build_pagefind
from benchmarks.search_pagefind import cost as pagefind_cost
from benchmarks.search_pagefind import found as pagefind_found
from pipeline.public.search import FIELDS, Document, write_index
from pipeline.public.search.part import ordered
from pipeline.public.search.results import SMALL
from pipeline.public.search_client import script

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
TODAY = date(2022, 1, 1)  # before any last day
PEERS_MOST = 3_000  # documents; beyond, one JSON is out of the question anyway
SLOW = {"offline": False, "latency": 50, "downloadThroughput": 5e5, "uploadThroughput": 5e5}
BASE = (
    "<!doctype html><meta charset=utf-8><title>检索</title>{% block head %}{% endblock %}{% b"
    "lock main %}{% endblock %}"
)

ASK = """
async ({ queries, today, place }) => {
  const { Index } = await import("/theme/search/index.js");
  const { find } = await import("/theme/search/rank.js");
  const found = [];
  for (const query of queries) {
    const spent = { requests: 0, bytes: 0, results: 0 };
    const index = new Index(place, async (address) => {
      const data = await (await fetch(address)).arrayBuffer();
      spent.requests += 1;
      spent.bytes += data.byteLength;
      return data;
    });
    await index.open();
    const root = spent.bytes;
    const started = performance.now();
    const { documents } = await find(index, query);
    const ranked = performance.now() - started;
    const before = spent.requests;
    await index.gone(today);
    const shown = await index.results(documents.slice(0, 10));
    found.push({ documents, root, ranked, ...spent, results: spent.requests - before,
                 urls: shown.map(({ url }) => url) });
  }
  return found;
}
"""
DONE = """
new MutationObserver((_, watch) => {
  const list = document.querySelector("[data-search-results]");
  const count = document.querySelector("[data-search-count]");
  if (list && count.textContent && list.getAttribute("aria-busy") === "false") {
    window.resultsAfter ??= performance.now();
  }
}).observe(document, { subtree: true, childList: true, attributes: true });
"""


def main() -> None:
    """Measure and report."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--n", type=int, default=1000)
    parser.add_argument("--queries", type=int, default=200)
    parser.add_argument("--json", type=Path)
    parser.add_argument("--no-browser-times", action="store_true")
    parser.add_argument("--no-peers", action="store_true")
    given = parser.parse_args()
    documents = corpus(given.n)
    asked = queries(documents, given.queries)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        report: dict[str, Any] = {"documents": given.n, "queries": len(asked)}
        report["load before"] = os.getloadavg()[0]
        report["build"] = build(documents, folder)
        lay_out(folder)
        with served(folder) as address, browser() as chromium:
            page = chromium.new_page()
            page.goto(f"{address}/search/")
            numbered = ordered(documents, small=given.n <= SMALL)
            report["ours"] = judge(
                documents, asked, answers(page, asked, "/search/index/"), numbered
            )
            if not given.no_browser_times:
                report["seconds to results"] = times(chromium, address, asked)
            now = changed(documents, 0.01)
            report["1% changed"] = change(documents, now, folder, "next")
            one = [masked(documents[7]), *documents[:7], *documents[8:]]
            report["one name masked"] = change(documents, one, folder, "masked")
            report["one taken down"] = change(documents, documents[1:], folder, "down", TODAY)
            fresh = ordered(set_of(now) - set_of(documents), small=given.n <= SMALL)
            told = answers(page, asked, "/next/search/index/")
            report["ours, 1% changed"] = judge(now, asked, told, [*numbered, *fresh])
            if given.n <= PEERS_MOST and not given.no_peers:
                report["Pagefind"] = pagefind(documents, asked, folder, chromium, address)
    if given.n <= PEERS_MOST and not given.no_peers:
        report["lunr.py, jieba, one JSON"] = peer(documents, asked)
    report["load after"] = os.getloadavg()[0]
    text = json.dumps(report, ensure_ascii=False, indent=2)
    print(text)
    if given.json:
        given.json.write_text(text + "\n", encoding="utf-8")


def build(documents: Sequence[Document], folder: Path) -> dict[str, Any]:
    """Write the index; its cost."""
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    started, busy = time.perf_counter(), time.process_time()
    written = write_index(documents, folder / "search")
    seconds, busy = time.perf_counter() - started, time.process_time() - busy
    after = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return {
        "seconds": round(seconds, 2),
        "of a core": round(busy, 2),
        "peak MB": round(after / 1024),
        "of it before": round(before / 1024),
        **written._asdict(),
    }


def set_of(documents: Sequence[Document]) -> Documents:
    """The documents, each in the state it is in."""
    return Documents({msgspec.msgpack.encode(document): document for document in documents})


class Documents(dict[bytes, Document]):
    """Documents by all that they say."""

    def __sub__(self, others: Documents) -> list[Document]:
        return [document for key, document in self.items() if key not in others]


def answers(page: Page, asked: Sequence[Query], place: str) -> list[dict[str, Any]]:
    """What the client finds in an index, and what each query cost, cold."""
    given = {"queries": [query.text for query in asked], "today": 20_700, "place": place}
    found: list[dict[str, Any]] = page.evaluate(ASK, given)
    return found


def change(
    before: Sequence[Document],
    now: Sequence[Document],
    folder: Path,
    name: str,
    today: date = date(2099, 1, 1),
) -> dict[str, Any]:
    """Write the next day's index beside; what would have to be uploaded.

    What is gone by 2099 has expired; what is gone while public was taken down.
    """
    index, following = folder / "search" / "index", folder / name / "search" / "index"
    started = time.perf_counter()
    write_index(now, folder / name / "search", folder, today)
    seconds = time.perf_counter() - started
    whole = sum(path.stat().st_size for path in index.rglob("*") if path.is_file())
    parts: Counter[str] = Counter()
    for path in following.rglob("*"):
        old = index / path.relative_to(following)
        if path.is_file() and not (old.is_file() and old.read_bytes() == path.read_bytes()):
            parts[kind_of(path, old)] += path.stat().st_size
    return {
        "seconds": round(seconds, 2),
        "documents": len(set_of(now) - set_of(before)),
        "upload KB": round(sum(parts.values()) / 1000, 1),
        "of the index, %": round(100 * sum(parts.values()) / whole, 2),
        "KB by kind": {kind: round(size / 1000, 1) for kind, size in parts.items()},
    }


def kind_of(path: Path, old: Path) -> str:
    """Root, results or buckets of the base, or the delta."""
    if path.name == "root.bin":
        return "root"
    if not old.exists() and path.name != "waiting.bin":
        return "delta"
    return {"b": "buckets of the base", "r": "results of the base"}.get(path.parent.name, "waiting")


def lay_out(folder: Path) -> None:
    """The page and its scripts, as the site has them."""
    shutil.copytree(ROOT / "theme" / "static" / "search", folder / "theme" / "search")
    templates = FileSystemLoader(ROOT / "theme" / "templates")
    loader = ChoiceLoader([DictLoader({"base.html": BASE}), templates])
    page = Environment(loader=loader, autoescape=True).get_template("search.html")
    (folder / "blank.html").write_text("<!doctype html><title>blank</title>", encoding="utf-8")
    (folder / "search" / "index.html").write_text(page.render(root="../"), encoding="utf-8")
    client = script(ROOT / "theme" / "static" / "search")
    (folder / "search" / "search.js").write_text(client, encoding="utf-8")


class Quiet(SimpleHTTPRequestHandler):
    """Keeps connections, packs text as static hosts do, and says nothing."""

    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True  # head and body go in two pieces: no server waits between

    sent: ClassVar[list[int]] = []  # bytes of every answer

    def send_header(self, keyword: str, value: str) -> None:
        """Notes how much goes out."""
        if keyword == "Content-Length":
            Quiet.sent.append(int(value))
        super().send_header(keyword, value)

    def do_GET(self) -> None:
        """The file, packed when it is text."""
        path = Path(self.translate_path(self.path.split("?")[0]))
        path = path / "index.html" if path.is_dir() else path
        if path.suffix not in {".html", ".js", ".css"} or not path.is_file():
            super().do_GET()
            return
        body = gzip.compress(path.read_bytes(), mtime=0)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Nothing."""


@contextmanager
def served(folder: Path) -> Iterator[str]:
    """The folder on a local port."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(folder)))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()


@contextmanager
def browser() -> Iterator[Browser]:
    """An installed Chromium, else Playwright's own."""
    path = os.environ.get("GONGSHI_CHROMIUM") or shutil.which("chromium")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield chromium
        chromium.close()


def judge(
    documents: Sequence[Document],
    asked: Sequence[Query],
    answers: Sequence[Any],
    newest: Sequence[Document],
) -> dict[str, Any]:
    """Precision, recall and cost, over all and by kind of query."""
    truth = Truth(documents)
    rows = [
        measured(query, answer, truth, [newest[at].url for at in answer["documents"]], newest)
        for query, answer in zip(asked, answers, strict=True)
    ]
    kinds = sorted({query.kind for query in asked})
    return {
        "all": summed(rows),
        "kinds": {kind: summed([row for row in rows if row["kind"] == kind]) for kind in kinds},
    }


def measured(
    query: Query, answer: dict[str, Any], truth: Truth, urls: list[str], newest: Sequence[Document]
) -> dict[str, Any]:
    """One query."""
    right = truth.matches(query.text)
    top = urls[:10]
    exact = None
    if query.exact and right and answer["documents"]:
        fields = newest[answer["documents"][0]].fields
        exact = query.exact in (folded(fields["number"]), folded(fields["code"]))
    elif query.exact and right:
        exact = False
    return {
        "kind": query.kind,
        "precision": sum(url in right for url in top) / len(top) if top else float(not right),
        "recall": len(right.intersection(urls)) / len(right) if right else 1.0,
        "listed": len(right.intersection(urls)) / len(urls) if urls else 1.0,
        "exact": exact,
        "found": len(urls),
        **{key: answer[key] for key in ("bytes", "root", "requests", "results", "ranked")},
    }


def summed(rows: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """Averages, medians and worst of some queries."""
    exact = [row["exact"] for row in rows if row["exact"] is not None]
    column = lambda key: [row[key] for row in rows]  # noqa: E731
    return {
        "precision at 10": round(statistics.mean(column("precision")), 4),
        "recall": round(statistics.mean(column("recall")), 4),
        "share of right among all listed": round(statistics.mean(column("listed")), 4),
        "exact first": f"{sum(exact)}/{len(exact)}",
        "found, median": statistics.median(column("found")),
        "KB, median": round(statistics.median(column("bytes")) / 1000, 1),
        "KB, worst": round(max(column("bytes")) / 1000, 1),
        "of it root": round(statistics.median(column("root")) / 1000, 1),
        "requests, mean": round(statistics.mean(column("requests")), 2),
        "requests, median": statistics.median(column("requests")),
        "requests, worst": max(column("requests")),
        "of them results, mean": round(statistics.mean(column("results")), 2),
        "ms to rank, median": round(statistics.median(column("ranked")), 1),
    }


def times(chromium: Browser, address: str, asked: Sequence[Query]) -> dict[str, float]:
    """Whole cold page loads of some queries, slowed down."""
    found = []
    for query in asked[::7]:
        context = chromium.new_context()
        page = context.new_page()
        session = context.new_cdp_session(page)
        session.send("Network.enable")
        session.send("Network.emulateNetworkConditions", SLOW)
        page.add_init_script(DONE)
        page.goto(f"{address}/search/?q={query.text}", wait_until="commit")
        page.wait_for_function("window.resultsAfter", timeout=30_000)
        found.append(page.evaluate("window.resultsAfter") / 1000)
        context.close()
    return {"median": round(statistics.median(found), 3), "worst": round(max(found), 3)}


def peer(documents: Sequence[Document], asked: Sequence[Query]) -> dict[str, Any]:
    """lunr.py as a tutorial would use it for Chinese: words from jieba, one JSON."""
    started = time.perf_counter()
    builder = Builder()
    builder.ref("url")
    for field in FIELDS:
        builder.field(field.name, boost=field.boost)
    for document in documents:
        words = {f.name: words_of(document.fields.get(f.name, "")) for f in FIELDS}
        builder.add({"url": document.url, **words})
    index = builder.build()
    data = json.dumps(index.serialize(), ensure_ascii=False).encode()
    seconds = time.perf_counter() - started
    truth, precision, recall = Truth(documents), [], []
    for query in asked:
        right = truth.matches(query.text)
        clauses = [f"+{word}" for word in words_of(query.text) if word.isalnum()]
        urls = [match["ref"] for match in index.search(" ".join(clauses))] if clauses else []
        top = urls[:10]
        precision.append(sum(u in right for u in top) / len(top) if top else float(not right))
        recall.append(len(right.intersection(urls)) / len(right) if right else 1.0)
    return {
        "seconds": round(seconds, 2),
        "KB": round(len(data) / 1000),
        "KB packed": round(len(gzip.compress(data)) / 1000),
        "precision at 10": round(statistics.mean(precision), 4),
        "recall": round(statistics.mean(recall), 4),
    }


def pagefind(
    documents: Sequence[Document],
    asked: Sequence[Query],
    folder: Path,
    chromium: Browser,
    address: str,
) -> dict[str, Any]:
    """Pagefind over a page a document, as its handbook says."""
    try:
        built = build_pagefind(documents, folder)
    except ImportError:
        return {"skipped": "not installed"}
    truth, precision, recall = Truth(documents), [], []
    page = chromium.new_page()
    for query, urls in zip(asked, pagefind_found(page, address, asked), strict=True):
        right, top = truth.matches(query.text), urls[:10]
        precision.append(sum(u in right for u in top) / len(top) if top else float(not right))
        recall.append(len(right.intersection(urls)) / len(right) if right else 1.0)
    return {
        **built,
        "precision at 10": round(statistics.mean(precision), 4),
        "recall": round(statistics.mean(recall), 4),
        **pagefind_cost(chromium, address, asked[::7], SLOW, Quiet.sent),
    }


def words_of(text: str) -> list[str]:
    """jieba's words, lower case."""
    return [word.lower() for word in jieba.lcut(text) if word.strip()]


if __name__ == "__main__":
    main()
