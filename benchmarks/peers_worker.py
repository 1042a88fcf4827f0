"""Runs one peer over texts: JSON list of texts in, their spans and the seconds out.

Started by ``benchmarks.peers`` with the interpreter of the peers' own environment; it
imports nothing of this project.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable
from contextlib import redirect_stdout
from typing import Any

Span = tuple[int, int]
Find = Callable[[str], list[Span]]


def _jieba() -> Find:
    """Names only: words tagged nr, nrt, nrfg."""
    import jieba.posseg

    def find(text: str) -> list[Span]:
        spans, at = [], 0
        for word, tag in jieba.posseg.cut(text):
            if tag.startswith("nr"):
                spans.append((at, at + len(word)))
            at += len(word)
        return spans

    return find


def _presidio() -> Find:
    """Every predefined recogniser on the blank Chinese pipeline, Chinese phone numbers added.

    No threshold: whatever it finds counts.
    """
    import spacy
    from presidio_analyzer import AnalyzerEngine, RecognizerRegistry
    from presidio_analyzer.nlp_engine import SpacyNlpEngine
    from presidio_analyzer.predefined_recognizers import PhoneRecognizer

    class Blank(SpacyNlpEngine):
        def __init__(self) -> None:
            super().__init__(models=[{"lang_code": "zh", "model_name": "blank"}])
            self.nlp = {"zh": spacy.blank("zh")}

    registry = RecognizerRegistry(supported_languages=["zh"])
    registry.load_predefined_recognizers(languages=["zh"])
    registry.add_recognizer(PhoneRecognizer(supported_language="zh", supported_regions=("CN",)))
    engine = AnalyzerEngine(registry=registry, nlp_engine=Blank(), supported_languages=["zh"])

    def find(text: str) -> list[Span]:
        # dates and addresses of pages are no personal data, and it has no way to leave them out
        found = engine.analyze(text, language="zh")
        return [(r.start, r.end) for r in found if r.entity_type not in {"DATE_TIME", "URL"}]

    return find


def _jionlp() -> Find:
    """Its extractors of identity, phone, e-mail, QQ, WeChat and plate numbers; it has none of
    names that works without a downloaded model."""
    import jionlp

    extractors: list[Any] = [
        jionlp.extract_id_card,
        jionlp.extract_phone_number,
        jionlp.extract_email,
        jionlp.extract_qq,
        jionlp.extract_wechat_id,
        jionlp.extract_motor_vehicle_licence_plate,
    ]

    def find(text: str) -> list[Span]:
        return [tuple(hit["offset"]) for extract in extractors for hit in _hits(extract, text)]

    return find


def _hits(extract: Any, text: str) -> list[Any]:
    """Its e-mail extractor fails on an address without a dot; that counts as nothing found."""
    try:
        return list(extract(text, detail=True))
    except AttributeError:
        return []


PEERS: dict[str, Callable[[], Find]] = {
    "jieba": _jieba,
    "presidio": _presidio,
    "jionlp": _jionlp,
}


def main() -> None:
    """Read texts, write ``{"seconds": …, "spans": [[[start, end], …], …]}``."""
    texts = json.load(sys.stdin)
    with redirect_stdout(sys.stderr):  # jionlp greets on standard output
        find = PEERS[sys.argv[1]]()
        find("王小明电话13800138000")
        started = time.process_time()
        spans = [find(text) for text in texts]
        spent = time.process_time() - started
    json.dump({"seconds": spent, "spans": spans}, sys.stdout)


if __name__ == "__main__":
    main()
