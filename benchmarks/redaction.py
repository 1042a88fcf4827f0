"""How much the redaction engine finds, spoils, holds and costs: ``python -m benchmarks.redaction``.

Without arguments: the development corpus, the fresh one, 10,000 generated number forms, ordinary
decisions, a timing curve, and jieba alone on the same documents. ``--unseen`` adds the
parts of the corpus that nobody reads: totals only.
"""

from __future__ import annotations

import argparse
import resource
import time
from collections import Counter, defaultdict
from collections.abc import Sequence
from statistics import median

from benchmarks import corpus, numbers, ordinary
from pipeline import policy
from pipeline.restricted.detect import NAMES, NUMBERS, SHIELDS, judge, plain
from pipeline.restricted.detect.finding import Sheet
from pipeline.restricted.normalise import normalise
from pipeline.restricted.redact import Redacted, Redactor, redact_record, redact_records

PERSONS = frozenset({"name", "officer"})
HIDDEN = PERSONS | {
    "id", "bank", "phone", "email", "im", "address", "property", "plate", "passport", "wealth"
}  # fmt: skip
BASE = policy.load("base")


def _covered(length: int, spans: Sequence[tuple[int, int]]) -> bytearray:
    marks = bytearray(length + 1)
    for start, end in spans:
        marks[start:end] = b"\x01" * (end - start)
    return marks


def _tiled(gold: corpus.Gold, ends: dict[int, int]) -> bool:
    """Whether masks begin and end with the mark: one, or several for names run together."""
    at = gold.start
    while at < gold.end and at in ends:
        at = ends[at]
    return at == gold.end


def score(cases: Sequence[corpus.Case], results: Sequence[Redacted]) -> None:
    """Print coverage by kind, leaks, damage, boundaries and verdicts."""
    all_, full, exact = Counter[str](), Counter[str](), Counter[str]()
    leaks = damaged = kept = shown = 0
    by: dict[str, int] = defaultdict(int)
    alone: dict[str, int] = defaultdict(int)
    held = ordinary_ = stopped = delicate = 0
    for case, done in zip(cases, results, strict=True):
        spans = done.spans.get("full_text", ())
        marks = _covered(len(case.text), [(s.start, s.end) for s in spans])
        places = {(s.start, s.end): s.by for s in spans}
        ends = {s.start: s.end for s in spans}
        for gold in case.gold:
            inside = marks[gold.start : gold.end]
            if gold.kind in HIDDEN:
                all_[gold.kind] += 1
                full[gold.kind] += all(inside)
                exact[gold.kind] += _tiled(gold, ends)
                leaks += gold.kind in PERSONS and not all(inside) and done.verdict == "clear"
                for source in places.get((gold.start, gold.end), ()):
                    if gold.kind in PERSONS:
                        by[source] += 1
                        alone[source] += len(places[gold.start, gold.end]) == 1
            elif gold.kind == "keep":
                kept += 1
                damaged += any(inside)
            elif gold.kind == "legalrep":
                shown += 1
        expected = case.meta.get("verdict", "clear")
        if expected == "clear" and str(case.meta["genre"]).startswith("penalty"):
            ordinary_ += 1
            held += done.verdict != "clear"
        if expected != "clear":
            delicate += 1
            stopped += done.verdict != "clear"
    people = sum(all_[kind] for kind in PERSONS)
    print(f"documents {len(cases)}, characters {sum(len(c.text) for c in cases)}")
    for kind in sorted(all_):
        print(f"  {kind:10} {full[kind]:5}/{all_[kind]:<5} {full[kind] / all_[kind]:8.2%}")
    print(f"  names covered      {sum(full[k] for k in PERSONS) / people:.2%} of {people}")
    print(f"  exact boundaries   {sum(exact[k] for k in PERSONS) / people:.2%}")
    print(f"  names leaking from decisions not held {leaks}")
    print(f"  keep-strings damaged {damaged}/{kept} = {damaged / max(kept, 1):.2%}")
    print(f"  penalty decisions held {held}/{ordinary_} = {held / max(ordinary_, 1):.2%}")
    print(f"  delicate ones stopped {stopped}/{delicate}")
    layers = ", ".join(f"{k} {by[k]} ({alone[k]} alone)" for k in sorted(by))
    print(f"  exact names by layer: {layers}")


def costs(cases: Sequence[corpus.Case]) -> None:
    """Print what each detector costs, in microseconds a character."""
    sheets = [Sheet(normalise(case.text).text) for case in cases]
    chars = sum(len(sheet.text) for sheet in sheets)
    for group, detectors in (("shield", SHIELDS), ("number", NUMBERS), ("name", NAMES)):
        for detector in detectors:
            started = time.process_time()
            for sheet in sheets:
                list(detector.find(sheet))
            spent = time.process_time() - started
            print(f"  {group:7}{detector.NAME:16}{spent / chars * 1e6:7.2f} µs/char")
    started = time.process_time()
    for sheet in sheets:
        where = plain.unclear(sheet.text, bytearray(len(sheet.text)))
        judge.names(sheet.text, where, [""] * len(sheet.text))
    spent = time.process_time() - started
    print(f"  name   {'judge':16}{spent / chars * 1e6:7.2f} µs/char")


