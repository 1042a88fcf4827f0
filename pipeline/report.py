"""What a run says about itself: a JSON file for machines, a short Chinese text for people.

Both stay in the private folder (or on the operator's screen) and hold no raw value.
"""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Literal

import msgspec

from pipeline.progress import Stage, amount

Outcome = Literal["released", "unchanged", "refused"]


class TakenDown(msgspec.Struct, frozen=True):
    """An entry that the last release showed and this one does not, or only as a notice.

    ``named_before``, ``named_now``: the files of the two releases in which its address or
    number stands.
    """

    slug: str
    number: str
    why: str
    named_before: list[str] = []
    named_now: list[str] = []


class RunReport(msgspec.Struct, kw_only=True):
    """One run. Counts are decisions unless said otherwise; ``stages`` in seconds.

    ``profile``: what each stage took and counted, in their order.
    """

    today: date
    outcome: Outcome = "refused"
    files: int = 0
    rows: int = 0
    new: int = 0
    changed: int = 0
    states: dict[str, int] = {}
    approved_now: int = 0
    late: int = 0
    provisional: int = 0
    backlog: int = 0
    rejected: list[str] = []
    refused_files: list[str] = []
    undeclared: list[str] = []
    attached: int = 0
    attached_now: int = 0
    unattached: list[str] = []
    revised: list[str] = []
    taken_down: list[TakenDown] = []
    other_channels: list[str] = []
    late_take_downs: list[str] = []
    restored: int = 0
    purged: int = 0
    objections: int = 0
    problems: list[str] = []
    stages: dict[str, float] = {}
    profile: list[Stage] = []

    @property
    def exit_code(self) -> int:
        """0 released or nothing to do; 3 refused; 4 released, but a file was unreadable."""
        if self.outcome == "refused":
            return 3
        return 4 if self.refused_files else 0


def write(report: RunReport, folder: Path) -> Path:
    """Write ``report`` as ``<today>.json`` and ``latest.json`` under ``folder``."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    body = msgspec.json.format(msgspec.json.encode(report), indent=2)
    path = folder / f"{report.today.isoformat()}.json"
    for target in (path, folder / "latest.json"):
        target.write_bytes(body)
    return path


_OUTCOMES = {
    "released": "已发布",
    "unchanged": "没有变化，无需发布",
    "refused": "拒绝发布，原有站点保持不变",
}
_SHOWN = 10


def in_words(report: RunReport) -> str:
    """The report as the operator reads it at the end of a run."""
    states = report.states
    lines = [
        f"运行日：{report.today.isoformat()}　结果：{_OUTCOMES[report.outcome]}",
        f"读取：{report.files} 个文件，{report.rows} 行有效数据"
        f"（新增 {report.new}，更新 {report.changed}）",
        f"公开：{states.get('public', 0)} 件；撤回公告 {states.get('withdrawn', 0)} 件",
        f"未公开：待审查 {states.get('waiting', 0)}，暂缓（需人工判断）{states.get('held', 0)}，"
        f"不予公开 {states.get('withheld', 0)}，审查未通过 {states.get('refused', 0)}，"
        f"未到公开日 {states.get('not_yet', 0)}，公示期满 {states.get('expired', 0)}",
        f"本次批准：{report.approved_now} 件；本次撤下：{len(report.taken_down)} 件",
    ]
    if report.attached:
        lines.append(
            f"决定书文件：{report.attached} 份已对应到决定（新增或更新 {report.attached_now}）"
        )
    if report.late:
        lines.append(f"超过公开期限后才公开或仍未公开：{report.late} 件")
    if report.provisional:
        lines.append(
            f"期限暂定：{report.provisional} 件（跨入尚未公布放假安排的年份，"
            "请在 content/calendar/ 中补充）"
        )
    if report.backlog:
        lines.append(f"存量决定：{report.backlog} 件按“依法应公开的最后一日”计算首次公开日")
    lines += _listed("撤下的决定", [_removal(one) for one in report.taken_down])
    lines += _listed("超过3个工作日才撤下、或仍未撤下的决定", report.late_take_downs)
    if report.restored:
        lines.append(f"台账似由备份恢复：{report.restored} 件此前已撤下的决定没有重新公开，请核对")
    if report.purged:
        lines.append(
            f"撤下已满保存期限、清除原始数据：{report.purged} 件（收件箱中的原文件请自行清理）"
        )
    if report.objections:
        lines.append(f"尚未答复的异议：{report.objections} 件（objection list 查看）")
    lines += _listed("退回的行", report.rejected)
    lines += _listed("无法读取的文件", report.refused_files)
    lines += _listed("没有采用的决定书文件", report.unattached)
    lines += _listed("含修订痕迹的决定书文件（按接受全部修订后的文字处理）", report.revised)
    lines += _listed("未声明、因而不公开的列", report.undeclared)
    if report.taken_down:
        lines += _listed("其他渠道的公示期不由本站控制", report.other_channels)
    lines += _listed("拒绝发布的原因", report.problems)
    lines += _profile(report.profile)
    return "\n".join(lines)


def _removal(one: TakenDown) -> str:
    files = f"，原见于 {len(one.named_before)} 个文件" if one.named_before else ""
    return f"{one.number}（{one.why}{files}）"


def _profile(stages: list[Stage]) -> list[str]:
    """Where the time went: seconds, share, what was counted and how fast."""
    if not stages:
        return []
    lines = [f"用时 {sum(one.seconds for one in stages):.1f} 秒："]
    for one in stages:
        counted = f"，{amount(one.items, one.unit)}" if one.items else ""
        rate = f"，每秒 {amount(one.rate, one.unit)}" if one.rate else ""
        lines.append(f"  · {one.name} {one.seconds:.2f} 秒（{one.share:.0%}）{counted}{rate}")
    return lines


def _listed(title: str, items: list[str]) -> list[str]:
    if not items:
        return []
    more = [f"  … 另有 {len(items) - _SHOWN} 项，见 JSON 报告"] if len(items) > _SHOWN else []
    return [f"{title}（{len(items)}）：", *(f"  · {item}" for item in items[:_SHOWN]), *more]
