"""A regulation's text as it really comes – bookmarks, tables by tabs, articles run together –
taken apart into titles, chapters, articles and paragraphs. Nothing but bookmarks is dropped.

Numbers are kept as written. What an article is called may be written 第八条, 第8条 or
第一条、; a system without 第…条 counts its 一、二、三、 as articles. An article that begins in
the middle of a line, after a full stop, begins a new one.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import Literal, NamedTuple

_BOOKMARK = re.compile(r"\[bookmark:[^\]\n]*\]")
_NUMBER = "[0-9０-９一二三四五六七八九十百零〇]+"
_CHAPTER = re.compile(
    rf"第({_NUMBER})(编|章|节)(?:[\s　、.．]+|(?=[^\s　的规]))(?P<title>\S.{{0,40}})"
)
_ARTICLE = re.compile(
    rf"第({_NUMBER})条(?:之({_NUMBER}))?(?:[\s　]+|[、.．:：]|(?=[^\s　的至和或规、，。）]))"
)
_SYSTEM = re.compile(rf"({_NUMBER})、")
_ITEM = re.compile(rf"[（(]{_NUMBER}[）)]|[0-9０-９]+[.．、]|#{{2,6}}\s")
_RUN_ON = re.compile(rf"(?<=[。；;])[\s　]*(?=第{_NUMBER}条[\s　]+\S)")
_ATTACHED = re.compile(r"附件[0-9０-９一二三四五六七八九十]*[:：]?$")
_TITLE_END = re.compile(
    r"(?:办法|制度|规定|规则|条例|细则|方案|机制|准则|禁令|基准|意见|通\s*知)(?:[（(].{1,12}[）)])?$"
)
_TITLE_LIMIT = 60  # characters
_DIGITS = {**{c: i for i, c in enumerate("零一二三四五六七八九")}, "〇": 0}

Kind = Literal["title", "chapter", "section", "article", "item", "text", "table"]


class Piece(NamedTuple):
    """One line of the text: what it is, its number (0: none) and its words.

    ``label`` is the number as written (第八条); ``rows`` are a table's.
    """

    kind: Kind
    text: str
    label: str = ""
    number: int = 0
    rows: tuple[tuple[str, ...], ...] = ()


def pieces(text: str) -> list[Piece]:
    """All pieces of ``text``, in order."""
    lines = [_BOOKMARK.sub("", line).rstrip(" \t　\r").lstrip(" 　﻿") for line in text.splitlines()]
    found: list[Piece] = []
    system: list[str | list[str]] = []
    for line in _unrolled(lines):
        if isinstance(line, str) and _is_title(line):
            found += _system(system)
            found.append(Piece("title", line.lstrip("# ").strip()))
            system = []
        else:
            system.append(line)
    return _with_whole_titles([*found, *_system(system)])


def _unrolled(lines: Iterable[str]) -> Iterator[str | list[str]]:
    """The lines that say something; the lines of a table together."""
    rows: list[str] = []
    for line in lines:
        if "\t" in line.strip() or (rows and line.startswith("\t")) or _is_pipe_row(line):
            rows.append(line)
        elif line:
            if rows:
                yield rows
                rows = []
            yield from _RUN_ON.split(line.strip())
    if rows:
        yield rows


def _is_pipe_row(line: str) -> bool:
    return line.startswith("|") and line.count("|") > 2


def _system(lines: list[str | list[str]]) -> list[Piece]:
    """The pieces of one system. Without a 第…条 of its own it counts by 一、二、三、."""
    counted = any(isinstance(line, str) and _ARTICLE.match(line) for line in lines)
    return [_table(line) if isinstance(line, list) else _piece(line, counted) for line in lines]


def _piece(line: str, counted: bool) -> Piece:
    plain = line.lstrip("# ").strip() if line.startswith("#") else line
    if found := _ARTICLE.match(plain):
        label = found[0].strip().rstrip("、.．:：")
        return Piece("article", plain[found.end() :].strip(), label, number_of(found[1]))
    if (found := _CHAPTER.fullmatch(plain)) and len(plain) <= _TITLE_LIMIT:
        kind: Kind = "section" if found[2] == "节" else "chapter"
        return Piece(kind, found["title"].strip(), f"第{found[1]}{found[2]}", number_of(found[1]))
    if not counted and (found := _SYSTEM.match(plain)):
        rest = plain[found.end() :].strip()
        return Piece("article", rest, f"{found[1]}、", number_of(found[1]))
    return Piece("item" if _ITEM.match(plain) or _SYSTEM.match(plain) else "text", plain)


def _is_title(line: str) -> bool:
    if _ATTACHED.fullmatch(line) or line.startswith("# "):
        return True
    numbered = _ITEM.match(line) or _CHAPTER.fullmatch(line)
    return is_short(line) and bool(_TITLE_END.search(line)) and not numbered


def is_short(line: str) -> bool:
    """Whether a line can be a title: no sentence, and no longer than a title is."""
    return len(line) <= _TITLE_LIMIT and not re.search("[。；：，:;,、]", line)


def _with_whole_titles(found: list[Piece]) -> list[Piece]:
    """Titles cut for want of room made one: title lines that follow each other, also with
    a short line between them."""
    whole: list[Piece] = []
    for piece in found:
        if piece.kind == "title" and whole:
            between = []
            if len(whole) > 1 and whole[-1].kind == "text" and is_short(whole[-1].text):
                between = [whole[-1]]
            before = whole[-1 - len(between)]
            if before.kind == "title":
                del whole[-1 - len(between) :]
                words = " ".join(one.text for one in (before, *between, piece))
                piece = Piece("title", words)
        whole.append(piece)
    return whole


def _table(lines: list[str]) -> Piece:
    """Cells by tabs or by bars; an empty cell at a row's start means the one above it."""
    rows = [_cells(line) for line in lines if not re.fullmatch(r"[|\s:-]+", line)]
    width = max(map(len, rows))
    full: list[tuple[str, ...]] = []
    for row in rows:
        cells = row + [""] * (width - len(row))
        first = next((i for i, cell in enumerate(cells) if cell), width)
        if full and 0 < first < width:
            cells[:first] = full[-1][:first]
        full.append(tuple(cells))
    return Piece("table", "", rows=tuple(full))


def _cells(line: str) -> list[str]:
    parts = line.split("\t") if "\t" in line else line.strip("|").split("|")
    return [cell.strip() for cell in parts]


def number_of(text: str) -> int:
    """三十六, 36 and ３６ as 36; 0 when it is none of these."""
    if text.isdecimal():
        return int(text)
    total = part = 0
    for char in text:
        if char in _DIGITS:
            part = _DIGITS[char]
        elif char in "十百":
            total += (part or 1) * (10 if char == "十" else 100)
            part = 0
        else:
            return 0
    return total + part
