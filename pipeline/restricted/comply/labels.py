"""What tables and columns are called, and which of them a finding may tell."""

from __future__ import annotations

from pipeline.fields import dictionary
from pipeline.restricted.comply import yearly
from pipeline.restricted.comply.tables import table_types

_TOLD_TYPES = ("date", "moment", "amount", "number")


def title_of(over: str) -> str:
    """What a table is called, in words."""
    return table_types()[over].title if over in table_types() else yearly.COUNTS.get(over, over)


def label_of(over: str, key: str) -> str:
    """What a column is called, in words."""
    if over in table_types():
        return table_types()[over].columns[key].label
    if key in dictionary():
        return dictionary()[key].heading
    return _LABELS.get(key, key)


_LABELS = {
    "public_on": "首次公开日期",
    "hours": "学时",
    "general_hours": "通用法律知识学时",
    "special_hours": "专门法律知识学时",
    "trainings": "培训次数",
    "study_months": "有学习日的月数",
    "reviewers": "法制审核人员人数",
    "officers": "执法人员人数",
    "reviewer_share": "法制审核人员比例",
    "counsel": "法律顾问人数",
    "supervisions": "监督检查次数",
    "file_reviews": "案卷评查次数",
}


def is_told(over: str, key: str) -> bool:
    """Whether a finding may say what stands there: days and numbers, never names or texts."""
    if over in table_types():
        return table_types()[over].columns[key].type in _TOLD_TYPES
    if key in dictionary():
        return dictionary()[key].type in _TOLD_TYPES
    return key in _LABELS


def subject_keys(over: str) -> tuple[str, ...]:
    """The columns that name a row of a table."""
    if over == "case":
        return ("number",)
    if over in table_types():
        return (table_types()[over].key,)
    return ("certificate", "name", "year")


def day_key(over: str) -> str:
    """The column by which a row falls in a month."""
    if over == "case":
        return "decided_on"
    return table_types()[over].day or "—" if over in table_types() else "—"
