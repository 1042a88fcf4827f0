"""Names of laws and documents in 《》 with their articles."""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.finding import Finding, Sheet

NAME = "statute"
_LAWFUL = (
    r"法|条例|办法|规定|规程|规范|标准|细则|通知|决定|规则|准则|目录|基准|意见|公约|解释|方案|"
    r"制度|指南|通则"
)
_CITED = re.compile(
    rf"《[^《》\x1f]{{0,60}}(?:〈[^〈〉《》\x1f]{{0,60}}〉[^《》\x1f]{{0,40}})?(?:{_LAWFUL})(?:\([^()《》]{{0,20}}\))?》"
)
_ARTICLE = re.compile(
    r"第[一二三四五六七八九十百千零〇\d]{1,8}[条款项章节编目](?:之[一二三四五六七八九十])?"
)


def find(sheet: Sheet) -> Iterator[Finding]:
    """The title in its marks, and each article, paragraph and item number."""
    for match in _CITED.finditer(sheet.text):
        yield Finding(*match.span(), "keep", NAME, 87)
    for match in _ARTICLE.finditer(sheet.text):
        yield Finding(*match.span(), "keep", NAME, 60)


EXAMPLES = (
    ("违反《养老机构管理办法》第二十条,", ("《养老机构管理办法》", "第二十条")),
    ("依据《关于黄河河道管理的规定》", ("《关于黄河河道管理的规定》",)),
)
COUNTER_EXAMPLES = ("《张三的日记》", "第三人到场")
