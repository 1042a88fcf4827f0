"""Pagefind beside our search: built over the same documents, asked the same queries."""

from __future__ import annotations

import asyncio
import html
import statistics
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Page

from benchmarks.search_corpus import Query
from pipeline.public.search import Document

_ASK = """
async (queries) => {
  const pagefind = await import("/pagefind/pagefind.js");
  await pagefind.init();
  const found = [];
  for (const query of queries) {
    const { results } = await pagefind.search(query);
    const data = await Promise.all(results.map((result) => result.data()));
    found.push(data.map(({ raw_url }) => raw_url.replace(/^[/]/, "")));
  }
  return found;
}
"""
_ONE = """
async (query) => {
  const pagefind = await import("/pagefind/pagefind.js");
  const { results } = await pagefind.search(query);
  await Promise.all(results.slice(0, 10).map((result) => result.data()));
  return performance.now();
}
"""


def build(documents: Sequence[Document], folder: Path) -> dict[str, Any]:
    """Index a page a document into ``folder/pagefind``; raises ImportError without Pagefind."""
    from pagefind.index import IndexConfig, PagefindIndex

    async def index() -> None:
        config = IndexConfig(output_path=str(folder / "pagefind"))
        async with PagefindIndex(config=config) as made:
            for document in documents:
                await made.add_html_file(content=_page(document), url=f"/{document.url}")

    started = time.perf_counter()
    with ThreadPoolExecutor() as other:  # the browser's own loop runs in this one
        other.submit(lambda: asyncio.run(index())).result()
    files = [path for path in (folder / "pagefind").rglob("*") if path.is_file()]
    return {
        "seconds": round(time.perf_counter() - started, 2),
        "files": len(files),
        "KB": round(sum(path.stat().st_size for path in files) / 1000),
    }


def _page(document: Document) -> str:
    lines = "".join(f"<p>{html.escape(text)}</p>" for text in document.fields.values())
    title = html.escape(document.title)
    head = f"<!doctype html><html lang=zh-CN><title>{title}</title>"
    return f"{head}<body><main data-pagefind-body><h1>{title}</h1>{lines}</main>"


def found(page: Page, address: str, asked: Sequence[Query]) -> list[list[str]]:
    """The addresses each query finds, best first."""
    page.goto(f"{address}/search/")
    answers: list[list[str]] = page.evaluate(_ASK, [query.text for query in asked])
    return answers


def cost(
    chromium: Browser,
    address: str,
    asked: Sequence[Query],
    slow: dict[str, Any],
    sent: list[int],
) -> dict[str, Any]:
    """Bytes, requests (its scripts among them) and time to ten results, cold.

    Pagefind works in a worker, which the browser does not slow down as it does the page:
    its time is flattered.
    """
    spent = [_cold(chromium, address, query, slow, sent) for query in asked]
    column = lambda at: [one[at] for one in spent]  # noqa: E731
    return {
        "KB, median": round(statistics.median(column(0)) / 1000, 1),
        "KB, worst": round(max(column(0)) / 1000, 1),
        "requests, median": statistics.median(column(1)),
        "requests, worst": max(column(1)),
        "seconds to results, median": round(statistics.median(column(2)) / 1000, 3),
    }


def _cold(
    chromium: Browser, address: str, query: Query, slow: dict[str, Any], sent: list[int]
) -> tuple[float, int, float]:
    context = chromium.new_context()
    page = context.new_page()
    session = context.new_cdp_session(page)
    session.send("Network.enable")
    session.send("Network.emulateNetworkConditions", slow)
    page.goto(f"{address}/blank.html", wait_until="commit")
    page.wait_for_load_state()
    sent.clear()
    after: float = page.evaluate(_ONE, query.text)
    context.close()
    return sum(sent), len(sent), after
