"""The export files: ordinary ones, and one for every special case, named for it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, timedelta
from random import Random
from typing import Any

from invent import layouts
from invent.decisions import Office, Row
from invent.documents import document_files
from invent.people import People
from invent.published import publish
from invent.special import special_files
from invent.tables import TITLE, cells, labels, objects, titled
from invent.words import words
from invent.write import Sheet, delimited, json_lines, json_list, xls, xlsx

SEED = 20261120

_BODIES = ("organisation", "organisation", "organisation", "sole_trader")
_ANYONE = ("organisation", "organisation", "sole_trader", "person")


def inbox_files() -> dict[str, bytes]:
    """All export files by name."""
    rng = Random(SEED)
    people = People(rng)
    offices = {slug: Office(slug, rng, people) for slug in words()["agency"]}
    return {
        "01-石壕镇-行政处罚-法人-2018版.xlsx": _shihao_bodies(offices["shihao"], rng),
        "02-石壕镇-行政处罚-自然人-2018版.xlsx": _shihao_people(offices["shihao"], rng),
        "03-陵川应急-行政处罚-2018版.xlsx": _lingchuan(offices["lingchuan"], rng),
        "04-行政许可-2018版.xlsx": _licences(offices, rng),
        "05-明山民政-行政处罚-2016版.xls": _mingshan(offices["mingshan"], rng),
        "06-辽宁国动办-行政处罚-2016版-GB18030.csv": _liaoning(offices["liaoning"], rng),
        "07-浙江人防-行政处罚.json": _zhejiang(offices["zhejiang"], rng),
        "08-石壕镇-行政强制.csv": _coercions(offices["shihao"], rng),
        "09-双随机抽查结果.xlsx": _inspections(offices, rng),
        "10-行政征收征用.jsonl": _levies(offices, rng),
        "11-明山民政-行政许可-分号分隔.csv": _mingshan_licences(offices["mingshan"], rng),
        "12-陵川应急-行政强制-制表符分隔.csv": _more_coercions(offices["lingchuan"], rng),
        **special_files(offices, rng),
        **document_files(offices),
    }


def _many(count: int, kinds: Sequence[str], make: Callable[[str], Row]) -> list[Row]:
    """Decisions in the order in which they were made."""
    rows = [make(kinds[n % len(kinds)]) for n in range(count)]
    return sorted(rows, key=lambda row: row["decided_on"])


def _cells(rows: list[Row], layout: layouts.Layout) -> list[list[Any]]:
    publish(rows)
    return [cells(row, layout) for row in rows]


def _shihao_bodies(office: Office, rng: Random) -> bytes:
    """Title row, label row, code row, bookmarks, 公示日期, a page of instructions."""
    layout = (
        *layouts.PENALTY_ORGANISATION,
        ("决定书全文", "full_text"),
        layouts.PUBLISHED,
    )
    rows = _many(54, _BODIES, office.penalty)
    for row in rows[::3]:
        row["published_on"] = row["decided_on"] + timedelta(days=rng.randint(1, 7))
    for row in rows[::7]:
        row["facts"] = "[bookmark: _GoBack]" + row["facts"] + "　　"
    codes = [layouts.CODES_2018.get(key, "") for _, key in layout]
    table = [*titled("行政处罚信息表（法人及非法人组织）", len(layout)), labels(layout), codes]
    table += _cells(rows, layout)
    notes = [["填表说明"], ["1. 带星号的列必须填写。"], ["2. 罚款金额以万元为单位。"], [TITLE]]
    return xlsx([Sheet("法人行政处罚", table, ("A1:K1",)), Sheet("填表说明", notes)])


def _shihao_people(office: Office, rng: Random) -> bytes:
    """A header in two rows, identity numbers that Excel stored as floats, day serials."""
    rows = _many(38, ("person",), office.penalty)
    layout = (*layouts.PENALTY_PERSON[:4], ("住址", "address"), ("联系电话", "phone"))
    layout += (*layouts.PENALTY_PERSON[4:], ("决定书全文", "full_text"), layouts.PUBLISHED)
    publish(rows)
    upper = [*labels(layout[:2]), "自然人", *[None] * 3, *labels(layout[6:])]
    lower = [None, None, *labels(layout[2:6]), *[None] * (len(layout) - 6)]
    table = [*titled("行政处罚信息表（自然人）", len(layout)), upper, lower]
    for n, row in enumerate(rows):
        as_float = n % 5 == 0 and not row["id_number"].endswith("X")
        form = {"id_number": float} if as_float else {}
        if n % 4 == 1:
            form["decided_on"] = _serial
        table.append(cells(row, layout, **form))
    merges = ("A1:F1", "A2:A3", "B2:B3", "C2:F2")
    return xlsx([Sheet("自然人行政处罚", table, merges)])


def _serial(day: date) -> int:
    return (day - date(1899, 12, 30)).days


def _lingchuan(office: Office, rng: Random) -> bytes:
    """Two sheets; the authority stands once in a merged cell; dates in many spellings."""
    bodies, persons = (
        _many(34, _BODIES, office.penalty),
        _many(16, ("person",), office.penalty),
    )
    spellings = ("{0:%Y-%m-%d}", "{0:%Y/%m/%d}", "{0.year}.{0.month}.{0.day}", "{0:%Y%m%d}")
    spellings += ("{0.year}年{0.month}月{0.day}日",)
    sheets = []
    for name, rows, layout in (
        ("法人", bodies, layouts.PENALTY_ORGANISATION),
        ("自然人", persons, layouts.PENALTY_PERSON),
    ):
        layout = (*layout, ("决定书全文", "full_text"), layouts.PUBLISHED)
        publish(rows)
        table = [*titled(f"行政处罚（{name}）", len(layout)), labels(layout)]
        for n, row in enumerate(rows):
            spelling = spellings[n % len(spellings)]
            table.append(cells(row, layout, decided_on=spelling.format))
        merges = []
        for n, (_, key) in enumerate(layout):
            if key == "authority":
                for row in table[3:]:
                    row[n] = None
                letters = _letters(n)
                merges.append(f"{letters}3:{letters}{len(table)}")
        table.append(["合计", f"{len(rows)}件"])
        sheets.append(Sheet(f"行政处罚-{name}", table, tuple(merges)))
    return xlsx(sheets)


def _letters(position: int) -> str:
    first, second = divmod(position, 26)
    return (chr(ord("A") + first - 1) if first else "") + chr(ord("A") + second)


def _licences(offices: dict[str, Office], rng: Random) -> bytes:
    """All agencies; some without 文号, so that the 许可编号 counts."""
    rows = []
    for slug, count in {"lingchuan": 16, "liaoning": 8, "zhejiang": 8, "shihao": 6}.items():
        rows += _many(count, _BODIES, offices[slug].licence)
    for row in rows[::6]:
        row["number"] = ""
    table = [*titled("行政许可信息表", len(layouts.LICENCE)), [], labels(layouts.LICENCE)]
    table += _cells(rows, layouts.LICENCE)
    return xlsx([Sheet("行政许可", table, ("A1:K1",))])


def _mingshan(office: Office, rng: Random) -> bytes:
    """2016 layout: column codes only."""
    rows = _many(30, _ANYONE, office.penalty)
    extra = {"state": "0", "region_code": "210504", "updated_at": "2026-11-20 00:00:00"}
    layout = (*layouts.PENALTY_2016, ("决定书全文", "full_text"))
    table = [*titled("行政处罚（2016版）", 1), labels(layout)]
    publish(rows)
    table += [cells(row | extra, layout) for row in rows]
    return xls([Sheet("行政处罚", table)])


def _liaoning(office: Office, rng: Random) -> bytes:
    rows = _many(30, _ANYONE, office.penalty)
    extra = {"state": "0", "region_code": "210000", "updated_at": "2026/11/20 08:30"}
    layout = (*layouts.PENALTY_2016, ("决定书全文", "full_text"))
    publish(rows)
    table = [[TITLE], labels(layout), *(cells(row | extra, layout) for row in rows)]
    return delimited(table, encoding="gb18030")


def _zhejiang(office: Office, rng: Random) -> bytes:
    rows = _many(30, _ANYONE, office.penalty)
    publish(rows)
    named = objects(rows, layouts.PENALTY_LOOSE)
    return json_list([row | {"备注": TITLE} for row in named], key="data")


def _coercions(office: Office, rng: Random) -> bytes:
    """UTF-8 with BOM, full-width digits and trailing blanks."""
    rows = _many(22, _ANYONE, office.coercion)
    publish(rows)
    wide = str.maketrans("0123456789", "０１２３４５６７８９")
    table = [[TITLE], labels(layouts.COERCION)]
    for n, row in enumerate(rows):
        forms: dict[str, Callable[[Any], Any]] = {}
        if n % 4 == 0:
            forms = {"number": lambda v: v.translate(wide), "phone": lambda v: v.translate(wide)}
            forms["decided_on"] = lambda day: day.isoformat().translate(wide) + "　"
        table.append(cells(row, layouts.COERCION, **forms))
    return delimited(table, encoding="utf-8-sig")


def _more_coercions(office: Office, rng: Random) -> bytes:
    rows = _many(8, ("organisation", "sole_trader"), office.coercion)
    table = [labels(layouts.COERCION), *_cells(rows, layouts.COERCION)]
    return delimited([[TITLE], *table], encoding="utf-8", delimiter="\t")


def _inspections(offices: dict[str, Office], rng: Random) -> bytes:
    """One sheet an agency, a total below."""
    sheets = []
    for slug, count in {"zhejiang": 14, "liaoning": 12, "lingchuan": 14, "mingshan": 10}.items():
        rows = _many(count, _BODIES, offices[slug].inspection)
        publish(rows)
        width = len(layouts.INSPECTION)
        table = [*titled("双随机抽查结果公示表", width), labels(layouts.INSPECTION)]
        for n, row in enumerate(rows, start=1):
            row |= {"serial": n, "officers": f"{row['officer_1']}、{row['officer_2']}"}
            table.append(cells(row, layouts.INSPECTION))
        table.append(["合计", f"{count}户"])
        sheets.append(Sheet(f"{offices[slug].agency['short']}抽查结果", table, ("A1:H1",)))
    return xlsx(sheets)


def _levies(offices: dict[str, Office], rng: Random) -> bytes:
    rows = []
    for slug, count in {"liaoning": 9, "zhejiang": 8, "shihao": 6}.items():
        rows += _many(count, _ANYONE, offices[slug].levy)
    publish(rows)
    named = objects(rows, layouts.LEVY)
    return json_lines(row | {"备注": TITLE} for row in named)


def _mingshan_licences(office: Office, rng: Random) -> bytes:
    rows = _many(14, ("organisation",), office.licence)
    table = [[TITLE], labels(layouts.LICENCE), *_cells(rows, layouts.LICENCE)]
    return delimited(table, encoding="utf-8-sig", delimiter=";")
