"""The reference documents that are made from the data: field dictionary and policies.

``inv docs`` writes them into ``docs/``; a test fails when they are out of date.
"""

from __future__ import annotations

from collections.abc import Iterator

from pipeline import policy, schema
from pipeline.fields import CORE, Field, dictionary
from pipeline.model import Kind, PartyType
from pipeline.policy import Policy
from pipeline.restricted.comply.totals import chosen

_SHOWN = {"public": "公开", "masked": "遮盖后公开", "private": "不公开"}
_TYPES = {
    "text": "文字",
    "party": "名称或姓名",
    "person": "姓名",
    "id": "证件、账号、电话",
    "code": "代码",
    "date": "日期（YYYY-MM-DD）",
    "moment": "日期，可带时刻",
    "amount": "金额（元）",
    "choice": "代码值",
    "flag": "是/否",
}
_UNITS = {"working_day": "个工作日", "calendar_day": "日"}


def data_dictionary() -> str:
    """The data dictionary (中文): every declared column and who may see it, as Markdown."""
    head = (
        "# 数据字典\n\n由 `pipeline/fields.toml` 生成，请勿手改。没有列在这里的列一律不公开。\n\n"
        "| 字段 | 页面名称 | 导出列名 | 类型 | 是否公开 | 适用 |\n|---|---|---|---|---|---|\n"
    )
    return head + "".join(_field_row(field) for field in dictionary().values())


def _field_row(field: Field) -> str:
    labels = "、".join((field.label, *field.aliases))
    kinds = "全部" if len(field.kinds) == len(Kind) else "、".join(_kind_labels(field))
    shown = _SHOWN[field.sensitivity] if field.public or field.key in CORE else "不公开"
    required = "（必填）" if field.required else ""
    return (
        f"| `{field.key}` | {field.heading}{required} | {labels} | {_TYPES[field.type]} "
        f"| {shown} | {kinds} |\n"
    )


def _kind_labels(field: Field) -> list[str]:
    return [kind.label for kind in Kind if kind in field.kinds]


def policy_reference() -> str:
    """The policy reference (中文): every number of every regime with its article, as Markdown."""
    head = "# 政策一览\n\n由 `pipeline/policies/*.toml` 生成，请勿手改。\n"
    return head + "".join(_policy_section(policy.load(name)) for name in policy.names())


def _policy_section(rules: Policy) -> str:
    rows = "".join(f"| {what} | {value} | {source} |\n" for what, value, source in _rows(rules))
    clashes = "".join(
        f"- **{c.topic}**：取{c.chosen}，不取{c.instead_of}。{c.why}\n" for c in rules.clashes
    )
    choices = f"\n取舍：\n\n{clashes}" if clashes else ""
    return (
        f"\n## {rules.title}（`{rules.name}`）\n\n依据：{rules.document}\n\n"
        f"| 事项 | 规定 | 来源 |\n|---|---|---|\n{rows}{choices}"
    )


def _rows(rules: Policy) -> Iterator[tuple[str, str, str]]:
    for kind in Kind:
        deadline = rules.deadlines[kind]
        yield f"{kind.label}公开期限", f"{deadline.days}{_UNITS[deadline.unit]}", deadline.source
    clean = rules.clean_spot_check
    yield "随机抽查未发现问题的公开期限", f"{clean.days}{_UNITS[clean.unit]}", clean.source
    words = f"名称含{'、'.join(rules.spot_check.named)}，结果为{'、'.join(rules.spot_check.clean)}"
    yield "怎样算随机抽查未发现问题", words, rules.spot_check.source
    before = rules.pre_disclosure
    yield "事前公开内容变动后的更新期限", f"{before.days}{_UNITS[before.unit]}", before.source
    yield "建站前的存量决定", _FIRST[rules.backlog.first_publication], rules.backlog.source
    for party in PartyType:
        window = rules.windows[party]
        years = f"{window.years}年" if window.years else "不限"
        yield f"公示期（{party.label}）", years, window.source
    yield (
        "撤回期限",
        f"{rules.withdrawal.days}{_UNITS[rules.withdrawal.unit]}",
        rules.withdrawal.source,
    )
    kept = f"撤下满{rules.retention.days}日清除"
    yield "原始数据保存到", kept, rules.retention.source
    answer = rules.objection
    within = f"{answer.days}{_UNITS[answer.unit]}" if answer.days else "及时"
    noted = "页面注明正在核实" if answer.noted else "页面不注明"
    yield "异议的答复", f"{within}；{noted}", answer.source
    yield "姓名遮盖", f"姓+{rules.mask.name.value}", rules.mask.name.source
    yield (
        "法定代表人",
        _WORDS[rules.mask.legal_representative.value],
        rules.mask.legal_representative.source,
    )
    yield "执法人员（文书中）", _WORDS[rules.mask.officers.value], rules.mask.officers.source
    yield "住址", _WORDS[rules.mask.address.value], rules.mask.address.source
    for ground in rules.withheld.values():
        yield f"不予公开：{ground.title}", "整件不公开或先由人工判断", ground.source
    two = rules.second_signature
    both = {"显示原被遮盖的号码": two.numbers, "批准因用语暂缓的决定": two.grounds}
    yield "须两人签字", "、".join(what for what, asked in both.items() if asked) or "无", two.source
    review, complaint = rules.legal_review, rules.complaint
    extension = f"，可延长{review.extension_days}{_UNITS[review.extension_unit]}"
    yield "法制审核期限", f"{review.days}{_UNITS[review.unit]}{extension}", review.source
    yield (
        "投诉举报",
        f"{complaint.accept_working_days}个工作日内受理，{complaint.close_calendar_days}日内办结，"
        f"经{complaint.extension_approved_by}批准可延长{complaint.extension_calendar_days}日",
        complaint.source,
    )
    days = f"{rules.suspension.days}{_UNITS[rules.suspension.unit]}"
    yield "暂扣执法证件（名册没有写明止日时）", days, rules.suspension.source
    columns = {column.key: column.label for column in schema.load("officers").columns}
    shown = "、".join(columns[key] for key in rules.roster.fields)
    yield "名册公示的项目", shown, rules.roster.source
    for kept_values in rules.keep.values():
        yield "机关自己的联系方式，不遮盖", "、".join(kept_values.values), kept_values.source
    for channel in rules.other_channels.values():
        yield f"其他渠道（{channel.name}）", channel.rule, channel.source
    yield "年度数据", f"每年{rules.annual_report.day}前", rules.annual_report.source
    statistics, titles = rules.statistics, "、".join(check.title for check in chosen(rules.name))
    told = f"{titles}（少于{statistics.least}的不写数字）" if titles else "不公开"
    yield "公开统计中的内部检查合计数", told, statistics.source


_FIRST = {
    "last_lawful_day": "以依法应公开的最后一日为首次公开日",
    "site_start": "以建站日为首次公开日",
}
_WORDS = {"show": "照登", "mask": "隐名", "township": "保留至乡镇街道", "remove": "全部隐去"}
