"""What the text says somebody is also called: 绰号“鸭母”, 真名孟雨唐, 一个叫“老葫芦”的.

The judge is not asked: such a name can be any word at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from pipeline.restricted.detect.edges import cues
from pipeline.restricted.detect.finding import Finding, Sheet
from pipeline.restricted.detect.lexicon import HAN

NAME = "alias"
_OPEN, _CLOSE = '[“"‘「]', '[”"’」]'
_QUOTED = rf"{_OPEN}(?P<quoted>[{HAN}·A-Za-z]{{2,6}}){_CLOSE}"
_SAID = re.compile(
    rf"(?:绰号|外号|诨名|小名|乳名|别名|化名|曾用名|真名|大名|大号)(?:叫作?|是|为|[:：])?"
    rf"(?:{_QUOTED}|(?P<bare>[{HAN}·]{{2,4}})(?=[,;。、)\n]))"
)
# Shops are called so, too; people have it said of them that they are no more than that.
_CALLED = re.compile(
    rf"(?:[个位人]叫|人称|都叫[他她]|只?知道?[他她]叫|[喊叫][他她]){_QUOTED}"
    rf"(?=[,;。)]|的?(?:人|男|女)|的[,;。]|的(?:老板|师傅|司机|伙计|中间人))"
)
_WEIGHT = 88


def find(sheet: Sheet) -> Iterator[Finding]:
    """Other names, in quotation marks or bare."""
    for pattern in (_SAID, _CALLED):
        for match in pattern.finditer(sheet.text):
            group = "quoted" if match["quoted"] else "bare"
            if match[group] not in cues()["stop"]:
                yield Finding(*match.span(group), "name", NAME, _WEIGHT)


EXAMPLES = (
    ("扈小亮(绰号“亮子”),男", ("亮子",)),
    ("我只知道他叫“鸭母”,是", ("鸭母",)),
    ("一个叫“老葫芦”的人", ("老葫芦",)),
    ("化名高山,真名孟雨唐。", ("高山", "孟雨唐")),
)
COUNTER_EXAMPLES = ("一个叫“好又多”的超市", "外号码段", "曾用名:无", "商品别名较多")
