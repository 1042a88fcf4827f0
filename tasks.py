"""Everything one does with this project, as verbs.

``python3 tasks.py VERB`` needs nothing but Python 3.11 and its venv module: it makes
``.venv``, installs the locked dependencies and then does the verb. Inside the
environment the same verbs are ``inv VERB`` (``inv --list`` names them).
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
RUNTIME, DEVELOPMENT = "requirements.txt", "requirements-dev.txt"
CLUSTER = "requirements-cluster.txt"  # beside the runtime's, what ``--cluster`` needs
_NEEDS_DEVELOPMENT = {
    *("test", "test-long", "coverage", "lint", "lock", "faults", "mutate"),
    *("bench-audit", "bench-build", "bench-night", "bench-read", "bench-redaction", "bench-search"),
    "bench-scale",
}


def bootstrap(words: list[str]) -> int:
    """Make the environment that the verb needs, then hand over to ``inv``."""
    if sys.version_info < (3, 11):  # noqa: UP036  (said to whoever starts it with an old Python)
        print("需要 Python 3.11 或更新版本。", file=sys.stderr)
        return 2
    verbs = words or ["--list"]
    lock = DEVELOPMENT if _NEEDS_DEVELOPMENT.intersection(verbs) else RUNTIME
    if not install(lock):
        return 2
    return subprocess.call([BIN / "inv", *verbs], cwd=ROOT)


def install(lock: str) -> bool:
    """Install a lock file, hashes checked, unless just that content is installed already."""
    digest = hashlib.sha256((ROOT / lock).read_bytes()).hexdigest()
    stamp = VENV / f"{lock}.installed"
    if stamp.is_file() and stamp.read_text() == digest:
        return True
    print(f"正在安装依赖（{lock}）……", flush=True)
    if not (BIN / ("python.exe" if os.name == "nt" else "python")).exists():
        try:
            venv.create(VENV, with_pip=True, clear=True)
        except (OSError, subprocess.CalledProcessError):
            print("不能建立 .venv；在 Debian 上请先安装 python3-venv。", file=sys.stderr)
            return False
    pip = [BIN / "python", "-m", "pip", "--disable-pip-version-check", "install", "-qq"]
    if subprocess.call([*pip, "--require-hashes", "-r", ROOT / lock]):
        print("依赖安装失败；请检查网络后重试。", file=sys.stderr)
        return False
    stamp.write_text(digest)
    return True


if __name__ == "__main__":
    raise SystemExit(bootstrap(sys.argv[1:]))

# There only once the environment is.
from invoke import Context, Exit, task  # noqa: E402
from invoke.parser import Parser  # noqa: E402

PYTHON = str(BIN / "python") if BIN.is_dir() else sys.executable
DEMO_DAY = "2026-11-20"
DEMO = ("examples/inbox", "content", "private/demo", "output")
_parse = Parser.parse_argv


def _parse_argv(parser: Parser, words: list[str]) -> object:
    """``--n 1000`` is ``-n 1000``: invoke knows options of one letter by one hyphen only."""
    return _parse(parser, ["-n" if word == "--n" else word for word in words])


Parser.parse_argv = _parse_argv


def run(*words: str, env: dict[str, str] | None = None, ok: tuple[int, ...] = ()) -> int:
    """Run a command in the project's folder; a code that is not in ``ok`` ends the verb."""
    code = subprocess.call(words, cwd=ROOT, env={**os.environ, "PYTHONUTF8": "1", **(env or {})})
    if code and code not in ok:
        raise Exit(code=code)
    return code


@task
def site(c: Context) -> None:
    """Run the whole way over the demonstration exports into output/, and say what happened."""
    inbox, content, state, output = DEMO
    folders = ["--inbox", inbox, "--content", content, "--state", state, "--output", output]
    demo = ["--today", DEMO_DAY, "--approve-as", "演示审查员"]
    run(PYTHON, "-m", "pipeline", "publish", *folders, *demo)
    print("查看网站：python3 tasks.py serve　然后打开 http://127.0.0.1:8000/")


@task
def serve(c: Context, port: int = 8000) -> None:
    """Serve output/ on localhost."""
    if not (ROOT / "output" / "index.html").is_file():
        raise Exit("还没有生成网站；先运行 python3 tasks.py site。", code=2)
    print(f"http://127.0.0.1:{port}/　（Ctrl+C 停止）", flush=True)
    server = ["-m", "http.server", str(port), "--bind", "127.0.0.1", "--directory", "output"]
    run(PYTHON, *server, ok=(-2, 130))


@task
def clean(c: Context) -> None:
    """Remove the built sites (never the private folder)."""
    for folder in ("output", "preview"):
        shutil.rmtree(ROOT / folder, ignore_errors=True)


@task
def build(c: Context) -> None:
    """Build with pelicanconf.py from the last approved store, without audit, into preview/."""
    run(PYTHON, "-m", "pelican", "content", "-o", "preview", "-s", "pelicanconf.py")


