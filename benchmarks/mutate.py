"""Mutation run: does a test fail for every small change of dates, states, number detectors?

``inv mutate``. Each mutant runs in a child process that has everything else loaded: the changed
module stands in for the real one when its tests import it. A survivor is named by file, line and
change; docs/measured.md says which survive and why.
"""

from __future__ import annotations

import argparse
import ast
import os
import re
import sys
import time
from collections.abc import Iterator
from importlib import import_module
from importlib.abc import Loader, MetaPathFinder
from importlib.util import spec_from_loader
from itertools import islice
from pathlib import Path
from types import CodeType

import pytest

ROOT = Path(__file__).resolve().parents[1]
_DETECT = ("digits", "identity", "phone", "bank", "passport", "plate", "property")
# The quickest first: the tests behind one that fails are not run.
_DETECT_TESTS = (
    *("tests/test_detect_edges.py", "tests/test_detect.py"),
    *("tests/test_identity.py", "tests/test_redact.py"),
)
_DATE_TESTS = ("tests/test_timetable.py", "tests/test_events.py", "tests/test_policy.py")
_STATE_TESTS = ("tests/test_events.py", "tests/test_legal_cases.py", "tests/test_take_back.py")
TARGETS = {
    "pipeline.timetable": _DATE_TESTS,
    "pipeline.calendar": ("tests/test_calendar.py", *_DATE_TESTS),
    "pipeline.events": _STATE_TESTS,
    "pipeline.restricted.assess": _STATE_TESTS,
    "pipeline.restricted.takedown.clocks": ("tests/test_take_back.py",),
    "pipeline.restricted.takedown.purge": ("tests/test_purge.py",),
    **{f"pipeline.restricted.detect.{name}": _DETECT_TESTS for name in _DETECT},
}
_SWAPS: dict[type[ast.AST], type[ast.AST]] = {
    **{ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt},
    **{ast.Eq: ast.NotEq, ast.NotEq: ast.Eq, ast.Is: ast.IsNot, ast.IsNot: ast.Is},
    **{ast.In: ast.NotIn, ast.NotIn: ast.In, ast.And: ast.Or, ast.Or: ast.And},
    **{ast.Add: ast.Sub, ast.Sub: ast.Add, ast.Mult: ast.FloorDiv, ast.FloorDiv: ast.Mult},
}
_ENDS = {"max": "min", "min": "max"}
_NOT_CODE = ("EXAMPLES", "COUNTER_EXAMPLES", "NAME")
_PATTERN = re.compile(r"\{(\d+)(,?)(\d*)\}|\(\?<?[!=]|\[\^?|(?<=[\])}])\?")
_IS_PATTERN = re.compile(r"\\[dsw]|\(\?|\[\w-\w|[\])]\{\d")


def changes(node: ast.AST) -> Iterator[tuple[str, str, object]]:
    """Every small change of one node: what it is, the attribute, and its new value."""
    if isinstance(node, ast.Compare):
        for at, old in enumerate(node.ops):
            new = _SWAPS[type(old)]
            yield (
                f"{type(old).__name__} → {new.__name__}",
                "ops",
                [new() if place == at else one for place, one in enumerate(node.ops)],
            )
    elif isinstance(node, ast.BoolOp | ast.BinOp) and type(node.op) in _SWAPS:
        new = _SWAPS[type(node.op)]
        yield f"{type(node.op).__name__} → {new.__name__}", "op", new()
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield "not x → x", "operand", ast.UnaryOp(ast.Not(), node.operand)
    elif isinstance(node, ast.IfExp | ast.If):
        yield "if x → if not x", "test", ast.UnaryOp(ast.Not(), node.test)
    elif isinstance(node, ast.Return) and not _is_nothing(node.value):
        yield "return x → return None", "value", ast.Constant(None)
    elif isinstance(node, ast.Name) and node.id in _ENDS:
        yield f"{node.id} → {_ENDS[node.id]}", "id", _ENDS[node.id]
    elif isinstance(node, ast.Constant):
        for value in _others(node.value):
            yield _told(node.value, value), "value", value


def _is_nothing(node: ast.expr | None) -> bool:
    return node is None or (isinstance(node, ast.Constant) and not node.value)


