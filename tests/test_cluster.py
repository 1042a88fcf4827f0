"""Redaction on a cluster: a real scheduler and real workers on the loopback, over TLS.

The same bytes as in one process whatever happens to the workers, and nothing that a person
could read in what Dask holds, prints or writes.
"""

from __future__ import annotations

import contextlib
import gzip
import json
import os
import pickle
import re
import shlex
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from distributed import Client, Security

from benchmarks import ordinary
from pipeline.errors import ClusterFailed, ConfigurationError
from pipeline.restricted import remembered
from pipeline.restricted.cluster import crew as crews
from pipeline.restricted.cluster.address import Local, Remote, parse
from pipeline.restricted.cluster.crew import Crew, Patience
from pipeline.restricted.cluster.engine import facts
from pipeline.restricted.cluster.hire import SCRATCH, hire
from pipeline.restricted.cluster.sealed import Seal
from pipeline.restricted.cluster.worker import Order
from pipeline.restricted.hands import Sent
from pipeline.restricted.ledger import Ledger
from pipeline.restricted.pooled import POOL
from pipeline.restricted.remembered import Remembering, redact_ledger, thaw
from pipeline.restricted.rulings import NOTHING
from tests.conftest import DEMO_DAY, ROOT, Site
from tests.office import AGENCIES, IDENTITY, row

AGENCY = AGENCIES["shihao"]
SOON = Patience(connect=20, alone=1, look=0.2)
AT_ONCE = SOON._replace(connect=1)
ROWS = 20


class Cluster:
    """A scheduler, and workers as they are needed; every process says all it can."""

    def __init__(self, folder: Path, **setting: str) -> None:
        self.folder, self.workers = folder, list[subprocess.Popen[bytes]]()
        self.environment = {**os.environ, **certificates(folder / "certificates"), **setting}
        words = ("--protocol", "tls", "--host", "127.0.0.1", "--port", "0")
        self.scheduler = self._start("scheduler", ROOT, *words)
        self.address = str(until(self._written)["address"])
        #: Somebody else who looks at the cluster.
        self.onlooker = Client(self.address, security=security(folder), set_as_default=False)

    def _written(self) -> dict[str, object]:
        path = self.folder / "scheduler.json"
        return dict(json.loads(path.read_text())) if path.exists() else {}

    def _start(
        self, what: str, program: Path, *words: str, **setting: str
    ) -> subprocess.Popen[bytes]:
        name = f"{what}-{len(self.workers)}"
        with (self.folder / f"{name}.log").open("wb") as log:
            return subprocess.Popen(
                [
                    *(sys.executable, "-m", f"distributed.cli.dask_{what}", "--no-dashboard"),
                    *("--scheduler-file", str(self.folder / "scheduler.json"), *words),
                ],
                cwd=program,
                env={**self.environment, "PYTHONPATH": str(program), **setting},
                stdout=log,
                stderr=log,
            )

    def add(self, program: Path = ROOT, **setting: str) -> subprocess.Popen[bytes]:
        """One more worker, ready; ``program``: the folder in which its pipeline stands."""
        own = ("--nthreads", "1", "--no-nanny", "--host", "127.0.0.1", "--memory-limit", "2GB")
        local = self.folder / f"disk-{len(self.workers)}"
        words = (*own, "--local-directory", str(local))
        here = self.known().keys()
        self.workers.append(self._start("worker", program, *words, **setting))
        until(lambda: self.known().keys() - here)
        return self.workers[-1]

    def known(self) -> dict[str, int]:
        """The workers that the scheduler knows."""
        return dict(self.onlooker.nthreads())

    @contextlib.contextmanager
    def crew(self) -> Iterator[Crew]:
        """Hands at this cluster."""
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr("distributed.Security", lambda **_: security(self.folder))
            crew = Crew(Remote(self.address, False), self.folder / "none", SOON)
        with contextlib.closing(crew):
            yield crew

    def dismiss(self) -> None:
        """End the workers there are."""
        for one in self.workers:
            one.kill()
            one.wait()
        until(lambda: not self.known())

    def end(self) -> None:
        """End every process."""
        self.onlooker.close(timeout=1)
        for one in (*self.workers, self.scheduler):
            one.kill()
            one.wait()


