"""What does not fit its shape, in Chinese: the library that checks shapes speaks English.

For the files of ``pipeline/`` that an office may write its own of (policies, checks); those of
``content/`` have schemas that say more (:mod:`pipeline.schema`).
"""

from __future__ import annotations

import re

_TYPES = {
    "str": "文字（加引号）",
    "int": "整数（不加引号）",
    "bool": "true 或者 false",
    "array": "若干项（方括号）",
    "object": "一节",
    "date": "日期，例如 2026-01-01",
    "float": "数",
    "null": "空",
}
#: What is said, and how it goes on in Chinese. What the file holds is never repeated.
_SAID = (
    (r"Object missing required field `(\w+)`", "缺少 {0}，请补上"),
    (r"Object contains unknown field `(.+)`", "没有名为 {0} 的项目，请核对写法"),
    (r"Expected `([\w |]+)`, got `[\w |]+`", "应为{types}"),
    (r"Expected `int` >= (\S+)", "应不小于 {0}"),
    (r"Expected `(?:array|str)` of length >= (\S+)", "不能为空"),
    (r"Expected `str` matching regex .*", "写法不对"),
    (r"Invalid enum value .*", "不是可用的值，请核对写法"),
    (r"Invalid RFC3339 encoded date.*|Invalid .*date.*", "应为日期，例如 2026-01-01"),
)


def misfit(error: Exception) -> str:
    """Where and why, as the rest of a sentence after the file's name."""
    said, _, place = str(error).partition(" - at ")
    at = re.sub(r"^`(?:key` in `)?\$\.?|`$", "", place).replace("[...]", "").strip("`")
    if place.startswith("`key`"):  # names stand in the file's rules, never in its values
        said = f"Object contains unknown field `{said.removeprefix('Invalid enum value ')}`"
    where = f"“{at}”" if at else ""
    for pattern, told in _SAID:
        if found := re.fullmatch(pattern, said):
            return f"{where}{told.format(*found.groups(), types=_types(found))}。"
    return f"{where}写法不对，请对照同类文件。"


def _types(found: re.Match[str]) -> str:
    names = found[1].split(" | ") if found.re.groups else []
    return "或者".join(_TYPES.get(name, name) for name in names)


def misplaced(error: Exception) -> str:
    """Where a file is no TOML, as the rest of a sentence after the file's name."""
    line = re.search(r"line (\d+), column (\d+)", str(error))
    where = f"第{line[1]}行第{line[2]}列" if line else "文件结尾处"
    return f"{where}不是有效的 TOML（引号、等号或者方括号可能不成对）。"
