"""Which agency of the site a row belongs to."""

from __future__ import annotations

from collections.abc import Mapping

from pipeline.agencies import Agency
from pipeline.fields import label_key


class UnknownAuthority(Exception):
    """The authority columns name no agency of the site, or two different ones."""


class Authorities:
    """The agencies by every name and code they answer to."""

    def __init__(self, agencies: Mapping[str, Agency]) -> None:
        self._names = {
            label_key(name): slug
            for slug, agency in agencies.items()
            for name in (agency.name, agency.short_name, *agency.aliases)
        }
        self._codes = {label_key(a.credit_code): slug for slug, a in agencies.items()}

    def slug_of(self, name: str, code: str) -> str:
        """The slug of the agency; name and code may not point at different ones.

        Raises :class:`UnknownAuthority` with what to do.
        """
        by_name = self._names.get(label_key(name))
        by_code = self._codes.get(label_key(code))
        if by_name and by_code and by_name != by_code:
            raise UnknownAuthority("机关名称与机关信用代码指向两个不同的机关；请核对后重新导出。")
        found = by_name or by_code
        if found is None:
            raise UnknownAuthority(
                "不是本站任何机关的名称或代码；"
                "请改为机关全称，或在该机关 agency.toml 的 aliases 中登记此名称。"
            )
        return found