def certificates(folder: Path) -> dict[str, str]:
    """The deployed configuration with certificates of its own, made as docs/scale.md says."""
    folder.mkdir()
    document = (ROOT / "docs" / "scale.md").read_text(encoding="utf-8")
    (make,) = re.findall(r"(?m)^openssl req .*$", document)
    subprocess.run(shlex.split(make), cwd=folder, capture_output=True, check=True)
    files = {"cert": str(folder / "cert.pem"), "key": str(folder / "key.pem")}
    found = {"DASK_DISTRIBUTED__COMM__TLS__CA_FILE": files["cert"]}
    for role in ("SCHEDULER", "WORKER", "CLIENT"):
        for part, path in files.items():
            found[f"DASK_DISTRIBUTED__COMM__TLS__{role}__{part.upper()}"] = path
    return {
        **found,
        "DASK_CONFIG": str(ROOT / "deploy" / "dask" / "dask.yaml"),
        "DASK_LOGGING__DISTRIBUTED": "debug",
        "DASK_TEMPORARY_DIRECTORY": str(folder),
    }


def security(folder: Path) -> Security:
    """What a client of the cluster shows."""
    cert, key = (str(folder / "certificates" / f"{name}.pem") for name in ("cert", "key"))
    return Security(
        require_encryption=True, tls_ca_file=cert, tls_client_cert=cert, tls_client_key=key
    )


def until(ask):  # type: ignore[no-untyped-def]
    """What ``ask`` answers as soon as it is something."""
    for _ in range(300):
        if found := ask():
            return found
        time.sleep(0.1)
    raise AssertionError("nothing came")


@pytest.fixture(autouse=True)
def small_parcels(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(crews, "ROWS", ROWS)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Cluster]:
    cluster = Cluster(tmp_path_factory.mktemp("cluster"))
    yield cluster
    cluster.end()


@pytest.fixture
def cluster(running: Cluster) -> Iterator[Cluster]:
    """A scheduler without workers."""
    yield running
    running.dismiss()


@pytest.fixture(scope="module")
def rows() -> list[Sent]:
    """Fourteen parcels; the names, numbers and addresses in them are all invented."""
    made = ordinary.decisions(14 * ROWS)
    return [Sent.of(f"s{at}", one, NOTHING) for at, one in enumerate(made)]


@pytest.fixture(scope="module")
def alone(rows: list[Sent]) -> list[bytes]:
    """What one process makes of them."""
    return Remembering(AGENCY).frozen(rows)


def spellings(values: set[str]) -> dict[bytes, str]:
    """Every value as it could stand in a log or a file."""
    found = {value.encode(code): value for value in values for code in ("utf-8", "gb18030")}
    escaped = {value.encode("unicode_escape"): value for value in values}
    return found | escaped | {value.encode("utf-16-le"): value for value in values}


def shown(folder: Path, values: set[str]) -> list[str]:
    """Where under ``folder`` one of the values can be read."""
    looked_for = spellings(values)
    return [
        f"{path.name}: {value}"
        for path in sorted(folder.rglob("*"))
        if path.is_file() and (body := path.read_bytes() + path.name.encode())
        for needle, value in looked_for.items()
        if needle in body
    ]


def planted(rows: list[Sent], alone: list[bytes]) -> set[str]:
    """Every value that came in, and every one that was masked."""
    values = {text for one in rows for _, _, text in one.values}
    values |= {secret.reveal() for body in alone for secret in thaw(body).secrets}
    return {value for value in values if not value.isdigit() or len(value) > 6}


def test_workers_are_killed_and_nothing_is_lost_or_shown(
    cluster: Cluster, rows: list[Sent], alone: list[bytes]
) -> None:
    first, second = cluster.add(), cluster.add()
    with cluster.crew() as crew:
        given = crew.redact(AGENCY, rows)
        back = [next(given) for _ in range(ROWS)]
        busy = cluster.onlooker.processing()
        cluster.onlooker.dump_cluster_state(str(cluster.folder / "state"))
        (cluster.folder / "events.txt").write_text(repr(cluster.onlooker.get_events()))
        assert sum(map(len, busy.values())), "killed in the middle, not at the end"
        first.send_signal(signal.SIGKILL)
        cluster.add()  # it was not there when the order was given
        second.send_signal(signal.SIGKILL)
        back += given
    assert back == alone

    values = planted(rows, alone)
    assert len(values) > 1000
    assert cluster.folder.joinpath("scheduler-0.log").stat().st_size > 1000
    state = gzip.decompress((cluster.folder / "state.msgpack.gz").read_bytes())
    assert b"redact-" in state
    (cluster.folder / "state").write_bytes(state)
    assert shown(cluster.folder, values) == []
    written = [p.name for p in cluster.folder.glob("disk-*/**/*") if p.is_file()]
    assert [name for name in written if "lock" not in name] == [], "locks, and nothing else"


