"""Like cases with unlike penalties: a fine far outside those of its peers, as a hint."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from pipeline.restricted.comply.checks import Check
from pipeline.restricted.comply.frame import Bools, Frame, Texts

_NAMED = 5

Compared = tuple[Bools, Bools, Bools, Callable[[int], str]]


def compared(check: Check, frame: Frame) -> Compared:
    """By row: near its peers, not known, out of scope, and who the peers are.

    The first field is the fine, those after it say what makes cases alike (with the party
    being a person or not). Peers: at least ``check.peers`` others. Far: ``check.limit``
    times their median or more, or that part of it or less.
    """
    fine_key, *alike = check.fields
    fines = frame.numbers(fine_key)
    keys: dict[str, Texts | Bools] = {key: frame.texts(key) for key in alike}
    keys["person"] = frame.tests("party_type", "person", "person".__eq__)
    table = pd.DataFrame({**keys, "fine": fines})
    fined = (fines > 0) & ~np.isnan(fines)
    groups = table[fined].groupby([*keys], sort=False)["fine"]
    group = groups.ngroup().reindex(table.index, fill_value=-1).to_numpy()
    first = groups.head(_NAMED + 1).index.to_numpy()
    median = groups.transform("median").reindex(table.index).to_numpy()
    size = groups.transform("size").reindex(table.index, fill_value=0).to_numpy()
    factor = float(check.limit or 1)
    with np.errstate(invalid="ignore"):
        far = (fines >= factor * median) | (fines * factor <= median)
    unknown = np.zeros(len(frame), dtype=bool)
    for key in check.fields:
        unknown |= ~frame.there(key)
    out = ~unknown & (~fined | (size <= check.peers))

    def tell(row: int) -> str:
        peers = [int(n) for n in first[group[first] == group[row]] if n != row][:_NAMED]
        named = "、".join(f"{frame.cell('number', n)}（{fines[n]:.0f}元）" for n in peers)
        return f"罚款 {fines[row]:.0f} 元，同类中位数 {median[row]:.0f} 元；同类案件：{named}"

    return ~far, unknown, out, tell
