"""Our engine beside jieba, presidio and jionlp on the same cases: ``python -m benchmarks.peers``.

``--peers PYTHON`` is the interpreter of the environment of ``requirements-peers.txt``.
Prints the table that stands in docs/redaction.md. ``--unseen`` adds totals over the parts of
the corpus that nobody reads. A value counts as masked when every character of it is.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import corpus, numbers
from pipeline import policy
from pipeline.restricted.redact import Redactor, redact_records

Spans = list[list[tuple[int, int]]]
_BASE = policy.load("base")
_WORKER = Path(__file__).with_name("peers_worker.py")
_PERSONS = frozenset({"name", "officer"})
_KINDS = ("id", "bank", "phone", "passport", "plate", "property", "email")
_LABELS = {
    "id": "身份证号",
    "bank": "银行账号",
    "phone": "电话",
    "passport": "护照、通行证",
    "plate": "车牌",
    "property": "权属证书",
    "email": "邮箱",
}
_NAMES = {"ours": "本引擎", "jieba": "jieba", "presidio": "presidio", "jionlp": "jionlp"}
#: What a tool does not set out to find, so that a zero would say nothing.
_CANNOT = {
    "jieba": {*_LABELS.values()},
    "presidio": {"姓名完整遮盖", "姓名边界准确"},
    "jionlp": {"姓名完整遮盖", "姓名边界准确"},
}


class Run(NamedTuple):
    """One tool over the texts of one part."""

    spans: Spans
    seconds: float


def _peer(python: Path, name: str, texts: Sequence[str]) -> Run:
    done = subprocess.run(
        [python, "-P", _WORKER, name],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    answer = json.loads(done.stdout)
    return Run([[(s, e) for s, e in spans] for spans in answer["spans"]], answer["seconds"])


def _our_forms(made: Sequence[numbers.Form]) -> Run:
    started = time.process_time()
    done = redact_records([({}, form.text) for form in made], _BASE)
    spent = time.process_time() - started
    return Run([[(s.start, s.end) for s in one.spans] for one in done], spent)


def _our_documents(cases: Sequence[corpus.Case]) -> Run:
    rows = [case.row() for case in cases]
    started = time.process_time()
    done = Redactor(_BASE).redact_all(rows, [case.name for case in cases])
    spent = time.process_time() - started
    return Run([[(s.start, s.end) for s in d.spans.get("full_text", ())] for d in done], spent)


def _covered(spans: Sequence[tuple[int, int]], start: int, end: int) -> tuple[bool, bool]:
    """Whether a stretch is covered in full, and whether anything in it is touched."""
    marks = bytearray(end - start)
    for first, last in spans:
        a, b = max(first, start), min(last, end)
        if a < b:
            marks[a - start : b - start] = b"\x01" * (b - a)
    return all(marks), any(marks)


def _share(part: int, whole: int) -> str:
    return f"{part / whole:.1%}" if whole else "—"


def _on_forms(made: Sequence[numbers.Form], run: Run) -> dict[str, str]:
    all_, hit = Counter[str](), Counter[str]()
    for form, spans in zip(made, run.spans, strict=True):
        full, touched = _covered(spans, form.start, form.end)
        all_[form.kind] += 1
        hit[form.kind] += touched if form.kind == "keep" else full
    cells = {_LABELS[kind]: _share(hit[kind], all_[kind]) for kind in _KINDS}
    return cells | {"应保留的串被损坏": _share(hit["keep"], all_["keep"])}


def _on_documents(cases: Sequence[corpus.Case], run: Run) -> dict[str, str]:
    people = names = exact = kept = damaged = predicted = right = 0
    for case, spans in zip(cases, run.spans, strict=True):
        gold = [(g.start, g.end) for g in case.gold if g.kind != "keep"]
        predicted += len(spans)
        right += sum(any(s < e2 and s2 < e for s2, e2 in gold) for s, e in spans)
        for one in case.gold:
            full, touched = _covered(spans, one.start, one.end)
            if one.kind in _PERSONS:
                people += 1
                names += full
                exact += (one.start, one.end) in spans
            elif one.kind == "keep":
                kept += 1
                damaged += touched
    chars = sum(len(case.text) for case in cases)
    return {
        "姓名完整遮盖": _share(names, people),
        "姓名边界准确": _share(exact, people),
        "保留串被损坏": _share(damaged, kept),
        "遮盖处确属个人信息": _share(right, predicted),
        "千字/秒": f"{chars / run.seconds / 1000:,.0f}",
    }


def _table(title: str, columns: dict[str, dict[str, str]]) -> None:
    print(f"\n| {title} | " + " | ".join(_NAMES[tool] for tool in columns) + " |")
    print("|---|" + "---|" * len(columns))
    for row in next(iter(columns.values())):
        print(f"| {row} | " + " | ".join(cells[row] for cells in columns.values()) + " |")


def _compare(
    title: str,
    texts: Sequence[str],
    ours: Run,
    score: Callable[[Run], dict[str, str]],
    python: Path,
) -> None:
    runs = {"ours": ours, **{name: _peer(python, name, texts) for name in list(_NAMES)[1:]}}
    columns = {tool: score(run) for tool, run in runs.items()}
    for tool, rows in _CANNOT.items():
        columns[tool] |= dict.fromkeys(rows & columns[tool].keys(), "—")
    _table(title, columns)


_READ = (("dev", "开发语料"), ("apart", "另留语料"))
_UNREAD = (("unseen", "未读语料"), ("blind", "盲语料"), ("last", "最后语料"))


def main() -> None:
    """Run everything and print the tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--peers", type=Path, required=True, help="interpreter of the peers")
    parser.add_argument("--forms", type=int, default=10_000)
    parser.add_argument("--unseen", action="store_true")
    asked = parser.parse_args()
    made = list(numbers.forms(asked.forms))
    redact_records([({}, form.text) for form in made[:20]], _BASE)  # loads the dictionaries
    _compare(
        f"生成的号码变形（{asked.forms:,} 个，应保留的串 {asked.forms // 4:,} 个）",
        [form.text for form in made],
        _our_forms(made),
        lambda run: _on_forms(made, run),
        asked.peers,
    )
    for part, label in (*_READ, *(_UNREAD if asked.unseen else ())):
        cases = corpus.load(part)
        _compare(
            f"{label}（{len(cases)} 篇）",
            [case.text for case in cases],
            _our_documents(cases),
            lambda run, cases=cases: _on_documents(cases, run),  # type: ignore[misc]
            asked.peers,
        )


if __name__ == "__main__":
    main()
