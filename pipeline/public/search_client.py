"""The modules of the search client as one script, so that a page waits for one file.

They stay what is kept and checked (``theme/static/search``); here each becomes a function
that is called once, in the order they need each other, without its comments.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pipeline.errors import ConfigurationError

_COMMENT = re.compile(
    r"^[ ]*(?:/\*\*(?:[^*]|\*(?!/))*\*/|//[^\n]*)\n|[ ]+//[ ][^\n]*$", re.MULTILINE
)
_CAST = re.compile(r"/\*\*[ ]@type(?:[^*]|\*(?!/))*\*/[ ]?")
_IMPORT = re.compile(r'^import (\{[^}]*\}) from "\./(\w+)\.js";$', re.MULTILINE)
_LATER = re.compile(r'import\("\./(\w+)\.js"\)')
_EXPORT = re.compile(r"^export ((?:async )?(?:const|function|class) (\w+))", re.MULTILINE)
_OTHER = re.compile(r"^(?:import|export)\b", re.MULTILINE)
_BLANK = re.compile(r"\n\s*\n+")


def script(folder: Path, main: str = "main") -> str:
    """All modules in ``folder`` that ``main`` needs, now or later.

    Raises :class:`ConfigurationError` for an import or export of another form.
    """
    texts = {path.stem: path.read_text(encoding="utf-8") for path in sorted(folder.glob("*.js"))}
    order = dict.fromkeys(_needed(main, texts, ()))
    return "".join(_wrapped(name, texts[name]) for name in order)


def _needed(name: str, texts: Mapping[str, str], asking: tuple[str, ...]) -> Iterator[str]:
    """The module after all that it needs."""
    if name in asking or name not in texts:
        raise ConfigurationError([f"theme/static/search/{name}.js：模块不存在，或者循环引用。"])
    text = _COMMENT.sub("", texts[name])
    for other in [*(found[2] for found in _IMPORT.finditer(text)), *_LATER.findall(text)]:
        yield from _needed(other, texts, (*asking, name))
    yield name


def _wrapped(name: str, text: str) -> str:
    plain = _CAST.sub("", _COMMENT.sub("", text))
    linked = _IMPORT.sub(r"const \1 = $\2;", _LATER.sub(r"Promise.resolve($\1)", plain))
    given = [found[2] for found in _EXPORT.finditer(linked)]
    body = _BLANK.sub("\n", _EXPORT.sub(r"\1", linked)).strip()
    if _OTHER.search(body):
        told = '只认识 import { … } from "./….js" 和写在声明前面的 export。'
        raise ConfigurationError([f"theme/static/search/{name}.js：{told}"])
    return f"const ${name} = (() => {{\n{body}\nreturn {{ {', '.join(given)} }};\n}})();\n"
