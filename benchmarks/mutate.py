"""Mutation run: does a test fail for every small change of the dates and number detectors?

``inv mutate``. Each mutant runs in a child process that has everything else loaded: the changed
module stands in for the real one when its tests import it. A survivor is named by file, line and
change; docs/measured.md says which survive and why.
"""

from __future__ import annotations

import argparse
import ast
import copy
import importlib
import importlib.abc
import importlib.util
import os
import re
import sys
import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
_DETECT = ("digits", "identity", "phone", "bank", "passport", "plate", "property")
_DETECT_TESTS = ("tests/test_detect.py", "tests/test_redact.py", "tests/test_redact_properties.py")
_DATE_TESTS = ("tests/test_timetable.py", "tests/test_events.py", "tests/test_policy.py")
TARGETS = {
    "pipeline.timetable": _DATE_TESTS,
    **{f"pipeline.restricted.detect.{name}": _DETECT_TESTS for name in _DETECT},
}
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult},
}
_NOT_CODE = ("EXAMPLES", "COUNTER_EXAMPLES", "NAME")
_PATTERN = re.compile(r"\{(\d+)(,?)(\d*)\}|\(\?<?[!=]|\[\^?|(?<=[\])}])\?")


def changed(node: ast.AST) -> Iterator[tuple[str, ast.AST]]:
    """Every small change of one node: what it is, and the new node."""
    if isinstance(node, ast.Compare | ast.BoolOp | ast.BinOp):
        operators = node.ops if isinstance(node, ast.Compare) else [node.op]
        for place, old in enumerate(operators):
            if new := _SWAPS.get(type(old)):
                other = copy.deepcopy(node)
                if isinstance(other, ast.Compare):
                    other.ops[place] = new()  # type: ignore[call-overload]
                else:
                    other.op = new()
                yield f"{type(old).__name__} → {new.__name__}", other
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not x → x", node.operand
    elif isinstance(node, ast.IfExp | ast.If):
        other = copy.deepcopy(node)
        other.test = ast.UnaryOp(ast.Not(), other.test)
        yield "if x → if not x", other
    elif isinstance(node, ast.Return) and node.value is not None:
        yield "return x → return None", ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Constant):
        for value in _others(node.value):
            yield f"{node.value!r} → {value!r}", ast.Constant(value)


def _others(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str) and re.search(r"\\[dsw]|\(\?|\[\w-\w", value):
        for found in _PATTERN.finditer(value):
            text = found[0]
            if found[1]:
                new = f"{{{int(found[1]) + 1}{found[2]}{found[3]}}}"
            elif text.startswith("(?"):
                new = text[:-1] + ("=" if text[-1] == "!" else "!")
            else:
                new = {"[": "[^", "[^": "[", "?": ""}[text]
            yield value[: found.start()] + new + value[found.end() :]


def mutants(source: str) -> Iterator[tuple[int, str, ast.Module]]:
    """Line, change and whole module of every mutant."""
    tree = ast.parse(source)
    skipped = {
        id(inner)
        for node in ast.walk(tree)
        if (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _NOT_CODE)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        or isinstance(node, ast.arguments | ast.ImportFrom)
        for inner in ast.walk(node)
    }
    for parent in [node for node in ast.walk(tree) if id(node) not in skipped]:
        for field, value in ast.iter_fields(parent):
            for place, child in enumerate(value if isinstance(value, list) else [value]):
                if not isinstance(child, ast.AST) or id(child) in skipped:
                    continue
                for told, new in changed(child):
                    ast.copy_location(new, child)
                    holder = value if isinstance(value, list) else None
                    _put(parent, field, holder, place, new)
                    yield child.lineno, told, ast.fix_missing_locations(copy.deepcopy(tree))  # type: ignore[attr-defined]
                    _put(parent, field, holder, place, child)


def _put(parent: ast.AST, field: str, holder: list[ast.AST] | None, at: int, node: ast.AST) -> None:
    if holder is None:
        setattr(parent, field, node)
    else:
        holder[at] = node


class Stand(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
    """Loads a mutant where its module is asked for."""

    def __init__(self, name: str, tree: ast.Module) -> None:
        self.name, self.tree = name, tree

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        if name != self.name:
            return None
        return importlib.util.spec_from_file_location(name, _file(name), loader=self)

    def get_source(self, name: str) -> str:
        return _file(name).read_text(encoding="utf-8")

    def exec_module(self, module) -> None:  # type: ignore[no-untyped-def]
        exec(compile(self.tree, str(_file(self.name)), "exec"), module.__dict__)  # noqa: S102


def _file(name: str) -> Path:
    return ROOT / f"{name.replace('.', '/')}.py"


def survives(name: str, tree: ast.Module, tests: tuple[str, ...], limit: int = 60) -> bool:
    """Whether all ``tests`` pass with the mutant in the place of its module."""
    child = os.fork()
    if not child:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        sys.meta_path.insert(0, Stand(name, tree))
        try:
            code = pytest.main(["-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *tests])
        except BaseException:
            code = 1
        os._exit(1 if code else 0)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.kill(child, 9)  # a loop without end is noticed too
    os.waitpid(child, 0)
    return False


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="modules whose name ends so")
    parser.add_argument("--every", type=int, default=1, help="take one mutant in so many")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    for heavy in (
        "pandas",
        "hypothesis",
        "jieba",
        "pycrfsuite",
        "ahocorasick",
        "click",
        "stdnum.cn",
    ):
        importlib.import_module(heavy)  # so that no child has to

    for name, tests in TARGETS.items():
        if not name.endswith(asked.only):
            continue
        count, alive = 0, []
        made = mutants(_file(name).read_text(encoding="utf-8"))
        for line, told, tree in islice(made, 0, None, asked.every):
            count += 1
            if survives(name, tree, tests):
                alive.append(f"  {name}:{line} {told[:150]}")
        print(f"{name}: {count - len(alive)} of {count} noticed", *alive, sep="\n", flush=True)


if __name__ == "__main__":
    main()
