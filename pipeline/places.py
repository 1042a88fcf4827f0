"""Where a run reads and writes: four folders, and how they may stand to each other."""

from __future__ import annotations

from pathlib import Path
from typing import NamedTuple

from pipeline.errors import ConfigurationError


class Places(NamedTuple):
    """The four folders of a run."""

    inbox: Path
    content: Path
    state: Path
    output: Path

    def check_apart(self) -> None:
        """Refuse what would put private files into a public folder, or a folder into itself.

        Raises :class:`ConfigurationError` with every pair that stands wrongly.
        """
        inbox, content, state, output = (place.resolve() for place in self)
        wrong = (
            ("导入目录", inbox, "输出目录", output),
            ("导入目录", inbox, "内容目录", content),
            ("状态目录", state, "输出目录", output),
            ("状态目录", state, "内容目录", content),
            ("内容目录", content, "输出目录", output),
            ("输出目录", output, "内容目录", content),
        )
        problems = [
            f"{inner_name} {inner} 不能放在{outer_name} {outer} 里面（或与它相同）；请换一个位置。"
            for inner_name, inner, outer_name, outer in wrong
            if inner.is_relative_to(outer)
        ]
        if problems:
            raise ConfigurationError(problems)
