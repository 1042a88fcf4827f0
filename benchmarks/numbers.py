"""Seeded adversarial forms of personal numbers, and strings that must stay whole."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass

_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_USCC = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_ZERO_WIDTH = ("\u200b", "\u200d", "\ufeff", "\u2060", "\u202e", "\u00ad")


@dataclass(frozen=True)
class Form:
    """``text`` with one value of ``kind`` at ``start:end``; kind ``keep`` must survive."""

    text: str
    start: int
    end: int
    kind: str
    shape: str


def identity(rng: random.Random, *, good: bool = True) -> str:
    """An 18-digit identity number of nobody (area 990000 and up does not exist)."""
    area = f"{rng.choice((11, 21, 33, 43, 51, 65)):02d}99{rng.randint(0, 99):02d}"
    birth = f"{rng.randint(1945, 2005)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    head = f"{area}{birth}{rng.randint(0, 999):03d}"
    check = "10X98765432"[sum(w * int(d) for w, d in zip(_WEIGHTS, head, strict=True)) % 11]
    return head + (check if good else "0123456789"[(int(check.replace("X", "5")) + 3) % 10])


def old_identity(rng: random.Random) -> str:
    """A 15-digit number of the first generation."""
    birth = f"{rng.randint(40, 79)}{rng.randint(1, 12):02d}{rng.randint(1, 28):02d}"
    return f"3399{rng.randint(0, 99):02d}{birth}{rng.randint(0, 999):03d}"


def card(rng: random.Random, length: int = 19) -> str:
    """A card number whose Luhn digit holds."""
    head = "62" + "".join(str(rng.randint(0, 9)) for _ in range(length - 3))
    total = sum(
        sum(divmod(int(d) * (2 if i % 2 == 0 else 1), 10)) for i, d in enumerate(reversed(head))
    )
    return head + str(-total % 10)


def mobile(rng: random.Random) -> str:
    """A mobile number."""
    return "1" + rng.choice("3456789") + "".join(str(rng.randint(0, 9)) for _ in range(9))


def credit_code(rng: random.Random) -> str:
    """A valid credit code."""
    head = rng.choice(("91", "92", "51", "52", "12")) + "3399" + f"{rng.randint(0, 99):02d}"
    head += "MA" + "".join(rng.choice(_USCC) for _ in range(7))
    total = sum(_USCC.index(c) * pow(3, i, 31) for i, c in enumerate(head))
    return head + _USCC[(31 - total % 31) % 31]


def _grouped(value: str, sizes: tuple[int, ...], gap: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(value[at : at + size])
        at += size
    return gap.join([*parts, value[at:]] if value[at:] else parts)


_SIZES = {18: (6, 4, 4), 11: (3, 4), 15: (6, 6)}


def _in_groups(value: str, gap: str) -> str:
    return _grouped(value, _SIZES.get(len(value), (4, 4, 4, 4)), gap)


def _full_width(value: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in value)


def _zero_width(value: str, rng: random.Random) -> str:
    hidden = (c + (rng.choice(_ZERO_WIDTH) if rng.random() < 0.3 else "") for c in value[:-1])
    return "".join(hidden) + value[-1]


def _numerals(value: str) -> str:
    return value.translate(str.maketrans("0123456789", "〇一二三四五六七八九"))


Writer = Callable[[str, random.Random], str]
#: The ways in which a number is written, by name.
WRITINGS: dict[str, Writer] = {
    "plain": lambda v, r: v,
    "full width": lambda v, r: _full_width(v),
    "lower case": lambda v, r: v.lower(),
    "zero width": _zero_width,
    "Chinese numerals": lambda v, r: _numerals(v),
    "line break": lambda v, r: v[: len(v) // 2] + "\n" + v[len(v) // 2 :],
    "Arabic-Indic digits": lambda v, r: v.translate(str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")),
    "blanks": lambda v, r: _in_groups(v, " "),
    "hyphens": lambda v, r: _in_groups(v, "-"),
    "dots": lambda v, r: _in_groups(v, "."),
    "wide blanks": lambda v, r: _in_groups(v, "\u3000"),
}
_LABELS = {
    "id": ("身份证号", "公民身份号码：", "居民身份证（", "证件号码为", ""),
    "bank": ("银行账号", "账号：", "汇入卡号", "开户行某银行，账号为"),
    "phone": ("电话", "联系方式：", "手机号码为", "拨打", ""),
}
_TAILS = ("，", "。", "）", "的", "\n", "；另")
_VALUES: dict[str, Callable[[random.Random], str]] = {
    "id": identity,
    "bank": card,
    "phone": mobile,
}


def _value(kind: str, rng: random.Random) -> Form:
    shape = rng.choice(tuple(WRITINGS))
    value = _VALUES[kind](rng)
    if kind == "id" and rng.random() < 0.15:
        value = identity(rng, good=False)
    if shape == "lower case" and kind == "id":
        value = value[:-1] + "X" if value.endswith("X") else value
    written = WRITINGS[shape](value, rng)
    return _placed(rng.choice(_LABELS[kind]), written, rng.choice(_TAILS), kind, shape)


def _placed(label: str, written: str, tail: str, kind: str, shape: str) -> Form:
    before = f"经查，当事人{label}"
    start, end = len(before), len(before) + len(written)
    return Form(before + written + tail + "后文。", start, end, kind, shape)


def _other(rng: random.Random) -> Form:
    digits = "".join(str(rng.randint(0, 9)) for _ in range(8))
    pick = rng.randint(0, 9)
    province, letter = rng.choice(_PROVINCES), rng.choice("ABCDEFGHJK")
    tail = "".join(rng.choice("ABCDEFGHJKLMNPQRSTUVWXYZ0123456789") for _ in range(4)) + digits[0]
    forms = (
        ("第一代身份证号", old_identity(rng), "id", "15 digits"),
        ("持护照", rng.choice("EGD") + digits, "passport", "passport"),
        ("护照号码：", "E" + rng.choice("ABCD") + digits[:7], "passport", "new passport"),
        ("港澳通行证", rng.choice("HMC") + digits, "passport", "permit"),
        ("驾驶", f"{province}{letter}{rng.choice(('', '·', ' '))}{tail}", "plate", "plate"),
        ("驾驶", f"{province}{letter}{'D' + digits[:5]}", "plate", "new energy"),
        ("证号", f"{province}（2019）某县不动产权第{digits[:7]}号", "property", "new form"),
        ("证号", f"{province}房权证城字第{digits[:6]}号", "property", "old form"),
        ("邮箱", f"demo{digits[:4]}@mail.example.com", "email", "e-mail"),
        ("账号", "9" + "".join(str(rng.randint(0, 9)) for _ in range(14)), "bank", "corporate"),
    )
    return _placed(*forms[pick][:2], rng.choice("，。；"), *forms[pick][2:])


def _keep(rng: random.Random) -> Form:
    digits = "".join(str(rng.randint(0, 9)) for _ in range(14))
    year, month, day = rng.randint(2015, 2026), rng.randint(1, 12), rng.randint(1, 28)
    forms = (
        ("统一社会信用代码", credit_code(rng), "credit code"),
        ("", credit_code(rng), "bare credit code"),
        ("作出", f"某应急罚〔{year}〕{rng.randint(1, 999)}号", "document number"),
        ("于", f"{year}年{month}月{day}日", "date"),
        ("于", f"{year}-{month:02d}-{day:02d}", "ISO date"),
        ("罚款", f"人民币{rng.randint(1, 999)},{rng.randint(0, 999):03d}元", "amount"),
        ("共计", f"{rng.randint(1, 99999)}.{rng.randint(0, 99):02d}元", "amount with point"),
        ("依据", "《中华人民共和国安全生产法》第九十七条第（三）项", "statute"),
        ("邮寄单号", f"E{rng.choice('ABCXZ')}{digits[:9]}CN", "EMS"),
        ("EMS邮件号", digits[:13], "EMS digits"),
        ("执法证号", f"3301{digits[:7]}", "officer's certificate"),
        ("罚款", rng.choice(("伍仟元整", "人民币壹万贰仟元整", "叁佰元")), "amount in words"),
        ("邮政编码", digits[:6], "postcode"),
        ("拨打", "12345热线", "hotline"),
    )
    label, value, shape = rng.choice(forms)
    return _placed(label, value, rng.choice("，。；"), "keep", shape)


def forms(count: int, seed: int = 20260301) -> Iterator[Form]:
    """``count`` forms to be masked, and a quarter as many to be kept, in a fixed order."""
    rng = random.Random(seed)
    for i in range(count):
        yield _value(("id", "bank", "phone")[i % 3], rng) if i % 10 < 8 else _other(rng)
    for _ in range(count // 4):
        yield _keep(rng)