def forms(count: int) -> None:
    """Print the misses among generated forms, and the damage among kept strings."""
    made = list(numbers.forms(count))
    done = redact_records([({}, form.text) for form in made], BASE)
    wrong = Counter[tuple[str, str]]()
    for form, result in zip(made, done, strict=True):
        marks = _covered(len(form.text), [(s.start, s.end) for s in result.spans])
        inside = marks[form.start : form.end]
        if any(inside) if form.kind == "keep" else not all(inside):
            wrong[form.kind, form.shape] += 1
    kept = sum(form.kind == "keep" for form in made)
    spoilt = sum(n for (kind, _), n in wrong.items() if kind == "keep")
    missed = sum(wrong.values()) - spoilt
    print(f"  masked forms {len(made) - kept}, missed {missed}; kept {kept}, damaged {spoilt}")
    for (kind, shape), n in sorted(wrong.items()):
        print(f"    {kind} {shape}: {n}")


def speed(count: int, rounds: int = 5) -> None:
    """Print characters a second over the whole engine, held share and peak memory.

    Medians of rounds in which jieba's tagger reads the same texts in turn: the machine is shared.
    """
    import jieba.posseg

    rows = list(ordinary.decisions(count))
    texts = [row.text("full_text") for row in rows[: count // 10]]
    ours, theirs, held = list[float](), list[float](), 0
    for _ in range(rounds):
        started = time.process_time()
        done = Redactor(BASE).redact_all(rows, [str(i) for i in range(count)])
        spent = time.process_time() - started
        ours.append(sum(len(secret) for row in rows for secret in row.values.values()) / spent)
        held = sum(one.verdict != "clear" for one in done)
        started = time.process_time()
        for text in texts:
            list(jieba.posseg.cut(text))
        theirs.append(sum(map(len, texts)) / (time.process_time() - started))
        judge.model.cache_clear()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    engine, jieba_ = median(ours), median(theirs)
    print(f"  {count} decisions, {rounds} rounds: {engine:,.0f} characters/s a core")
    print(
        f"  ({min(ours):,.0f} to {max(ours):,.0f}); jieba {jieba_:,.0f}: {engine / jieba_:.2f} times"
    )
    print(f"  held {held / count:.2%}; peak memory {peak:.0f} MB")


def curve() -> None:
    """Print how time grows with the length of one text."""
    unit = "当事人张铁柱未按规定处置，证人李明亮陈述属实，电话13857091164。"
    for length in (1_000, 10_000, 100_000, 1_000_000):
        source = unit * (length // len(unit))
        started = time.process_time()
        redact_record({}, source, BASE)
        print(f"  {length:>9,} characters {time.process_time() - started:8.3f} s")


def jieba_alone(cases: Sequence[corpus.Case]) -> None:
    """Print how jieba's part-of-speech tagger does as the only detector of names."""
    import jieba.posseg

    full = people = touched = predicted = damaged = kept = 0
    chars = sum(len(case.text) for case in cases)
    started = time.process_time()
    for case in cases:
        spans, at = [], 0
        for word, tag in jieba.posseg.cut(case.text):
            if tag.startswith("nr"):
                spans.append((at, at + len(word)))
            at += len(word)
        marks = _covered(len(case.text), spans)
        gold = _covered(
            len(case.text),
            [(g.start, g.end) for g in case.gold if g.kind in PERSONS | {"legalrep"}],
        )
        predicted += len(spans)
        touched += sum(any(gold[start:end]) for start, end in spans)
        for one in case.gold:
            if one.kind in PERSONS:
                people += 1
                full += all(marks[one.start : one.end])
            elif one.kind == "keep":
                kept += 1
                damaged += any(marks[one.start : one.end])
    spent = time.process_time() - started
    print(
        f"  names covered {full / people:.2%}, spans that touch a name {touched / predicted:.2%},"
        f" keep-strings damaged {damaged / kept:.2%}, {chars / spent:,.0f} characters/s"
    )


def part(cases: Sequence[corpus.Case]) -> tuple[Sequence[corpus.Case], list[Redacted]]:
    rows = [case.row() for case in cases]
    redactor = Redactor(BASE, keep=corpus.own_strings(cases))
    return cases, redactor.redact_all(rows, [case.name for case in cases])


def main() -> None:
    """Run what the arguments ask for."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument(
        "--unseen", action="store_true", help="totals over the parts that nobody reads"
    )
    parser.add_argument("--forms", type=int, default=10_000)
    parser.add_argument("--decisions", type=int, default=2_000)
    asked = parser.parse_args()
    cases, results = part(corpus.load("dev"))
    print("development corpus")
    score(cases, results)
    print("the corpus apart, which was read and not learnt from")
    score(*part(corpus.load("apart")))
    fresh = corpus.load("fresh")
    print("fresh corpus, the half that was read")
    score(*part([case for case in fresh if corpus.was_read(case)]))
    print("fresh corpus, the half that nobody read")
    score(*part([case for case in fresh if not corpus.was_read(case)]))
    print("what each detector costs")
    costs(cases)
    print("jieba alone, the same documents")
    jieba_alone(cases)
    print("generated number forms")
    forms(asked.forms)
    print("ordinary decisions")
    speed(asked.decisions)
    print("time over length")
    curve()
    for name in ("unseen", "blind", "last") if asked.unseen else ():
        print(f"{name} corpus, totals only")
        score(*part(corpus.load(name)))


if __name__ == "__main__":
    main()