@pytest.mark.long
def test_what_a_worker_spills_nobody_can_read(
    cluster: Cluster, rows: list[Sent], alone: list[bytes]
) -> None:
    cluster.add(DASK_DISTRIBUTED__WORKER__MEMORY__TARGET="1e-12")  # everything
    disk = cluster.folder / f"disk-{len(cluster.workers) - 1}"
    with cluster.crew() as crew:
        given = crew.redact(AGENCY, rows[: 4 * ROWS])
        back = [next(given)]
        until(lambda: sum("redact-" in path.name for path in disk.rglob("*")) >= 2)
        shutil.copytree(disk, cluster.folder / "spilled")
        back += given
    assert back == alone[: 4 * ROWS]
    assert shown(cluster.folder / "spilled", planted(rows, alone)) == []


@pytest.mark.long
def test_when_all_workers_are_lost_it_says_so(cluster: Cluster, rows: list[Sent]) -> None:
    only = cluster.add()
    with cluster.crew() as crew:
        given = crew.redact(AGENCY, rows)
        next(given)
        only.kill()
        with pytest.raises(ClusterFailed, match="1 秒内没有一个工作进程"):
            list(given)
        with pytest.raises(ClusterFailed, match="没有一个工作进程"):
            list(crew.redact(AGENCY, rows))


@pytest.mark.long
def test_workers_that_never_take_the_order_are_given_up(
    cluster: Cluster, rows: list[Sent], monkeypatch: pytest.MonkeyPatch
) -> None:
    cluster.add()
    with cluster.crew() as crew:
        monkeypatch.setattr(crew, "_give", lambda _: None)
        with pytest.raises(ClusterFailed, match="一再中途退出"):
            list(crew.redact(AGENCY, rows[:60]))


@pytest.mark.long
def test_a_parcel_that_ends_every_worker_and_a_scheduler_that_goes(
    rows: list[Sent], tmp_path: Path
) -> None:
    cluster = Cluster(tmp_path, DASK_DISTRIBUTED__SCHEDULER__ALLOWED_FAILURES="0")
    try:
        cluster.add()
        other = cluster.add()
        with cluster.crew() as crew:
            given = crew.redact(AGENCY, rows)
            next(given)
            other.kill()
            with pytest.raises(ClusterFailed, match="一再中途退出"):
                list(given)
        with cluster.crew() as crew:
            given = crew.redact(AGENCY, rows)
            next(given)
            cluster.scheduler.kill()
            with pytest.raises(ClusterFailed, match="与调度程序的连接中断"):
                list(given)
    finally:
        cluster.end()


def other_program(folder: Path) -> Path:
    """This program with one other line in its policy."""
    shutil.copytree(ROOT / "pipeline", folder / "pipeline")
    policy = folder / "pipeline" / "policies" / "shihao.toml"
    policy.write_text(policy.read_text("utf-8").replace("days = 7", "days = 8", 1), "utf-8")
    with (folder / "pipeline" / "restricted" / "mask.py").open("a") as source:
        source.write("# another line")
    return folder


def no_program(folder: Path) -> Path:
    """A folder whose pipeline is not this one."""
    (folder / "pipeline").mkdir(parents=True)
    (folder / "pipeline" / "__init__.py").touch()
    return folder


@pytest.mark.long
@pytest.mark.parametrize(
    ("program", "said"),
    [
        (other_program, r"：遮盖程序（\w+，本机 \w+）、政策 shihao（\w+，本机 \w+）；请在各"),
        (no_program, r"不能载入本程序（\w+）；请在各台机器安装同一版本"),
    ],
)
def test_another_engine_is_refused(
    cluster: Cluster, rows: list[Sent], tmp_path: Path, program, said
) -> None:  # type: ignore[no-untyped-def]
    cluster.add(program(tmp_path / "other"))
    with cluster.crew() as crew, pytest.raises(ClusterFailed, match=said) as refused:
        next(crew.redact(AGENCY, rows))
    assert str(refused.value).count("（") <= 3, "what is the same is not named"


@pytest.mark.long
def test_a_worker_is_what_it_loaded_not_what_was_installed_since(
    cluster: Cluster, rows: list[Sent], tmp_path: Path
) -> None:
    program = other_program(tmp_path)
    cluster.add(program)
    for _ in range(2):
        with cluster.crew() as crew, pytest.raises(ClusterFailed, match="遮盖程序"):
            next(crew.redact(AGENCY, rows))
        shutil.copytree(ROOT / "pipeline", program / "pipeline", dirs_exist_ok=True)


