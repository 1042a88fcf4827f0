"""``redact``: JSON lines in, redacted JSON lines out. The original text is never printed."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable, Iterator
from itertools import islice
from pathlib import Path
from typing import Any, BinaryIO

import click

from pipeline import policy
from pipeline.agencies import load_agencies
from pipeline.commands import frame
from pipeline.errors import ConfigurationError, why
from pipeline.restricted.redact import RecordResult, redact_records

_BATCH = 256


@click.command()
@click.argument("source", metavar="[FILE|-]", default="-")
@click.option("--policy", "name", metavar="NAME", required=True, help="政策名称，例如 shihao。")
@click.option(
    "--content",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="网站内容文件夹：其中各机关自己的电话、地址不遮盖。",
)
def redact(source: str, name: str, content: Path | None) -> None:
    """遮盖文本中的个人信息。

    输入为 JSON Lines（- 表示标准输入），每行一个对象：id、fields（中文列名→值）、text。

    输出每行：id、fields、text、held（是否需要人工判断）、reasons（原因）、
    spans（原文中的 start、end、kind、by）。不输出原文。
    """
    with frame.sentences():
        rules = policy.load(name)
        keep = _contacts(content)
        file = _open(source)
    broken = 0
    with frame.sentences(), file:
        for batch in _batches(enumerate(file, start=1)):
            records = [_parse(number, line) for number, line in batch]
            good = [record for record in records if isinstance(record, dict)]
            done = iter(
                redact_records([(r["fields"], r["text"]) for r in good], rules, keep)
                if good
                else ()
            )
            for record in records:
                if isinstance(record, str):
                    broken += 1
                    frame.err.print(f"错误：{record}", markup=False)
                    _print(_unreadable(record))
                else:
                    _print(_line(record["id"], next(done)))
    raise SystemExit(4 if broken else 0)


def _contacts(content: Path | None) -> tuple[str, ...]:
    if content is None:
        return ()
    return tuple(v for agency in load_agencies(content).values() for v in agency.own_values)


def _open(source: str) -> BinaryIO:
    if source == "-":
        return sys.stdin.buffer
    try:
        return Path(source).open("rb")
    except OSError as error:
        raise ConfigurationError([f"不能读取 {source}（{why(error)}）。"]) from None


def _batches(lines: Iterable[tuple[int, bytes]]) -> Iterator[list[tuple[int, bytes]]]:
    filled = ((number, line) for number, line in lines if line.strip())
    while batch := list(islice(filled, _BATCH)):
        yield batch


def _parse(number: int, line: bytes) -> dict[str, Any] | str:
    """The record of a line, or the sentence that says what is wrong with it."""
    try:
        record = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return f"第{number}行不是有效的 UTF-8 JSON；请检查这一行。"
    if not isinstance(record, dict):
        return f"第{number}行应是一个对象（id、fields、text）。"
    fields, text = record.get("fields") or {}, record.get("text") or ""
    if not isinstance(fields, dict) or not isinstance(text, str):
        return f"第{number}行的 fields 应是对象，text 应是文字。"
    if any(isinstance(value, dict | list) for value in fields.values()):
        return f"第{number}行的 fields 中每一项应是文字或数字。"
    plain = {str(key): "" if value is None else str(value) for key, value in fields.items()}
    return {"id": record.get("id"), "fields": plain, "text": text}


def _line(record_id: object, result: RecordResult) -> dict[str, Any]:
    return {
        "id": record_id,
        "fields": dict(result.fields),
        "text": result.text,
        "held": result.held,
        "reasons": list(result.reasons),
        "spans": [
            {"start": s.start, "end": s.end, "kind": s.kind, "by": list(s.by)} for s in result.spans
        ],
    }


def _unreadable(sentence: str) -> dict[str, Any]:
    return {"id": None, "fields": {}, "text": "", "held": True, "reasons": [sentence], "spans": []}


def _print(line: dict[str, Any]) -> None:
    text = json.dumps(line, ensure_ascii=False)
    sys.stdout.buffer.write(text.encode("utf-8", errors="replace") + b"\n")
