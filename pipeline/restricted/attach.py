"""Which decision a Word document is: by the export's column, its file name, or its first lines.

A document that is not clearly one decision's is never used: another citizen's paper on
a page would be the worst of all leaks. Where the signs contradict each other it is told.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pipeline.agencies import Agency
from pipeline.restricted.ledger import Kept
from pipeline.restricted.normalise import normalise
from pipeline.restricted.read.attachments import Attachment
from pipeline.restricted.read.number import MAX_LENGTH, normalise_number
from pipeline.restricted.read.word import WordText
from pipeline.restricted.read.word_text import CELL

UNKNOWN = (
    "没有找到对应的决定：文件名里、文书开头单独成行处都没有台账中的决定书文号；"
    "请在文件名中写明文号，或在导出表的“决定书文件”列填写文件名。"
)
SEVERAL = "对应到不止一件决定，没有采用；请在导出表的“决定书文件”列填写文件名来指明。"
OTHER_NUMBER = "指向的决定与文书开头写的文号不一致，没有采用；请核对文件名和文书。"
OTHER_AGENCY = "文书写的是本站另一个机关，没有采用；请核对。"
OTHER_PARTY = "文书中没有出现该决定的行政相对人，疑为放错文书，没有采用；请核对。"
TWICE = "有不止一份文书对应同一件决定，都没有采用；请只留一份。"

#: The number stands below the title; further down other papers' numbers are cited.
_HEAD_LINES = 25

_LABEL = re.compile(
    r"^(?:[^〔]{0,30}(?:决定书|通知书))?(?:(?:文书)?(?:文号|编号|文书号|案号|No\.?)[:：]?)?",
    re.IGNORECASE,
)
_NUMBER = re.compile(r"[^〔〕，。；：、]{1,24}〔(?:19|20)\d\d〕第?\d{1,6}号(?:之[一二三四五\d])?")
_ORDINAL = re.compile(r"(?<=〕)第?0*(?=[1-9])")
_JOINED_BEFORE = re.compile(r"[\u3400-\u9fffA-Za-z0-9](?<![书号件])$")
_SEPARATORS = re.compile(r"[、,，;；/|\n]|等\d*[人户家]?$")


class Matching(NamedTuple):
    """``found`` by slug; ``refused``: one sentence for each document that was not used.

    ``revised``: the documents used that carry tracked changes, by name.
    """

    found: Mapping[str, WordText]
    refused: tuple[str, ...]
    revised: tuple[str, ...]


def match(
    attachments: Sequence[Attachment], decisions: Iterable[Kept], agencies: Mapping[str, Agency]
) -> Matching:
    """Give each readable document its decision, or the sentence why it has none."""
    index = _Index(decisions, agencies)
    claims: defaultdict[str, list[Attachment]] = defaultdict(list)
    refused: list[str] = []
    for attachment in attachments:
        if attachment.text is None:
            continue
        one = index.decision_of(attachment, attachment.text)
        if isinstance(one, Kept):
            claims[one.slug].append(attachment)
        else:
            refused.append(f"{attachment.shown_as}：{one}")
    found: dict[str, WordText] = {}
    revised: list[str] = []
    for slug, claiming in claims.items():
        texts = {a.text.shown: a.text for a in claiming if a.text}
        if len(texts) == 1:
            found[slug] = next(iter(texts.values()))
            revised += [a.shown_as for a in claiming[:1] if a.text and a.text.revised]
        else:
            refused += (f"{attachment.shown_as}：{TWICE}" for attachment in claiming)
    return Matching(found, tuple(refused), tuple(revised))


class _Index:
    """The decisions by number and by the document that their row names."""

    def __init__(self, decisions: Iterable[Kept], agencies: Mapping[str, Agency]) -> None:
        self._by_number: defaultdict[str, list[Kept]] = defaultdict(list)
        self._by_file: defaultdict[str, list[Kept]] = defaultdict(list)
        self._agencies = agencies
        for one in decisions:
            self._by_number[_key(one.raw.number)].append(one)
            for name in re.split(r"[;；\n|]", one.raw.text("attachment")):
                if name.strip():
                    self._by_file[_file_key(name)].append(one)

    def decision_of(self, attachment: Attachment, text: WordText) -> Kept | str:
        """The one decision, or what is wrong."""
        shown = text.shown.reveal()
        heads = set(_heads(shown))
        candidates = (
            self._by_file.get(_file_key(attachment.name.reveal()))
            or self._named(Path(attachment.name.reveal()).stem)
            or [one for head in sorted(heads) for one in self._by_number.get(head, ())]
        )
        if not candidates:
            return UNKNOWN
        compact = _compact(shown)
        named = {slug for slug in self._agencies if self._is_named(slug, compact)}
        here = [one for one in candidates if not named or one.raw.agency in named]
        if not here:
            return OTHER_AGENCY
        if len(here) > 1:
            return SEVERAL
        if heads and _key(here[0].raw.number) not in heads:
            return OTHER_NUMBER
        return here[0] if _names_party(here[0], compact) else OTHER_PARTY

    def _named(self, stem: str) -> list[Kept]:
        """The decisions whose number stands in a file name, the longest number first."""
        name = _key(stem)[: 2 * MAX_LENGTH]
        for length in range(len(name), 2, -1):
            found: list[Kept] = []
            for start in range(len(name) - length + 1):
                end = start + length
                if name[start:end] in self._by_number and _stands_alone(name, start, end):
                    found += self._by_number[name[start:end]]
            if found:
                return found
        return []

    def _is_named(self, slug: str, text: str) -> bool:
        agency = self._agencies[slug]
        return any(_compact(name) in text for name in (agency.name, *agency.aliases) if name)


def _key(number: str) -> str:
    return _ORDINAL.sub("", normalise_number(number))


def _file_key(name: str) -> str:
    """A file name as people type it into a table: without folder, extension, case, blanks."""
    base = re.split(r"[/\\]", name.strip())[-1]
    return _compact(re.sub(r"\.(?:docx|doc|docm)$", "", base, flags=re.IGNORECASE))


def _compact(text: str) -> str:
    return re.sub(r"[\s_]", "", normalise(text).text).casefold()


def _heads(text: str) -> Iterator[str]:
    """The numbers that stand alone on one of the first lines, or in a cell of them."""
    for line in [line for line in text.split("\n") if line.strip()][:_HEAD_LINES]:
        for cell in line.split(CELL):
            found = _LABEL.sub("", _key(cell).strip("（）")).strip("（）")
            if _NUMBER.fullmatch(found):
                yield found


def _stands_alone(name: str, start: int, end: int) -> bool:
    """Whether a number in a file name is not the end or the beginning of a longer one."""
    if _JOINED_BEFORE.search(name[:start]):
        return False
    after = name[end : end + 1]
    return name[end - 1] == "号" or not after.isalnum()


def _names_party(one: Kept, text: str) -> bool:
    parts = (_compact(part) for part in _SEPARATORS.split(one.raw.text("party")))
    return any(len(part) >= 2 and part in text for part in parts)
