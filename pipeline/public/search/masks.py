"""How much of a text is masked, as far as the text itself shows it.

An edit that shows less than before may hide a name that had been overlooked: it must leave
the index at once (see ``edits``). This counts the signs by which a mask can be told.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from pipeline.public.search.document import FIELDS

#: 张某某, 张××, 李＊, 赵○○, ［身份证号］: what stands in the place of what is hidden.
_SIGN = re.compile(r"[某×✕＊*○◯●□■█…［\[【]|(?<![a-z])[xX]{2}")


def masks(fields: Mapping[str, str]) -> list[int]:
    """Signs of masks in each of ``FIELDS``."""
    return [len(_SIGN.findall(fields.get(field.name, ""))) for field in FIELDS]
