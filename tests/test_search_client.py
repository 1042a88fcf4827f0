"""Are the client's modules joined into one script, whole and in order, or is it refused?"""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from pipeline.errors import ConfigurationError
from pipeline.public.search_client import script

CLIENT = Path(__file__).resolve().parents[1] / "theme" / "static" / "search"


def modules(folder: Path, **texts: str) -> Path:
    for name, text in texts.items():
        (folder / f"{name}.js").write_text(text, encoding="utf-8")
    return folder


def test_each_module_stands_once_after_what_it_needs() -> None:
    whole = script(CLIENT)
    order = re.findall(r"^const \$(\w+) = ", whole, re.MULTILINE)
    assert sorted(order) == sorted(path.stem for path in CLIENT.glob("*.js"))
    for path in CLIENT.glob("*.js"):
        needed = re.findall(r'^import .* from "\./(\w+)\.js"', path.read_text(), re.MULTILINE)
        assert all(order.index(one) < order.index(path.stem) for one in needed)
    assert not re.search(r"^\s*(?:import|export)\b|/\*|import\(", whole, re.MULTILINE)


def test_names_and_values_survive(tmp_path: Path) -> None:
    folder = modules(
        tmp_path,
        main='import { a } from "./one.js";\n// told\nimport("./two.js").then(a); // why\n',
        one="/** Says. */\nexport const a = () => 'http://x';\nexport class B {}\n",
        two="export async function c() {}\n",
    )
    assert script(folder) == (
        "const $one = (() => {\nconst a = () => 'http://x';\nclass B {}\nreturn { a, B };\n})();\n"
        "const $two = (() => {\nasync function c() {}\nreturn { c };\n})();\n"
        "const $main = (() => {\nconst { a } = $one;\nPromise.resolve($two).then(a);\nreturn {  };\n"
        "})();\n"
    )


@pytest.mark.parametrize(
    "text",
    [
        'import a from "./one.js";',
        'import * as a from "./one.js";',
        "export default 1;",
        "export { a };",
        'import { a } from "./none.js";',
        'import { a } from "./main.js";',
    ],
)
def test_other_forms_are_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(ConfigurationError, match=r"main|none"):
        script(modules(tmp_path, main=text, one="export const a = 1;"))


def test_a_cast_at_the_start_of_a_line_takes_nothing_with_it(tmp_path: Path) -> None:
    text = "const a =\n  /** @type {X} */ (b);\n/** Says. */\nconst c = 1;\n"
    assert "const a =\n  (b);\nconst c = 1;\n" in script(modules(tmp_path, main=text))
