"""Whether two machines would redact a row to the same bytes, and else what differs."""

from __future__ import annotations

import hashlib
import platform
from collections.abc import Mapping
from importlib.metadata import version
from unicodedata import unidata_version

import msgspec

from pipeline import policy
from pipeline.agencies import Agency
from pipeline.errors import ConfigurationError
from pipeline.fields import dictionary
from pipeline.restricted.remembered import sources

#: What a result depends on, under the name an operator knows it by.
Facts = Mapping[str, str]


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()[:12]


#: Distributions that have a say in what is masked, or in how a result is written down.
_LIBRARIES = (
    *("jieba", "numpy", "python-stdnum", "pyahocorasick", "msgspec"),
    *("dask", "distributed"),
)

#: As this process loaded them: files may be replaced under a worker that goes on running.
_LOADED = {
    "遮盖程序": _digest(sources()),
    "字段字典": _digest(msgspec.json.encode(dictionary(), order="deterministic")),
    "Python": ".".join(platform.python_version_tuple()[:2]),
    "Unicode": unidata_version,
    **{name: version(name) for name in _LIBRARIES},
}


def facts(agency: Agency) -> Facts:
    """What a redaction for this agency depends on, on this machine, but the row."""
    try:
        rules = _digest(msgspec.json.encode(policy.load(agency.policy), order="deterministic"))
    except ConfigurationError:
        rules = "没有"
    return {**_LOADED, f"政策 {agency.policy}": rules}


def difference(here: Facts, there: Facts) -> str:
    """What differs, named for a person; empty when nothing does."""
    return "、".join(
        f"{name}（{there.get(name, '没有')}，本机 {value}）"
        for name, value in here.items()
        if there.get(name) != value
    )
