"""What stands in the place of what is hidden: 张某某, 张某某1, ［身份证号］."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import lru_cache

from pipeline.restricted.detect.surnames import surname

#: Bracketed labels by kind of finding.
LABELS: Mapping[str, str] = {
    "id": "［身份证号］",
    "bank": "［银行账号］",
    "phone": "［电话］",
    "email": "［邮箱］",
    "im": "［微信号］",
    "plate": "［车牌号］",
    "property": "［不动产权证号］",
    "passport": "［护照号］",
    "address": "［住址略］",
    "wealth": "［财产状况略］",
    "number": "［号码］",
    "other": "［略］",
}
PRIVATE = "［不公开］"

_HAN = re.compile(r"[\u3400-\u9fff\U00020000-\U0003ffff]")


_BETWEEN = re.compile(r"[\s·•・‧∙.\-]+")
_BLANKS = re.compile(r"[\s.]+")


@lru_cache(maxsize=1 << 15)
def canonical(name: str) -> str:
    """A name without the blanks and dots it may be written with."""
    if _HAN.search(name):
        return _BETWEEN.sub("", name)
    return _BLANKS.sub(" ", name).strip().casefold()


def head(name: str) -> str:
    """The part of ``name`` that stays: surname, first character, first letter."""
    name = name.lstrip()
    if not _HAN.match(name):
        return name[:1].upper()
    if re.search(r"[·•・‧∙]", name):
        return name[:1]
    return surname(re.sub(r"\s", "", name))


class Masks:
    """The masks of one row: the same person always the same, two persons never.

    ``names`` in order of appearance, the declared party first; ``taken`` are masks
    that already stand in the text.
    """

    def __init__(self, names: Iterable[str], sign: str, taken: Iterable[str] = ()) -> None:
        heads: dict[str, list[str]] = {}
        for name in names:
            people = heads.setdefault(head(name), [])
            if canonical(name) not in people:
                people.append(canonical(name))
        used = set(taken)
        self._masks: dict[str, str] = {}
        for start, people in heads.items():
            plain = f"{start}{sign}"
            if len(people) == 1 and plain not in used:
                self._masks[people[0]] = plain
                continue
            number = 0
            for person in people:
                number += 1
                while f"{plain}{number}" in used:
                    number += 1
                self._masks[person] = f"{plain}{number}"

    def __getitem__(self, name: str) -> str:
        return self._masks[canonical(name)]