@task(clean, build)
def rebuild(c: Context) -> None:
    """Clean, then build."""


@task
def regenerate(c: Context) -> None:
    """Build again whenever a file changes."""
    run(PYTHON, "-m", "pelican", "content", "-r", "-o", "preview", "-s", "pelicanconf.py")


@task(build)
def reserve(c: Context, port: int = 8000) -> None:
    """Build into preview/, then serve it."""
    run(PYTHON, "-m", "pelican", "-l", "-p", str(port), "-o", "preview", "-s", "pelicanconf.py")


@task
def preview(c: Context) -> None:
    """Build with the production settings into preview/."""
    run(PYTHON, "-m", "pelican", "content", "-o", "preview", "-s", "publishconf.py")


@task
def livereload(c: Context, port: int = 8000) -> None:
    """Serve preview/ and reload the browser whenever content or theme change."""
    from livereload import Server

    def again() -> None:
        run(PYTHON, "-m", "pelican", "content", "-o", "preview", "-s", "pelicanconf.py", ok=(1,))

    again()
    server = Server()
    for pattern in ("content/**/*", "theme/**/*", "pelicanconf.py"):
        server.watch(pattern, again)
    server.serve(port=port, host="127.0.0.1", root="preview")


@task
def publish(c: Context) -> None:
    """The nightly run: private/inbox → output/, with what reviewers have approved."""
    run(PYTHON, "-m", "pipeline", "publish")


@task
def test(c: Context, only: str = "") -> None:  # noqa: PT028
    """Check style, types, the wall, and run all tests (sets up a browser first)."""
    install(DEVELOPMENT)
    browser = find_browser()
    find_programs()
    lint(c)
    # Each test that runs the program starts a process: let the first compile for all.
    environment = {"GONGSHI_CHROMIUM": browser, "PYTHONDONTWRITEBYTECODE": ""}
    if only:
        run(PYTHON, "-m", "pytest", *only.split(), env=environment)
        return
    words = ("-n", "2", "-m", "not long", "--cov", "--cov-report=")
    run(PYTHON, "-m", "pytest", *words, env=environment)
    covered()


@task
def test_long(c: Context) -> None:
    """The tests that ``test`` leaves out: axe on every page, a cluster, new random examples."""
    run(PYTHON, "-m", "pytest", "-m", "long or hypothesis", "--hypothesis-profile=wide")


#: What stands between raw data and the public: no branch without a test.
WALL = ("pipeline/restricted/redact.py", "pipeline/restricted/audit.py", "pipeline/timetable.py")


def covered() -> None:
    """The gate: branches that the tests took, 90 in 100 of the program, all of the wall."""
    report = (PYTHON, "-m", "coverage", "report", "--fail-under")
    run(*report, "100", "--show-missing", "--include", ",".join(WALL))
    print("pipeline/ 的分支覆盖率（%），不低于 90：", flush=True)
    run(*report, "90", "--format=total")


@task
def coverage(c: Context) -> None:
    """Where the last `test` did not go: lines and branches, file by file."""
    run(PYTHON, "-m", "coverage", "report", "--show-missing", "--skip-covered")


@task
def lint(c: Context) -> None:
    """ruff, mypy (strict) and the import contracts of the wall."""
    run(PYTHON, "-m", "ruff", "check", "--quiet", ".")
    run(PYTHON, "-m", "ruff", "format", "--check", "--quiet", ".")
    run(PYTHON, "-m", "mypy")
    run(str(BIN / "lint-imports"), "--no-cache")


@task
def lock(c: Context) -> None:
    """Resolve pyproject.toml anew into the lock files: names, versions, hashes, no addresses."""
    cluster, dev = ["--extra", "cluster"], ["--group", "dev"]
    for target, extra in ((RUNTIME, []), (CLUSTER, cluster), (DEVELOPMENT, dev)):
        run(
            *(str(BIN / "uv"), "pip", "compile", "--quiet", "--universal", "--generate-hashes"),
            *("--no-emit-index-url", "--no-emit-find-links", "--no-annotate", "--upgrade"),
            *("--python-version", "3.11", "--custom-compile-command", "inv lock"),
            *(*extra, "pyproject.toml", "--output-file", target),
        )


@task
def demo(c: Context) -> None:
    """Make the demonstration exports in examples/ anew (same seed, same bytes)."""
    run(PYTHON, "examples/make_inbox.py")


@task
def comply(c: Context) -> None:
    """The internal report over invented cases with planted faults: private/demo-comply/reports/."""
    state, output = "private/demo-comply", "private/demo-comply-site"
    tables = ROOT / state / "comply"
    shutil.rmtree(tables, ignore_errors=True)
    shutil.copytree(ROOT / "examples" / "comply" / "tables", tables)
    folders = ["--inbox", "examples/comply/inbox", "--state", state, "--output", output]
    demo = ["--today", DEMO_DAY, "--approve-as", "演示审查员"]
    run(PYTHON, "-m", "pipeline", "publish", *folders, *demo)
    run(PYTHON, "-m", "pipeline", "comply", "--state", state, "--today", DEMO_DAY, ok=(5, 6))