@pytest.mark.long
def test_an_error_in_a_worker_does_not_say_what_it_was_about(
    cluster: Cluster, tmp_path: Path
) -> None:
    """The text of a UnicodeEncodeError is the whole of what could not be encoded."""
    cluster.add()
    raw = row(1, person=True, facts=f"当事人覃测乐，{IDENTITY}，\ud800。")
    said = r"UnicodeEncodeError（.*py:\d+）"
    with cluster.crew() as crew, pytest.raises(ClusterFailed, match=said) as failed:
        list(crew.redact(AGENCY, [Sent.of("s1", raw, NOTHING)]))
    (tmp_path / "said.txt").write_text(told(failed.value))
    assert shown(tmp_path, {IDENTITY, "覃测乐"}) == []
    assert shown(cluster.folder, {IDENTITY, "覃测乐"}) == []


def told(error: BaseException | None) -> str:
    """Everything that an error and those behind it say."""
    if error is None:
        return ""
    return repr((error, error.args)) + told(error.__cause__) + told(error.__context__)


@pytest.mark.long
def test_a_strange_certificate_gets_no_answer(
    cluster: Cluster, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    certificates(tmp_path / "certificates")
    monkeypatch.setattr("distributed.Security", lambda **_: security(tmp_path))
    began = time.monotonic()
    with pytest.raises(ClusterFailed, match=r"1 秒内连不上 tls://.*证书"):
        Crew(Remote(cluster.address, False), tmp_path, AT_ONCE)
    assert time.monotonic() - began < 6


@pytest.mark.long
def test_a_worker_without_tls_is_refused(cluster: Cluster, monkeypatch: pytest.MonkeyPatch) -> None:
    with cluster.crew() as crew:
        monkeypatch.setattr(crew, "_workers", lambda: ["tls://10.0.0.5:1", "tcp://10.0.0.6:1"])
        with pytest.raises(ClusterFailed, match=r"tcp://10\.0\.0\.6:1 不加密"):
            crew._give(Order("order", AGENCY, facts(AGENCY), Seal()))


def test_nobody_at_the_address() -> None:
    with pytest.raises(ClusterFailed, match=r"1 秒内连不上 tcp://127\.0\.0\.1:9；请检查地址"):
        Crew(Remote("tcp://127.0.0.1:9", False), Path("none"), AT_ONCE)


def test_tls_needs_certificates() -> None:
    with pytest.raises(ConfigurationError, match=r"ca-file（没有设置）.*docs/scale\.md"):
        Crew(Remote("tls://127.0.0.1:9", False), Path("none"), SOON)


@pytest.mark.parametrize(
    ("text", "is_"),
    [
        ("local:1", Local(1)),
        ("local:256", Local(256)),
        ("tls://10.0.0.5:8786", Remote("tls://10.0.0.5:8786", False)),
        ("tls://gongshi.example.cn:8786", Remote("tls://gongshi.example.cn:8786", False)),
        ("tcp://127.0.0.1:8786", Remote("tcp://127.0.0.1:8786", False)),
        ("tcp://localhost:8786", Remote("tcp://localhost:8786", False)),
        ("tcp://[::1]:8786", Remote("tcp://[::1]:8786", False)),
    ],
)
def test_an_address(text: str, is_: object) -> None:
    assert parse(text) == is_


@pytest.mark.parametrize(
    ("text", "said"),
    [
        *(
            (f"local{rest}", "应是 1 到 256 的整数")
            for rest in ("", ":", ":0", ":x", ":-1", ":257")
        ),
        *((f"{text}", "应写 local:N") for text in ("10.0.0.5:8786", "8786", "http://a:1")),
        *((f"tls://10.0.0.5{rest}", "应写 local:N") for rest in ("", ":", ":x", ":65536", ":1/x")),
        ("tcp://10.0.0.5:8786", "明文传输；请改用 tls://"),
        ("tcp://localhost.example.cn:8786", "明文传输"),
        ("tcp://0.0.0.0:8786", "明文传输"),
    ],
)
def test_no_address(text: str, said: str) -> None:
    with pytest.raises(ConfigurationError, match=said):
        parse(text)


def test_in_clear_only_when_it_is_said() -> None:
    assert parse("tcp://10.0.0.5:8786", in_clear=True) == Remote("tcp://10.0.0.5:8786", True)


def test_without_dask_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "distributed", None)
    with pytest.raises(ConfigurationError, match=r"pip install '\.\[cluster\]'"):
        hire("local:2", Path("none"))
    assert hire("", Path("none")) is POOL


