"""What a Word document says: what its reader sees, and what else stands in it.

python-docx opens the package but shows neither tracked changes nor notes and text
boxes, so its XML is walked here. ``lines`` are the body, its tables in place and the
notes behind it, as they read with every change accepted. ``aside`` is what must not be
published and yet may name people: paragraphs as they stood before a change or with
their hidden characters, text boxes, link targets.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, NamedTuple

#: An XML element (lxml, by way of python-docx).
Element = Any

#: Between the cells of a row.
CELL = " | "

_BLOCKS = frozenset(
    {"sdt", "sdtContent", "customXml", "ins", "moveTo", "AlternateContent", "Choice"}
)
_ITEMS = frozenset({"comment", "footnote", "endnote"})
_GONE = frozenset({"del", "moveFrom"})
_NEW = frozenset({"ins", "moveTo"})
_DRAWN = frozenset({"drawing", "pict", "object"})
_CHARACTERS = {"tab": "\t", "ptab": "\t", "br": "\n", "cr": "\n", "noBreakHyphen": "-"}
_NOTES = {"footnoteReference": "footnote", "endnoteReference": "endnote"}
_REVISED = _GONE | _NEW


class Line(NamedTuple):
    """A paragraph or a row as it is read, and as it stands in full."""

    seen: str
    full: str


class _Piece(NamedTuple):
    text: str
    seen: bool
    new: bool


def local(element: Element) -> str:
    """The name of an element without its namespace; "" for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def attribute(element: Element, name: str) -> str:
    """An attribute whatever its namespace, or ""."""
    for key, value in element.attrib.items():
        if key.rpartition("}")[2] == name:
            return str(value)
    return ""


