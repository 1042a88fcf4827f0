"""Decisions in the 双公示 layout (发改办财金〔2018〕424号): its columns, but the private ones.

A column is shown only while the field dictionary calls its field public; amounts are in
万元, as the layout has them.
"""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from functools import cache

from pipeline.fields import CORE, Field, by_label, label_key
from pipeline.model import Entry, Kind, PublicDecision
from pipeline.public.downloads.dataset import Column, Dataset
from pipeline.public.downloads.open_data import LAST_DAY

# fmt: off
#: Code and label of the layout's columns, in its order.
LAYOUTS: dict[Kind, tuple[tuple[str, str], ...]] = {
    Kind.PENALTY: (
        ("CF_XDR_MC", "行政相对人名称"), ("CF_XDR_LB", "行政相对人类别"),
        ("CF_XDR_SHXYM", "统一社会信用代码"), ("CF_XDR_GSZC", "工商注册号"),
        ("CF_XDR_ZZJG", "组织机构代码"), ("CF_XDR_SWDJ", "税务登记号"),
        ("CF_XDR_SYDW", "事业单位证书号"), ("CF_XDR_SHZZ", "社会组织登记证号"),
        ("CF_FRDB", "法定代表人"), ("CF_FR_ZJLX", "法定代表人证件类型"),
        ("CF_FR_ZJHM", "法定代表人证件号码"), ("CF_XDR_ZJLX", "证件类型"),
        ("CF_XDR_ZJHM", "证件号码"), ("CF_WSH", "行政处罚决定书文号"),
        ("CF_WFXW", "违法行为类型"), ("CF_SY", "违法事实"), ("CF_YJ", "处罚依据"),
        ("CF_CFLB", "处罚类别"), ("CF_NR", "处罚内容"), ("CF_NR_FK", "罚款金额（万元）"),
        ("CF_NR_WFFF", "没收违法所得、没收非法财物的金额（万元）"),
        ("CF_NR_ZKDX", "暂扣或吊销证照名称及编号"), ("CF_JDRQ", "处罚决定日期"),
        ("CF_YXQ", "处罚有效期"), ("CF_CFJG", "处罚机关"),
    ),
    Kind.LICENCE: (
        ("XK_XDR_MC", "行政相对人名称"), ("XK_XDR_LB", "行政相对人类别"),
        ("XK_XDR_SHXYM", "统一社会信用代码"), ("XK_XDR_GSZC", "工商注册号"),
        ("XK_XDR_ZZJG", "组织机构代码"), ("XK_XDR_SWDJ", "税务登记号"),
        ("XK_XDR_SYDW", "事业单位证书号"), ("XK_XDR_SHZZ", "社会组织登记证号"),
        ("XK_FRDB", "法定代表人"), ("XK_FR_ZJLX", "法定代表人证件类型"),
        ("XK_FR_ZJHM", "法定代表人证件号码"), ("XK_XDR_ZJLX", "证件类型"),
        ("XK_XDR_ZJHM", "证件号码"), ("XK_XKWS", "行政许可决定文书名称"),
        ("XK_WSH", "行政许可决定文书号"), ("XK_XKLB", "许可类别"),
        ("XK_XKZS", "许可证书名称"), ("XK_XKBH", "许可编号"), ("XK_NR", "许可内容"),
        ("XK_JDRQ", "许可决定日期"), ("XK_YXQZ", "有效期自"), ("XK_YXQZI", "有效期至"),
        ("XK_XKJG", "许可机关"),
    ),
}
# fmt: on
NAMES = {Kind.PENALTY: "double-penalty", Kind.LICENCE: "double-licence"}
_DECIDED = {Kind.PENALTY: "处罚决定日期", Kind.LICENCE: "许可决定日期"}
_TYPES = {"date": "date", "amount": "number"}
PAGE = "页面"


def kind_of(name: str) -> str | None:
    """The kind of decision that a dataset in the layout holds; None for any other."""
    return next((kind.value for kind, own in NAMES.items() if own == name), None)


def record(entry: Entry) -> dict[str, str] | None:
    """A decision by the labels of its columns; None when its kind has no layout."""
    decision = entry.decision
    if decision.kind not in LAYOUTS:
        return None
    last = entry.publication.last_day
    cells = {label: _cell(field, decision) for label, field in _fields(decision.kind)}
    address = f"decisions/{decision.slug}/"
    return {**cells, LAST_DAY: last.isoformat() if last else "", PAGE: address}


def datasets() -> list[Dataset]:
    """Penalties and licences in the layout; their rows are kept with the decisions."""
    return [
        Dataset(
            NAMES[kind],
            f"{kind.label}（双公示格式）",
            "列名和次序依照双公示数据标准2018年版，证件号码等不公开的列除外；金额单位为万元。",
            (*_columns(kind), Column(LAST_DAY, "最后一日，次日起撤下", "date"), Column(PAGE)),
            (),
            _DECIDED[kind],
        )
        for kind in LAYOUTS
    ]


def shown(kind: Kind) -> list[tuple[str, str]]:
    """The layout's columns that may be published."""
    return [(code, label) for code, label in LAYOUTS[kind] if _is_public(_field(code))]


@cache
def _fields(kind: Kind) -> list[tuple[str, Field]]:
    return [(label, _field(code)) for code, label in shown(kind)]


def _is_public(field: Field) -> bool:
    return field.public or field.key in CORE


def _field(code: str) -> Field:
    return by_label()[label_key(code)]


def _columns(kind: Kind) -> list[Column]:
    return [
        Column(label, about(field), _TYPES.get(field.type, "string"), code)  # type: ignore[arg-type]
        for code, label in shown(kind)
        for field in (_field(code),)
    ]


def about(field: Field | None) -> str:
    """What is said of a column beside its name: whether personal data in it is masked."""
    return "其中的个人信息遮盖后公开" if field and field.sensitivity == "masked" else ""


def _cell(field: Field, decision: PublicDecision) -> str:
    text = decision.text_of(field.key)
    return ten_thousands(text) if field.type == "amount" else text


def ten_thousands(text: str) -> str:
    """An amount in 元 as 万元; other text unchanged."""
    try:
        amount = Decimal(text)
    except InvalidOperation:
        return text
    if not amount.is_finite():
        return text
    return f"{(amount / 10_000).normalize():f}"
