"""The decisions that lie in the inbox as Word documents, beside the tables."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from pipeline.errors import UnreadableFile
from pipeline.restricted.raw import Secret
from pipeline.restricted.read.presentable import presentable
from pipeline.restricted.read.word import WordText, read_word

#: What is read as a document (or refused as one); everything else is taken for a table.
DOCUMENTS = frozenset({".docx", ".docm", ".doc", ".dotx", ".dotm", ".dot", ".wps", ".rtf"})
#: Folders of the inbox that hold nothing but documents.
FOLDERS = ("附件", "决定书", "attachments")

NO_ACCESS = "文书打不开（没有读取权限，或正被占用）；请检查权限后重新放入。"

# What a document's name may show in a report: which paper it is, its number and its
# date. Everything else in it may be somebody's name.
_HARMLESS = re.compile(
    r"(?:行政|当场|简易|责令|限期|改正|处罚|许可|强制|检查|征收|征用|措施|执行|决定|通知|告知|文书|附件|正文"
    r"|定稿|书|第|号|份|[〔〕\[\]()（）【】_\-. ]|(?<!\d)\d{1,8}(?!\d))+"
)


class Attachment(NamedTuple):
    """A document of the inbox: ``shown_as`` is its name as a report may print it.

    ``text`` is None when the file was ``refused``.
    """

    shown_as: str
    name: Secret
    text: WordText | None
    refused: str = ""


def is_document(path: Path) -> bool:
    """Whether a file is a document by its name."""
    return path.suffix.casefold() in DOCUMENTS


def read_attachments(inbox: Path) -> Iterator[Attachment]:
    """Every document in ``inbox``, and every file in its folder 附件 (决定书, attachments).

    In the order of their names. Hidden files and Word's lock files (``~$…``) are not
    looked at; what is no document and lies in such a folder is refused.
    """
    for folder in (inbox, *(inbox / name for name in FOLDERS)):
        if folder.is_dir():
            for path in sorted(folder.iterdir(), key=lambda path: path.name):
                meant = folder is not inbox or is_document(path)
                if meant and path.is_file() and not _is_ignored(path.name):
                    yield read_attachment(path)


def _is_ignored(name: str) -> bool:
    return name.startswith((".", "~$")) or name.casefold() in {"thumbs.db", "desktop.ini"}


def read_attachment(path: Path) -> Attachment:
    """One document; never raises for what stands in it."""
    name = Secret(path.name, "attachment")
    try:
        return Attachment(veiled(path.name), name, read_word(path))
    except UnreadableFile as error:
        return Attachment(veiled(path.name), name, None, str(error))
    except OSError:
        return Attachment(veiled(path.name), name, None, NO_ACCESS)


def veiled(name: str) -> str:
    """A document's name for a report: …行政处罚决定书〔2026〕3号.docx for 某人行政处罚….docx."""
    path = Path(unicodedata.normalize("NFKC", presentable(name)))
    kept: list[str] = []
    at = 0
    for match in _HARMLESS.finditer(path.stem):
        kept += ["…"] * (match.start() > at) + [match[0]]
        at = match.end()
    kept += ["…"] * (at < len(path.stem))
    suffix = path.suffix.casefold()
    return "".join(kept) + (suffix if suffix in DOCUMENTS else "")
