"""No sensitive value of any row stands anywhere in the built output.

Two nets over every byte and every file name of the staging folder:

* the known: every secret of every row in the ledger (published or not), in the
  forms it can take: full-width, spaced, split by tags, escaped, encoded, compressed;
* the shape: valid identity numbers, mobile numbers and bank cards that no row knows
  of, as a theme, a page of the office or a misread column could bring them in.

Names need a rule of their own, because a name can be a word (江山) or be shown
lawfully elsewhere. A name is a leak in what was built from its own row, always; and
elsewhere when nothing explains it: no text the office wrote and no other public entry
contains it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

import ahocorasick
from stdnum import luhn
from stdnum.cn import uscc
from stdnum.iso7064 import mod_11_2

from pipeline.model import Entry
from pipeline.restricted.forms import folded, views
from pipeline.restricted.raw import Origin, Secret

_SHORTEST = {"name": 2, "address": 6, "wealth": 6}
_SHORTEST_NUMBER = 7
_APART = "\0"  # between values, so that the end of one and the start of the next are no name


class Watch(NamedTuple):
    """The secrets of one row, and where the row came from."""

    slug: str
    origin: Origin
    secrets: tuple[Secret, ...]


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
    watched = tuple(watches)
    permitted = {_compact(value) for value in allowed}
    public = tuple(entries)
    published = {entry.decision.slug: _compact(_own_text(entry)) for entry in public}
    explaining = (*map(_all_text, public), *written)
    leaks = list(_own_row_leaks(watched, published))
    numbers = _automaton(_numbers(watched, permitted))
    names = _automaton(_unexplained_names(watched, map(_compact, explaining)))
    for path in sorted(p for p in staging.rglob("*") if p.is_file()):
        name = path.relative_to(staging).as_posix()
        for view in (*views(name.encode()), *views(path.read_bytes())):
            leaks += _known(name, view, numbers)
            leaks += _known(name, view, names)
            leaks += _shapes(name, view, permitted)
    return sorted(set(leaks), key=str)


def _own_row_leaks(watched: Iterable[Watch], published: Mapping[str, str]) -> Iterator[Leak]:
    """Names of a row in the public text made from that same row."""
    for watch in watched:
        text = published.get(watch.slug, "")
        for secret in watch.secrets:
            if secret.kind == "name" and _long_enough(secret) and _compact(secret.reveal()) in text:
                yield Leak(f"decisions/{watch.slug}/index.html", "name", watch.origin)


def _own_text(entry: Entry) -> str:
    """The public text of an entry without its lawfully shown names.

    The party of an organisation and a legal representative shown by policy may
    contain or be the name that is secret elsewhere in the row (张三 → 张三面馆).
    """
    decision = entry.decision
    shown = {decision.party, decision.details.get("legal_representative", "")} - {""}
    text = _APART.join((decision.number, *decision.details.values()))
    for value in sorted(shown, key=len, reverse=True):
        text = text.replace(value, _APART)
    return text


def _all_text(entry: Entry) -> str:
    """All public text of an entry: a legal representative whom the policy shows may be
    called like a party who is secret in another row."""
    decision = entry.decision
    return _APART.join((decision.party, decision.number, *decision.details.values()))


def _numbers(watched: Iterable[Watch], permitted: set[str]) -> Iterator[tuple[str, Leak]]:
    for watch in watched:
        for secret in watch.secrets:
            if secret.kind != "name":
                for pattern in _patterns(secret):
                    if pattern not in permitted:
                        yield pattern, Leak("", secret.kind, watch.origin)


def _unexplained_names(
    watched: Iterable[Watch], explained: Iterable[str]
) -> Iterator[tuple[str, Leak]]:
    """Names that stand in no public entry and no text of the office."""
    found = {
        _compact(secret.reveal()): Leak("", "name", watch.origin)
        for watch in watched
        for secret in watch.secrets
        if secret.kind == "name" and _long_enough(secret)
    }
    automaton = _automaton(found.items())
    seen = {name for text in explained for name, _, _ in _hits(automaton, text)}
    return ((name, leak) for name, leak in found.items() if name not in seen)


def _patterns(secret: Secret) -> list[str]:
    """What to look for: a reader joins two columns of one field with a semicolon."""
    shortest = _SHORTEST.get(secret.kind, _SHORTEST_NUMBER)
    parts = (_compact(part) for part in re.split("[；;]", secret.reveal()))
    return [part for part in parts if len(part) >= shortest]


def _long_enough(secret: Secret) -> bool:
    """Whether a value is long enough to mean something when it is found."""
    return len(_compact(secret.reveal())) >= _SHORTEST.get(secret.kind, _SHORTEST_NUMBER)


def _compact(value: str) -> str:
    return re.sub(r"[\s\-]", "", folded(value))


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


# GB 11643: a province, a birth date that exists in form, sequence, check character. A wrong
# check character does not make it harmless: people mistype their numbers.
_ID = re.compile(
    r"(?<![0-9a-z])(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[1-3]|91)\d{4}"
    r"(?:19|20)\d\d(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx](?![0-9a-z])"
)
_MOBILE = re.compile(r"(?<![0-9a-z.])1[3-9]\d{9}(?![0-9a-z])")
_CARD = re.compile(r"(?<![0-9a-z.])(?:62|4|5)\d{14,18}(?![0-9a-z])")


def _shapes(file: str, view: str, permitted: set[str]) -> Iterator[Leak]:
    """Values of a personal shape, whoever brought them in."""
    for match in _ID.finditer(view):
        if mod_11_2.is_valid(match[0].upper()) or not uscc.is_valid(match[0].upper()):
            yield Leak(file, "id", None)
    for match in _MOBILE.finditer(view):
        if match[0] not in permitted:
            yield Leak(file, "phone", None)
    for match in _CARD.finditer(view):
        if 16 <= len(match[0]) <= 19 and luhn.is_valid(match[0]):
            yield Leak(file, "bank", None)
