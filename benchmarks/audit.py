"""The audit against a large site: seconds and memory, every form found, and both errors.

    python benchmarks/audit.py --megabytes 1000 --values 100000
    python benchmarks/audit.py --names 500

The first makes a site of pages, downloads, feeds and packed index files from a seed, with
one planted value in each form, and looks through it for as many sensitive values as asked
for. The second measures the rule for names on the demonstration exports: planted names
that pass unseen, and rows or releases stopped without cause.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

sys.path[0] = str(Path(__file__).resolve().parents[1])  # its own folder has a numbers.py

from benchmarks import audit_names  # noqa: E402
from benchmarks.audit_forms import NAME_FORMS, NUMBER_FORMS  # noqa: E402
from benchmarks.numbers import card, identity, mobile  # noqa: E402
from pipeline.public.released.release import hash_files  # noqa: E402
from pipeline.restricted.asked import Watch  # noqa: E402
from pipeline.restricted.audit import audit_again  # noqa: E402
from pipeline.restricted.audited import Audits  # noqa: E402
from pipeline.restricted.raw import Origin, Secret  # noqa: E402

_SEED = 20261121
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻"
_GIVEN = "棠砚沅祎昱珩翊澍霁晗煜淇垚璟堃芃嫣骞琬缇筠榕槿葳蕤彧"
_PHRASES = (
    "当事人在公路旁堆放建筑垃圾，未按照规定的时间、路线和要求清运，影响市容和环境卫生。",
    "本机关派员到场核实，制作现场检查（勘验）笔录1份，拍摄照片6张，由见证人签字确认。",
    "依据《中华人民共和国行政处罚法》第三十二条第一项的规定，应当从轻处罚。",
    "罚款人民币26600元，自收到本决定书之日起十五日内持缴款通知书到指定银行缴纳。",
    "你方有权在六十日内申请行政复议，也有权在六个月内直接向人民法院起诉。",
    "首次公开2026年3月2日，公示期至2031年3月2日，次日零时起撤下。",
)
_FRAME = (
    '<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{n} 行政处罚信息</title>'
    '<link rel="stylesheet" href="../../theme/css/site.css"></head><body>'
    '<nav><a href="../../">首页</a><a href="../../decisions/">执法决定</a></nav>'
    '<table class="fields"><tr><th scope="row">决定书文号</th><td>测罚决〔2026〕{n}号</td></tr>'
    '<tr><th scope="row">统一社会信用代码</th><td class="code">91500000MA5U{n:06d}</td></tr>'
    '</table><div class="fulltext">{text}</div><p>电话 <a href="tel:023-48740007">023-48740007</a>'
    '&amp; <a href="../../decisions/x-penalty-{n:014d}/">下一条</a></p></body></html>'
)


def secrets(rng: random.Random, count: int) -> list[Secret]:
    """``count`` sensitive values: half names, the rest numbers, addresses and mails."""
    made: dict[str, Secret] = {}
    while len(made) < count:
        name = rng.choice(_SURNAMES) + "".join(rng.choice(_GIVEN) for _ in range(2))
        road = f"{rng.choice(_GIVEN)}{rng.choice(_GIVEN)}路{rng.randint(1, 999)}号{rng.randint(1, 40)}室"
        for kind, value in (
            ("name", name + rng.choice(["", rng.choice(_GIVEN)])),
            ("id", identity(rng)),
            ("phone", mobile(rng)),
            ("bank", card(rng)),
            ("address", road),
            ("email", f"{rng.randrange(10**9):09d}x@example.invalid"),
        ):
            made[value] = Secret(value, kind)
    return list(made.values())[:count]


def make(folder: Path, megabytes: int, rng: random.Random) -> int:
    """A site of ``megabytes``: four fifths pages, the rest downloads and index files."""
    target, made, number = megabytes << 20, 0, 0
    for share, build in ((0.8, _page), (0.15, _download), (0.05, _bucket)):
        until = made + int(target * share)
        while made < until:
            number += 1
            path, data = build(number, rng)
            path = folder / path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            made += len(data)
    return made


def _text(rng: random.Random, sentences: int) -> Iterator[str]:
    return (rng.choice(_PHRASES) for _ in range(sentences))


def _page(number: int, rng: random.Random) -> tuple[str, bytes]:
    text = "".join(f"<p>{sentence}</p>" for sentence in _text(rng, 60))
    return f"decisions/{number}/index.html", _FRAME.format(n=number, text=text).encode()


def _download(number: int, rng: random.Random) -> tuple[str, bytes]:
    row = {"案号": number, "违法事实": "".join(_text(rng, 4)), "决定日期": "2026-03-02"}
    lines = "\n".join(json.dumps({**row, "行": i}, ensure_ascii=False) for i in range(60_000))
    return f"data/{number}.jsonl", lines.encode()


def _bucket(number: int, rng: random.Random) -> tuple[str, bytes]:
    text = [{"u": f"decisions/{number}/{i}", "t": "".join(_text(rng, 30))} for i in range(8)]
    noise = bytes(rng.randrange(128, 256) for _ in range(9_000))
    return f"search/index/t/{number}.bin", gzip.compress(
        json.dumps(text, ensure_ascii=False).encode() + noise, 6, mtime=0
    )


def plant(folder: Path, known: list[Secret], rng: random.Random) -> dict[str, str]:
    """One file for each form and kind; path → kind of what was planted."""
    planted = {}
    by_kind = {
        kind: [s for s in known if s.kind == kind] for kind in ("name", "id", "phone", "bank")
    }
    for kind, of_kind in by_kind.items():
        for form, write in (NAME_FORMS if kind == "name" else NUMBER_FORMS).items():
            path = folder / "planted" / f"{kind}-{form}.dat".replace(" ", "_")
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(write(rng.choice(of_kind).reveal()))
            planted[path.relative_to(folder).as_posix()] = kind
    return planted


def measure(folder: Path, megabytes: int, values: int) -> None:
    rng = random.Random(_SEED)
    known = secrets(rng, values)
    size = make(folder, megabytes, rng)
    planted = plant(folder, known, rng)
    watch = Watch("x-penalty-bcd", Origin("a.xlsx", "表1", 7), tuple(known))
    files = hash_files(folder)
    begin = time.perf_counter()
    # As a release does: the marks of all texts are taken, for the next night.
    with tempfile.TemporaryDirectory() as private:
        audits = Audits(Path(private) / "audited")
        leaks = audit_again(folder, [watch], (), allowed={}, written=(), files=files, audits=audits)
    seconds = time.perf_counter() - begin
    hit = {(leak.file, leak.kind) for leak in leaks}
    missed = sorted(item for item in planted.items() if item not in hit)
    own, child = (
        resource.getrusage(who).ru_maxrss / 1024
        for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)
    )
    print(f"{size / 1e6:.0f} MB in {len(files)} files, {len(known)} values: {seconds:.1f} s")
    worked = sum(resource.getrusage(resource.RUSAGE_CHILDREN)[:2])
    print(f"processor time of the workers {worked:.1f} s")
    print(f"{size / 1e6 / seconds:.1f} MB/s; peak memory {own:.0f} MB, a worker {child:.0f} MB")
    print(f"planted {len(planted)}, missed {len(missed)}: {missed}")
    print(f"elsewhere: {len({leak.file for leak in leaks} - planted.keys())} files with hits")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000)
    parser.add_argument("--values", type=int, default=100_000)
    parser.add_argument("--folder", type=Path, help="made and left there; default: temporary")
    parser.add_argument("--names", type=int, metavar="TRIALS", default=0)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        if given.names:
            audit_names.measure(Path(folder), given.names, random.Random(_SEED))
            return
        measure(given.folder or Path(folder), given.megabytes, given.values)


if __name__ == "__main__":
    main()
