"""How the engine's time grows with the length of one text: ``python -m benchmarks.lengths``.

Each kind of text at 100 to 5,000,000 characters. Linear is one number along a row; a row
whose numbers fall is worse than linear. ``--most`` ends the curve earlier.
"""

from __future__ import annotations

import argparse
import random
import resource
import time

from benchmarks import ordinary
from pipeline import policy
from pipeline.restricted.redact import redact_record

LENGTHS = (100, 1_000, 10_000, 100_000, 1_000_000, 5_000_000)
_GIVEN = tuple(a + b for a in "伟芳秀英敏静丽强磊军洋勇" for b in "艳杰娟涛超明霞平刚桂兰建")
_BASE = policy.load("base")


def units() -> dict[str, str]:
    """What each kind of text repeats; the first two are long enough not to."""
    rng = random.Random(1)
    names = (rng.choice("王李张刘陈欧阳") + rng.choice(_GIVEN) for _ in range(2_000_000))
    return {
        "decisions": "\n".join(row.text("full_text") for row in ordinary.decisions(11_000)),
        "different names": "、".join(names),
        "plain law": "依法申请行政复议，或者在六个月内向人民法院提起诉讼。",
        "one Han": "住",
        "one letter": "a",
        "one digit": "1",
        "digits": "12345 67890-",
        "names": "张铁柱、欧阳建国、",
        "names run on": "张铁柱李秀英王建国",
        "surnames": "王李张刘",
        "no punctuation": "当事人未按规定处置现场堆放的建筑垃圾",
        "addresses": "住云陵县柳塘镇",
        "labels": "身份证号：电话：证人：",
        "brackets": "（（《〔",
        "opened quotes": "“《",
        "emoji": "😀👨‍👩‍👧",
        "zero width": "\u200b\u202e王\ufeff",
        "blanks": "  \n\t",
        "spaced names": "王　小　勇　",
        "dots": "·•",
        "Latin names": "Anna Maria ",
        "combining": "e\u0301",
        "surrogates": "\ud800\udfff",
        "control": "\x00\x01\x1f\u2028",
    }


def seconds(unit: str, length: int) -> float:
    """Processor seconds for one text of ``length`` characters."""
    source = (unit * (length // len(unit) + 1))[:length]
    started = time.process_time()
    redact_record({}, source, _BASE)
    return time.process_time() - started


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--most", type=int, default=LENGTHS[-1])
    parser.add_argument("--only", default="", help="kinds whose name contains this")
    asked = parser.parse_args()
    lengths = [length for length in LENGTHS if length <= asked.most]
    kinds = units()
    redact_record({}, kinds["decisions"][:2_000], _BASE)  # loads the dictionaries
    print("thousand characters a second")
    print(f"{'':16}" + "".join(f"{length:>11,}" for length in lengths))
    for name, unit in kinds.items():
        if asked.only in name:
            print(f"{name:16}", end="", flush=True)
            for length in lengths:
                rate = length / max(seconds(unit, length), 1e-6) / 1000
                print(f"{rate:11,.0f}", end="", flush=True)
            print(f"  {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024:5} MB")


if __name__ == "__main__":
    main()