def _told(old: object, new: object) -> str:
    """A changed constant; of a long text only what stands beside the change."""
    if not isinstance(old, str) or not isinstance(new, str):
        return f"{old!r} → {new!r}"
    at = next((i for i, (a, b) in enumerate(zip(old, new, strict=False)) if a != b), len(new))
    return f"{old[max(0, at - 12) : at + 12]!r} → {new[max(0, at - 12) : at + 12]!r}"


def _others(value: object) -> Iterator[object]:
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, int):
        yield value + 1
    elif isinstance(value, str) and _IS_PATTERN.search(value):
        for found in _PATTERN.finditer(value):
            text = found[0]
            if found[1]:
                least, comma, most = found.groups()
                if most:
                    fewer = f"{{{least},{int(most) - 1}}}"
                    yield value[: found.start()] + fewer + value[found.end() :]
                new = f"{{{int(least) + 1}{comma}{most}}}"
            elif text.startswith("(?"):
                new = text[:-1] + ("=" if text[-1] == "!" else "!")
            else:
                new = {"[": "[^", "[^": "[", "?": ""}[text]
            yield value[: found.start()] + new + value[found.end() :]


def mutants(name: str) -> Iterator[tuple[int, str, CodeType]]:
    """Line, change and compiled module of every mutant."""
    tree = ast.parse(_file(name).read_text(encoding="utf-8"))
    skipped = {
        inner
        for node in ast.walk(tree)
        if (isinstance(node, ast.Assign) and getattr(node.targets[0], "id", "") in _NOT_CODE)
        or (isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant))
        for inner in ast.walk(node)
    }
    for node in [one for one in ast.walk(tree) if one not in skipped]:
        for told, attribute, new in changes(node):
            old = getattr(node, attribute)
            setattr(node, attribute, new)
            ast.fix_missing_locations(tree)
            yield getattr(node, "lineno", 0), told, compile(tree, str(_file(name)), "exec")
            setattr(node, attribute, old)


class Stand(MetaPathFinder, Loader):
    """Loads a mutant where its module is asked for."""

    def __init__(self, name: str, code: CodeType) -> None:
        self.name, self.code = name, code

    def find_spec(self, name, path=None, target=None):  # type: ignore[no-untyped-def]
        return spec_from_loader(name, self, origin=str(_file(name))) if name == self.name else None

    def exec_module(self, module) -> None:  # type: ignore[no-untyped-def]
        module.__file__ = str(_file(self.name))
        exec(self.code, module.__dict__)  # noqa: S102


def _file(name: str) -> Path:
    return ROOT / f"{name.replace('.', '/')}.py"


def survives(name: str, code: CodeType, tests: tuple[str, ...], limit: int = 60) -> bool:
    """Whether all ``tests`` pass with the mutant in the place of its module."""
    child = os.fork()
    if not child:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.dup2(null, 2)
        sys.meta_path.insert(0, Stand(name, code))
        try:
            quiet = ("-x", "-q", "-p", "no:cacheprovider", "-p", "no:xdist")
            failed = any(pytest.main([*quiet, test]) for test in tests)
        except BaseException:
            failed = True
        os._exit(1 if failed else 0)
    end = time.monotonic() + limit
    while time.monotonic() < end:
        done, status = os.waitpid(child, os.WNOHANG)
        if done:
            return status == 0
        time.sleep(0.02)
    os.kill(child, 9)  # a loop without end is noticed too
    os.waitpid(child, 0)
    return False


def _warm() -> None:
    """Load what is not ours, so that no child has to, and forget what is."""
    for heavy in ("tests.conftest", "pipeline.restricted.redact", "hypothesis", "stdnum.cn"):
        import_module(heavy)
    for name in [one for one in sys.modules if one.split(".")[0] in {"pipeline", "tests"}]:
        del sys.modules[name]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", default="", help="modules whose name ends so")
    parser.add_argument("--every", type=int, default=1, help="take one mutant in so many")
    asked = parser.parse_args()
    sys.path.insert(0, str(ROOT))
    os.chdir(ROOT)
    _warm()
    for name, tests in TARGETS.items():
        if not name.endswith(asked.only):
            continue
        count, alive = 0, []
        for line, told, code in islice(mutants(name), 0, None, asked.every):
            count += 1
            if survives(name, code, tests):
                alive.append(f"  {name}:{line} {told}")
        print(f"{name}: {count - len(alive)} of {count} noticed", *alive, sep="\n", flush=True)


if __name__ == "__main__":
    main()