def test_the_program_itself_does_not_load_dask() -> None:
    asked = "import sys, pipeline.commands.publish; print([m for m in sys.modules if 'dask' in m])"
    done = subprocess.run([sys.executable, "-c", asked], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "[]"


def test_what_is_sealed_opens_with_the_same_key_in_the_same_place_only() -> None:
    seal = Seal()
    parcel = seal.shut(IDENTITY.encode(), "1")
    assert seal.open(parcel, "1") == IDENTITY.encode()
    assert IDENTITY.encode() not in pickle.dumps(parcel)
    for other, label in ((seal, "2"), (Seal(), "1")):
        with pytest.raises(Exception, match=r"^$") as refused:
            other.open(parcel, label)
        assert type(refused.value).__name__ == "InvalidTag"


def test_orders_keys_and_parcels_print_nothing() -> None:
    seal = Seal(b"k" * 32)
    order = Order("name", AGENCY, facts(AGENCY), seal)
    said = f"{order} {seal!r} {seal.shut(b'k' * 99, '')!r}"
    assert said == "<Order name> <Seal> <Parcel, 40 bytes>"


def test_parts_are_of_about_the_same_work() -> None:
    short = [Sent.of(f"s{at}", row(at), NOTHING) for at in range(1, 66)]
    long = [one._replace(values=(("facts", "text", "文" * 30_000),)) for one in short[:5]]
    assert [len(part) for part in crews.parts(short)] == [20, 20, 20, 5]
    assert [len(part) for part in crews.parts(long)] == [2, 2, 1]
    assert list(crews.parts([])) == []


class Noted:
    """Hands that note who was sent to them."""

    least = 3

    def __init__(self, ends_after: int = 10**6) -> None:
        self.sent, self.ends_after = list[str](), ends_after

    def redact(self, agency, rows):  # type: ignore[no-untyped-def]
        if len(self.sent) >= self.ends_after:
            raise ClusterFailed("all lost")
        self.sent += [one.slug for one in rows]
        yield from Remembering(agency).frozen(rows)

    def close(self) -> None: ...


def test_few_rows_stay_here_and_many_go_out(tmp_path: Path) -> None:
    noted = Noted()
    with Ledger(tmp_path / "ledger.db") as ledger:
        for first, last, sent in ((1, 2, 0), (3, 5, 3)):
            ledger.take_over([row(at) for at in range(first, last + 1)], row(1).decided_on)
            done = redact_ledger(ledger, AGENCIES, noted)
            assert (len(done), len(noted.sent)) == (last, sent)


@pytest.mark.long
def test_what_was_redacted_before_all_was_lost_is_not_redacted_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remembered, "_AT_ONCE", 4)
    first, second = Noted(ends_after=8), Noted()
    with Ledger(tmp_path / "ledger.db") as ledger:
        ledger.take_over([row(at) for at in range(1, 13)], row(1).decided_on)
        with pytest.raises(ClusterFailed):
            redact_ledger(ledger, AGENCIES, first)
        redact_ledger(ledger, AGENCIES, second)
    assert (len(first.sent), len(second.sent)) == (8, 4)
    assert not {*first.sent} & {*second.sent}


@pytest.mark.long
def test_local_workers_give_the_same_site(site: Site, one_agency: Path, tmp_path: Path) -> None:
    other = Site(tmp_path / "other", one_agency)
    rows = [
        {
            "行政处罚决定书文号": f"石壕罚决〔2026〕{at}号",
            "行政相对人类别": "自然人",
            "行政相对人名称": "覃测乐",
            "有效证件号码": IDENTITY,
            "违法事实": f"覃测乐把建筑垃圾倾倒在第{at}块空地上，电话13800000000。",
        }
        for at in range(1, 61)
    ]
    for one in (site, other):
        one.export("a.csv", *rows)
    assert site.publish().returncode == 0
    scratch, seen = other.state / SCRATCH, set[int]()
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "pipeline", "publish", "--cluster", "local:2"),
            *("--inbox", str(other.inbox), "--content", str(other.content)),
            *("--state", str(other.state), "--output", str(other.output)),
            *("--today", DEMO_DAY, "--approve-as", "测试审查员"),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    ) as run:
        while run.poll() is None:
            with contextlib.suppress(FileNotFoundError):
                seen.add(scratch.stat().st_mode & 0o777)
                assert shown(scratch, {IDENTITY, "覃测乐"}) == []
            time.sleep(0.05)
        assert run.stdout
        said = run.stdout.read().decode()
    assert run.returncode == 0, said
    assert seen == {0o700}, "the workers had a closed folder of their own"
    assert not scratch.exists()
    here, there = tree(site.output), tree(other.output)
    assert [name for name in here | there if here.get(name) != there.get(name)] == []


def tree(folder: Path) -> dict[str, bytes]:
    """Every file of a folder, to the byte."""
    files = (path for path in folder.rglob("*") if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}
