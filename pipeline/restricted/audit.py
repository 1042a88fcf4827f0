"""No sensitive value of any row stands anywhere in the built output.

Two nets over every byte and every file name of the staging folder:

* the known: every secret of every row in the ledger (published or not), in the
  forms it can take: full-width, spaced, split by tags, escaped, encoded, compressed;
* the shape: valid identity numbers, mobile numbers and bank cards that no row knows
  of, as a theme, a page of the office or a misread column could bring them in.

Names and addresses need a rule of their own, because a name can be a word (江山) or be
shown lawfully elsewhere. A name is a leak in what was built from its own row, always (such
a row is held before it comes to that, and a reviewer can let it pass); and elsewhere when
nothing explains it: no text the office wrote and no public entry contains it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import ahocorasick

from pipeline.model import Entry
from pipeline.restricted.forms import folded, views
from pipeline.restricted.raw import Origin, Secret
from pipeline.restricted.visible import WORDS, all_text, compact, own_text, patterns, shapes


class Watch(NamedTuple):
    """The secrets of one row, and where the row came from.

    ``accepted``: a reviewer looked at just this text, which was held, and let it pass;
    words in it that are also names are then no leak. Numbers stay one.
    """

    slug: str
    origin: Origin
    secrets: tuple[Secret, ...]
    accepted: bool = False


class Leak(NamedTuple):
    """A hit: where, what kind, and from which row (None: a shape no row knows)."""

    file: str
    kind: str
    origin: Origin | None

    def __str__(self) -> str:
        source = f"来自 {self.origin}" if self.origin else "不在任何导出行中，请检查模板和页面文字"
        return f"{self.file}：出现未遮盖的{_LABELS.get(self.kind, '敏感信息')}（{source}）。"


_LABELS = {
    "name": "自然人姓名",
    "id": "身份证件号码",
    "bank": "银行账号",
    "phone": "电话号码",
    "email": "电子邮箱",
    "im": "微信或QQ号",
    "address": "住址",
    "property": "权属证书编号",
    "plate": "车牌号",
    "passport": "护照或通行证号",
    "wealth": "财产状况",
}


def audit(
    staging: Path,
    watches: Iterable[Watch],
    entries: Iterable[Entry],
    *,
    allowed: Iterable[str],
    written: Iterable[str],
) -> list[Leak]:
    """Every leak in ``staging``, by file. Empty means: nothing private was found.

    ``entries`` are the public entries the site was built from; ``allowed`` the
    agencies' own contact strings; ``written`` the texts the office wrote itself.
    """
    watched, public = tuple(watches), [entry.decision for entry in entries]
    accepted = {watch.slug for watch in watched if watch.accepted}
    permitted = {compact(value) for value in allowed}
    passed = permitted | {
        value
        for decision in public
        if decision.slug in accepted
        for kind, value in shapes(folded(all_text(decision)))
        if kind != "id"
    }
    leaks = list(_own_row_leaks(watched, {d.slug: compact(own_text(d)) for d in public}))
    numbers = _automaton(_numbers(watched, permitted))
    words = _automaton(_unexplained(watched, (*map(all_text, public), *written)))
    for path in sorted(p for p in staging.rglob("*") if p.is_file()):
        name = path.relative_to(staging).as_posix()
        for view in (*views(name.encode()), *views(path.read_bytes())):
            leaks += _known(name, view, numbers)
            leaks += _known(name, view, words)
            leaks += (Leak(name, kind, None) for kind, v in shapes(view) if v not in passed)
    return sorted(set(leaks), key=str)


def _own_row_leaks(watched: Iterable[Watch], published: Mapping[str, str]) -> Iterator[Leak]:
    """Words of a row in the public text made from that same row."""
    for watch in watched:
        text = "" if watch.accepted else published.get(watch.slug, "")
        for secret in watch.secrets:
            if secret.kind in WORDS and any(pattern in text for pattern in patterns(secret)):
                yield Leak(f"decisions/{watch.slug}/index.html", secret.kind, watch.origin)


def _numbers(watched: Iterable[Watch], permitted: set[str]) -> Iterator[tuple[str, Leak]]:
    for watch in watched:
        for secret in watch.secrets:
            if secret.kind not in WORDS:
                for pattern in patterns(secret):
                    if pattern not in permitted:
                        yield pattern, Leak("", secret.kind, watch.origin)


def _unexplained(watched: Iterable[Watch], explained: Iterable[str]) -> Iterator[tuple[str, Leak]]:
    """Names and other words that stand in no public entry and no text of the office."""
    found = {
        pattern: Leak("", secret.kind, watch.origin)
        for watch in watched
        for secret in watch.secrets
        if secret.kind in WORDS
        for pattern in patterns(secret)
    }
    automaton = _automaton(found.items())
    seen = {word for text in explained for word, _, _ in _hits(automaton, compact(text))}
    return ((word, leak) for word, leak in found.items() if word not in seen)


def _automaton(patterns: Iterable[tuple[str, Leak]]) -> ahocorasick.Automaton | None:
    automaton = ahocorasick.Automaton()
    for pattern, leak in patterns:
        automaton.add_word(pattern, (pattern, leak))
    if not len(automaton):
        return None
    automaton.make_automaton()
    return automaton


def _hits(automaton: ahocorasick.Automaton | None, text: str) -> Iterator[tuple[str, Leak, int]]:
    if automaton is not None:
        for end, (pattern, leak) in automaton.iter(text):
            yield pattern, leak, end


def _known(file: str, view: str, automaton: ahocorasick.Automaton | None) -> Iterator[Leak]:
    for pattern, leak, end in _hits(automaton, view):
        if not _inside_longer_number(view, pattern, end):
            yield leak._replace(file=file)


def _inside_longer_number(view: str, pattern: str, end: int) -> bool:
    """A short number inside a longer run of digits is another number."""
    if len(pattern) >= 15 or not pattern.isdigit():
        return False
    start = end - len(pattern) + 1
    return view[max(start - 1, 0) : start].isdigit() or view[end + 1 : end + 2].isdigit()