@task
def bench_night(c: Context, n: int = 10_000, json: str = "") -> None:
    """Measure a first run over n decisions by stage, and a night in which 1 % changed (long)."""
    run(PYTHON, "benchmarks/night.py", "--n", str(n), *(["--json", json] if json else []))


@task
def bench_comply(c: Context, n: int = 100_000) -> None:
    """Measure the internal report: n invented cases, all checks of all regimes."""
    run(PYTHON, "benchmarks/comply.py", "--n", str(n))


@task
def docs(c: Context) -> None:
    """Write the reference documents: fields, policies, content files, commands, law."""
    import pipeline.chinese_help  # noqa: F401  (before the command line)
    from pipeline import pages_coverage, reference, schema_reference
    from pipeline.commands import app, manual
    from pipeline.restricted.comply import coverage
    from tests import legal_cases

    for name, text in (
        ("coverage.md", coverage.document() + pages_coverage.section()),
        ("数据字典.md", reference.data_dictionary()),
        ("政策一览.md", reference.policy_reference()),
        ("内容文件.md", schema_reference.document()),
        ("命令.md", manual.document(app)),
        ("法律期限案例.md", legal_cases.markdown()),
    ):
        (ROOT / "docs" / name).write_text(text, encoding="utf-8")


@task
def bench_redaction(c: Context) -> None:
    """Measure the redaction engine: names, numbers, keep-strings, speed."""
    run(PYTHON, "benchmarks/redaction.py")


@task
def bench_search(c: Context, n: int = 1000, json: str = "") -> None:
    """Measure search against brute force and lunr.py."""
    words = [PYTHON, "benchmarks/search.py", "--n", str(n)]
    run(*words, *(["--json", json] if json else []))


@task
def bench_build(c: Context, n: int = 1000, json: str = "", rounds: int = 3) -> None:
    """Measure the site build beside Hugo, stock Pelican and the bare disk."""
    words = ["--n", str(n), "--rounds", str(rounds), *(["--json", json] if json else [])]
    run(PYTHON, "benchmarks/build.py", *words)


@task
def bench_read(c: Context, n: int = 200_000, json: str = "", rounds: int = 3) -> None:
    """Measure reading of exports: rows a second and memory, beside pandas and openpyxl."""
    words = ["--n", str(n), "--rounds", str(rounds), *(["--json", json] if json else [])]
    run(PYTHON, "-m", "benchmarks.reading", *words)


@task
def bench_scale(c: Context, n: int = 2000, json: str = "") -> None:
    """Measure redaction in one process, in all cores and on Dask: speed, start, bytes, memory."""
    words = [PYTHON, "benchmarks/scale.py", "--n", str(n)]
    run(*words, *(["--json", json] if json else []))


@task
def bench_audit(c: Context, megabytes: int = 1000, values: int = 100_000, names: int = 300) -> None:
    """Measure the audit: a large site with planted values, then both errors on names."""
    size = ["--megabytes", str(megabytes), "--values", str(values)]
    run(PYTHON, "benchmarks/audit.py", *size)
    run(PYTHON, "benchmarks/audit.py", "--names", str(names))


@task
def mutate(c: Context, only: str = "", every: int = 1) -> None:
    """Change dates, states, number detectors in small ways; a test must notice each (long)."""
    run(PYTHON, "-m", "benchmarks.mutate", "--every", str(every), "--only", only)


@task
def faults(c: Context, points: int = 240) -> None:
    """Kill a run at each of so many steps and see that nothing is lost or laid open (long)."""
    run(PYTHON, "-m", "tests.faults", "--points", str(points))


def debian(package: str) -> None:
    """Install a package where this is Debian's and we may; a test says what is missing else."""
    if shutil.which("apt-get") and hasattr(os, "geteuid") and os.geteuid() == 0:
        subprocess.call(["apt-get", "update", "-qq"])
        quiet = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        subprocess.call(["apt-get", "install", "-y", "-qq", package], env=quiet)


#: Programs that tests run, and Debian's package of each. A test fails where one is missing.
PROGRAMS = {
    "tsc": "node-typescript",
    "nginx": "nginx-light",
    "openssl": "openssl",
    "rsync": "rsync",
    "systemd-analyze": "systemd",
}


def find_programs() -> None:
    """What tests run beside Python: TypeScript's checker, the web server, an independent reader."""
    path = os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin"))
    for program, package in PROGRAMS.items():
        if not shutil.which(program, path=path):
            debian(package)


def find_browser() -> str:
    """An installed Chromium, else Debian's, else Playwright's own ("": the tests find it)."""
    names = ("chromium", "chromium-browser", "google-chrome", "chrome")
    if found := next((path for name in names if (path := shutil.which(name))), ""):
        return found
    debian("chromium")
    if found := shutil.which("chromium"):
        return found
    subprocess.call([PYTHON, "-m", "playwright", "install", "chromium"])
    return ""
