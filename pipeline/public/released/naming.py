"""Which decisions a file names: by their address or number, compressed files unpacked."""

from __future__ import annotations

import gzip
import html
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping

import ahocorasick

_GZIP, _ZIP = b"\x1f\x8b", b"PK\x03\x04"
#: What nearly every name has, numbers and addresses, and a text has little of.
_ANCHORS = ("〔".encode(), b"-")
#: Of a name so many bytes must stand behind its anchor, or it is looked for without.
_LEAST = 6

#: Of each decision, by a key, its names.
Names = Mapping[str, Iterable[str]]
#: A name as a file has it, and whose it is.
_Form = tuple[bytes, frozenset[str]]


class Searcher:
    """Finds ``names``, as they are and as HTML writes them."""

    def __init__(self, names: Names) -> None:
        anchored: dict[bytes, list[_Form]] = {}
        others: list[_Form] = []
        for form, keys in _forms(names).items():
            anchor = next((one for one in _ANCHORS if len(_tail(form, one)) >= _LEAST), b"")
            (anchored.setdefault(anchor, []) if anchor else others).append((form, keys))
        self._anchored = [_Anchored(anchor, forms) for anchor, forms in anchored.items()]
        self._others = _trie(others) if others else None

    def __bool__(self) -> bool:
        """Whether there is anything to find."""
        return bool(self._anchored or self._others)

    def named_in(self, name: str, data: bytes) -> frozenset[str]:
        """The keys of the decisions that a file of this name and content names."""
        found: set[str] = set()
        for text in (name.encode(), _unpacked(data)):
            for anchored in self._anchored:
                found.update(*anchored.keys_in(text))
            if self._others:
                found.update(*(keys for _, keys in self._others.iter(_latin(text))))
        return frozenset(found)


class _Anchored:
    """Names that have an anchor in common, the last in each of them.

    A text has few places where an anchor stands and then what could be the beginning of
    some name's tail; those are compared. That is several times as quick as a trie.
    """

    def __init__(self, anchor: bytes, forms: Iterable[_Form]) -> None:
        tails = [(_tail(form, anchor), form, keys) for form, keys in forms]
        self._head = min(len(tail) for tail, _, _ in tails)
        self._by_head: dict[bytes, list[tuple[int, bytes, frozenset[str]]]] = {}
        for tail, form, keys in tails:
            told = (len(form) - len(tail), form, keys)
            self._by_head.setdefault(tail[: self._head], []).append(told)
        signs = b"".join(map(_one_of, zip(*self._by_head, strict=True)))
        self._likely = re.compile(re.escape(anchor) + b"(?=" + signs + b")")

    def keys_in(self, text: bytes) -> Iterator[frozenset[str]]:
        """Of every name in ``text``, whose it is."""
        for likely in self._likely.finditer(text):
            at = likely.end()
            for before, form, keys in self._by_head.get(text[at : at + self._head], ()):
                if at >= before and text.startswith(form, at - before):
                    yield keys


def _one_of(signs: Iterable[int]) -> bytes:
    return b"[" + b"".join(re.escape(bytes([sign])) for sign in sorted({*signs})) + b"]"


def _forms(names: Names) -> dict[bytes, frozenset[str]]:
    forms: dict[bytes, set[str]] = {}
    for key, own in names.items():
        for name in own:
            for form in {name, html.escape(name)} - {""}:
                forms.setdefault(form.encode(), set()).add(key)
    return {form: frozenset(keys) for form, keys in forms.items()}


def _tail(form: bytes, anchor: bytes) -> bytes:
    """What stands behind the last ``anchor`` of ``form``; nothing without one."""
    _, found, tail = form.rpartition(anchor)
    return tail if found else b""


def _trie(forms: Iterable[_Form]) -> ahocorasick.Automaton:
    trie = ahocorasick.Automaton()
    for form, keys in forms:
        trie.add_word(_latin(form), keys)
    trie.make_automaton()
    return trie


def _latin(data: bytes) -> str:
    """A character a byte, so that bytes are found in any file without knowing its encoding."""
    return data.decode("latin-1")


def _unpacked(data: bytes) -> bytes:
    if data.startswith(_ZIP):
        return _members(data)
    if not data.startswith(_GZIP):
        return data
    try:
        return gzip.decompress(data)
    except (OSError, EOFError):
        return data


def _members(data: bytes) -> bytes:
    """What a workbook's parts hold."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return b"\n".join(archive.read(name) for name in archive.namelist())
    except (zipfile.BadZipFile, OSError, EOFError):
        return data
