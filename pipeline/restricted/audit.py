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

from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from pipeline.model import Entry, PublicDecision
from pipeline.progress import SILENT, Steps
from pipeline.restricted import audited, twinned
from pipeline.restricted.asked import Watch, asked
from pipeline.restricted.audited import Audits, Spared
from pipeline.restricted.detect.lexicon import is_word
from pipeline.restricted.forms import folded
from pipeline.restricted.look import Hit, look
from pipeline.restricted.places import Places
from pipeline.restricted.raw import Origin
from pipeline.restricted.scan import Finder
from pipeline.restricted.visible import (
    OWN_ROW_ONLY,
    WORDS,
    all_text,
    compact,
    joined,
    own_text,
    patterns,
    shapes,
    words_in,
)


class Leak(NamedTuple):
    """A hit: where, what kind, and from which row (None: a shape no row knows)."""

    file: str
    kind: str
    origin: Origin | None

    def __str__(self) -> str:
        if self.kind == _UNLIKE:
            return f"{self.file}：压缩副本与它的原文件内容不一致；请删去后重新运行。"
        if self.kind == _UNREADABLE:
            return f"{self.file}：压缩文件不能完整解开，无法检查其内容；请删去或替换它。"
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
    "own": "其他机关的联系方式",
}
_UNREADABLE = "unreadable"
_UNLIKE = "unlike"


def audit(
    staging: Path,
    watches: Iterable[Watch],
    entries: Iterable[Entry],
    *,
    allowed: Mapping[str, Iterable[str]],
    written: Iterable[str],
) -> list[Leak]:
    """Every leak in ``staging``, by file. Empty means: nothing private was found.

    ``entries`` are the public entries the site was built from; ``allowed`` the own
    strings of each agency, by its slug; ``written`` the texts the office wrote itself.
    """
    watched, public = tuple(watches), [entry.decision for entry in entries]
    sought = _sought(watched, public, public, allowed, written)
    return sought.leaks(look(staging, sought.known, sought.passed))


def audit_again(
    staging: Path,
    watches: Iterable[Watch],
    entries: Iterable[Entry],
    *,
    allowed: Mapping[str, Iterable[str]],
    written: Iterable[str],
    files: Mapping[str, str],
    audits: Audits,
    steps: Steps = SILENT,
) -> list[Leak]:
    """The same, sparing files (path → SHA-256 of now) that the audit before found clean.

    They are looked at for what was not looked for then; see :mod:`audited`. When nothing is
    found, the next audit may go by this one.
    """
    own = {slug: tuple(values) for slug, values in allowed.items()}
    watched, public = tuple(watches), [entry.decision for entry in entries]
    memory = audits.memory(audited.rules(own))
    asks = asked(watched, public, memory.salt, memory.rows)
    sought = _sought(watched, public, asks.anew, own, written)
    with Spared(audits, memory, files, sought.known, sought.passed, asks.all) as spared:
        pairs = twinned.compared(staging, files, spared.unread)
        unread = spared.unread - pairs.same.keys()
        hits = look(staging, sought.known, sought.passed, unread, spared, spared.cuts, steps)
        again = look(staging, spared.new, sought.passed, spared.suspects, steps=steps)
        leaks = sought.leaks((*hits, *again))
        leaks += (Leak(name, _UNLIKE, None) for name in pairs.unlike)
    if not leaks:
        for twin, file in pairs.same.items():
            spared.share(twin, file)
        audits.keep(spared.memory())
    return leaks


class _Sought(NamedTuple):
    """What to look for, what may stand where, and what was found before looking at a file."""

    known: Mapping[str, Leak]
    passed: set[str]
    places: Places
    found: list[Leak]

    def leaks(self, hits: Iterable[Hit]) -> list[Leak]:
        """All leaks, in order."""
        there = (hit for hit in hits if not self.places.may_stand(hit.value, hit.file))
        return sorted({*self.found, *(_leak(hit, self.known) for hit in there)}, key=str)


def _sought(
    watched: Collection[Watch],
    public: Collection[PublicDecision],
    anew: Collection[PublicDecision],
    allowed: Mapping[str, Iterable[str]],
    written: Iterable[str],
) -> _Sought:
    """``anew``: the ``public`` decisions that are asked about themselves."""
    accepted = {watch.slug for watch in watched if watch.accepted}
    places = Places(allowed)
    passed = {
        value
        for decision in public
        if decision.slug in accepted
        for kind, value in shapes(folded(all_text(decision)))
        if kind != "id"
    }
    found = list(_own_row_leaks(watched, {d.slug: compact(own_text(d)) for d in anew}))
    known = dict(_numbers(watched))
    found += _misplaced(watched, anew, places, known)
    known |= _unexplained(watched, (*map(all_text, public), *written))
    return _Sought(known, passed, places, found)


def _leak(hit: Hit, known: Mapping[str, Leak]) -> Leak:
    if hit.value in known:
        return known[hit.value]._replace(file=hit.file)
    return Leak(hit.file, hit.kind or _UNREADABLE, None)


def _own_row_leaks(watched: Iterable[Watch], published: Mapping[str, str]) -> Iterator[Leak]:
    """Words of a row in the public text made from that same row."""
    for watch in watched:
        if not watch.accepted and watch.slug in published:
            for kind in words_in(published[watch.slug], watch.secrets, watch.left):
                yield Leak(f"decisions/{watch.slug}/index.html", kind, watch.origin)


def _misplaced(
    watched: Iterable[Watch],
    public: Iterable[PublicDecision],
    places: Places,
    numbers: Collection[str],
) -> Iterator[Leak]:
    """Own strings of an agency in the public text of a decision where they may not stand.

    ``numbers``: those of all rows, compact.
    """
    by_slug = {watch.slug: watch for watch in watched}
    shared = not places.values.isdisjoint(numbers)
    secrets = {watch.slug: watch.secrets for watch in watched} if shared else {}
    for decision in places.suspects(public, secrets):
        watch = by_slug.get(decision.slug)
        if watch is None or not watch.accepted:
            for kind in places.misplaced(decision, watch.secrets if watch else ()):
                origin = watch.origin if watch else None
                yield Leak(f"decisions/{decision.slug}/index.html", kind, origin)


def _numbers(watched: Iterable[Watch]) -> Iterator[tuple[str, Leak]]:
    for watch in watched:
        for secret in watch.secrets:
            if secret.kind not in WORDS:
                for pattern in patterns(secret):
                    yield pattern, Leak("", secret.kind, watch.origin)


def _unexplained(watched: Iterable[Watch], explained: Iterable[str]) -> dict[str, Leak]:
    """Names and other words that stand in no public entry and no text of the office.

    A name that is also a word is looked for in what was built from its own row alone.
    """
    found = {
        pattern: Leak("", secret.kind, watch.origin)
        for watch in watched
        for secret in watch.secrets
        if secret.kind in WORDS - OWN_ROW_ONLY
        for pattern in patterns(secret)
        if secret.kind != "name" or not is_word(pattern)
    }
    finder = Finder(found)
    for text in joined(explained):
        for word in finder.in_text(text):
            found.pop(word, None)
    return found