class Walk:
    """Reads the stories of one document; the order of the calls is the order of the text."""

    def __init__(self, styles: Element | None) -> None:
        self.aside: list[str] = []
        self.revised = False
        self._hidden = frozenset(_hidden_styles(styles)) if styles is not None else frozenset()
        self._notes: list[tuple[str, str]] = []

    def lines(self, story: Element, notes: Iterable[Element]) -> list[str]:
        """What the body shows, and below it the notes it refers to; others are put aside."""
        known = {(local(note), attribute(note, "id")): note for note in notes}
        lines = [*self._seen(self._blocks(story))]
        for number, key in enumerate(tuple(self._notes), start=1):
            note = known.pop(key, None)
            if note is not None:
                lines.append(f"注{number}：" + "\n".join(self._seen(self._blocks(note))))
        for note in known.values():
            self.unseen(note)
        return lines

    def unseen(self, story: Element) -> None:
        """Take a story (header, footer, comments) that its reader does not take for the text."""
        for line in self._blocks(story):
            self._put_aside(line.full)
            self._put_aside(line.seen)

    def _seen(self, lines: Iterable[Line]) -> Iterator[str]:
        for line in lines:
            if line.full != line.seen:
                self._put_aside(line.full)
            if line.seen.strip():
                yield line.seen

    def _put_aside(self, text: str) -> None:
        if text.strip():
            self.aside.append(text)

    def _blocks(self, parent: Element) -> Iterator[Line]:
        for child in parent:
            name = local(child)
            if name == "p":
                yield self._paragraph(child)
            elif name == "tbl":
                yield from self._rows(child)
            elif name in _BLOCKS or name in _ITEMS:
                self.revised = self.revised or name in _NEW
                yield from self._blocks(child)
            elif name in _GONE or name == "Fallback":
                self.revised = self.revised or name in _GONE
                for line in self._blocks(child):
                    yield Line("", line.full)

    def _rows(self, table: Element) -> Iterator[Line]:
        for row in _inside(table, "tr"):
            cells = [list(self._blocks(cell)) for cell in _inside(row, "tc")]
            marks = {local(mark) for properties in _inside(row, "trPr") for mark in properties}
            self.revised = self.revised or not marks.isdisjoint(_REVISED)
            seen = _joined("\n".join(s for s, _ in cell if s.strip()) for cell in cells)
            full = _joined("\n".join(f for _, f in cell if f.strip()) for cell in cells)
            yield Line("" if marks & {"del", "hidden"} else seen, full)

    def _paragraph(self, paragraph: Element) -> Line:
        hidden = _style(paragraph, "pPr", "pStyle") in self._hidden
        pieces = list(self._pieces(paragraph, seen=not hidden, new=False))
        seen = "".join(piece.text for piece in pieces if piece.seen)
        return Line(seen, "".join(piece.text for piece in pieces if not piece.new))

    def _pieces(self, parent: Element, *, seen: bool, new: bool) -> Iterator[_Piece]:
        for child in parent:
            name = local(child)
            self.revised = self.revised or name in _REVISED
            if name in {"t", "delText"}:
                yield _Piece(child.text or "", seen and name == "t", new)
            elif name in _CHARACTERS:
                yield _Piece(_CHARACTERS[name], seen, new)
            elif name in _NOTES:
                if seen:
                    self._notes.append((_NOTES[name], attribute(child, "id")))
                    yield _Piece(f"（注{len(self._notes)}）", seen, new)
            elif name in _DRAWN:
                self._drawn(child)
            elif name == "instrText":
                self.link(child.text or "")
            elif name == "r":
                shown = seen and not self._vanishes(child)
                yield from self._pieces(child, seen=shown, new=new)
            elif name in _GONE or name in {"rt", "Fallback"}:
                yield from self._pieces(child, seen=False, new=new)
            elif not name.endswith("Pr"):
                self.link(attribute(child, "instr"))
                yield from self._pieces(child, seen=seen, new=new or name in _NEW)

    def link(self, instruction: str) -> None:
        """Keep where a link leads: a mailto: or tel: is as personal as its text."""
        if "mailto:" in instruction or "tel:" in instruction:
            self._put_aside(instruction.replace("HYPERLINK", " ").replace('"', " "))

    def _drawn(self, drawing: Element) -> None:
        for element in drawing.iter():
            name = local(element)
            if name == "txbxContent":
                for line in self._blocks(element):
                    self._put_aside(line.full)
                    self._put_aside(line.seen)
            elif name == "textpath":
                self._put_aside(attribute(element, "string"))
            elif name == "t" and "/drawingml/" in element.tag:
                self._put_aside(element.text or "")

    def _vanishes(self, run: Element) -> bool:
        for properties in _inside(run, "rPr"):
            for element in properties:
                if local(element) in {"vanish", "specVanish"}:
                    return _is_on(element)
        return _style(run, "rPr", "rStyle") in self._hidden


def _joined(cells: Iterable[str]) -> str:
    return CELL.join(cell for cell in cells if cell)


def _inside(parent: Element, name: str) -> Iterator[Element]:
    """Children of a name, those wrapped in controls or tracked insertions too."""
    for child in parent:
        if local(child) == name:
            yield child
        elif local(child) in _BLOCKS:
            yield from _inside(child, name)


def _style(element: Element, properties: str, style: str) -> str:
    for found in _inside(element, properties):
        for child in _inside(found, style):
            return attribute(child, "val")
    return ""


def _is_on(element: Element) -> bool:
    return attribute(element, "val") not in {"0", "false", "off"}


def _hidden_styles(styles: Element) -> set[str]:
    """The styles whose characters are hidden, by themselves or by the style they build on."""
    hidden: set[str] = set()
    based: dict[str, str] = {}
    for style in _inside(styles, "style"):
        name = attribute(style, "styleId")
        based[name] = next((attribute(b, "val") for b in _inside(style, "basedOn")), "")
        marks = (m for p in _inside(style, "rPr") for m in p if local(m) == "vanish")
        if any(_is_on(mark) for mark in marks):
            hidden.add(name)
    for _ in based:
        more = {name for name, base in based.items() if base in hidden} - hidden
        if not more:
            break
        hidden |= more
    return hidden
