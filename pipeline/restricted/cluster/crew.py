"""The workers of a cluster as :class:`hands.Hands`: parcels out, in their order back."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, suppress
from pathlib import Path
from typing import Any, NamedTuple
from uuid import uuid4

from pipeline.agencies import Agency
from pipeline.errors import ClusterFailed
from pipeline.restricted.cluster import start, worker
from pipeline.restricted.cluster.address import IN_CLEAR, Local, Remote, is_open
from pipeline.restricted.cluster.engine import facts
from pipeline.restricted.cluster.sealed import Parcel, Seal
from pipeline.restricted.cluster.worker import Failed, Order, Unknown
from pipeline.restricted.hands import Sent

#: A parcel: some quarter of a second of work, so that a lost one costs little.
ROWS, CHARACTERS = 50, 50_000
#: Parcels under way for each thread of a worker: no worker waits, no memory fills.
_AHEAD = 4
#: So often may a parcel meet a worker that began after the order was given.
_TRIES = 8
_UNTOUCHED = "没有发布，原有站点保持不变。"


class Patience(NamedTuple):
    """Seconds: to reach a scheduler, and then to be without any worker."""

    connect: float = 5
    alone: float = 30
    look: float = 1


_PATIENT = Patience()


class _UnderWay(NamedTuple):
    number: int
    parcel: Parcel
    future: Any


class Crew:
    """The workers of a cluster. A remote one is reached at once, a local one when needed."""

    def __init__(self, place: Local | Remote, scratch: Path, patience: Patience = _PATIENT) -> None:
        start.need_dask()
        self._place, self._scratch, self._patience = place, scratch, patience
        self._open = ExitStack()
        self._client: Any = None
        if isinstance(place, Remote):
            self._reach()

    @property
    def least(self) -> int:
        """See :class:`hands.Hands`."""
        return ROWS

    def redact(self, agency: Agency, rows: Sequence[Sent]) -> Iterator[bytes]:
        """See :class:`hands.Hands`. Raises :class:`ClusterFailed`."""
        self._reach()
        order = Order(uuid4().hex, agency, facts(agency), Seal())
        under_way: deque[_UnderWay] = deque()
        try:
            self._give(order)
            ahead = _AHEAD * sum(self._client.nthreads().values())
            for number, part in enumerate(parts(rows)):
                under_way.append(self._send(order, number, worker.pack(order, number, part)))
                if len(under_way) >= ahead:
                    yield from self._fetch(order, under_way.popleft())
            while under_way:
                yield from self._fetch(order, under_way.popleft())
        except OSError:  # what Dask raises when the scheduler does not answer
            raise self._lost("与调度程序的连接中断") from None
        finally:
            under_way.clear()
            with suppress(Exception):  # they may be gone, with all they knew
                self._client.run(worker.forget, order.name, on_error="ignore")

    def close(self) -> None:
        """See :class:`hands.Hands`."""
        self._open.close()
        self._client = None

    def _reach(self) -> None:
        if self._client is None:
            if isinstance(self._place, Local):
                found = start.local(self._place, self._scratch)
            else:
                found = start.remote(self._place, self._patience.connect)
            self._client = self._open.enter_context(found)
            self._refuse_strange_scheduler()

    def _refuse_strange_scheduler(self) -> None:
        """It passes on what it must be able to import."""
        try:
            self._client.run_on_scheduler(worker.ready)
        except OSError:
            raise self._lost("与调度程序的连接中断") from None
        except Exception as error:
            raise self._lost(
                f"调度程序不能载入本程序（{type(error).__name__}），请在那台机器也安装同一版本"
            ) from None

    def _give(self, order: Order) -> None:
        """Give the order to every worker; refuse when one is not what it must be."""
        self._some_worker()
        self._refuse_open()
        answers = self._client.run(worker.take, order, on_error="return")
        for address, unlike in sorted(answers.items()):
            if isinstance(unlike, OSError):  # it went while it was asked
                continue
            if isinstance(unlike, BaseException):
                unlike = f"不能载入本程序（{type(unlike).__name__}）"
            if unlike:
                raise ClusterFailed(
                    f"工作进程 {address} 与本机不一致：{unlike}；请在各台机器安装同一版本的本程序"
                    f"（pip install '.[cluster]'），重新启动工作进程。{_UNTOUCHED}"
                )

    def _refuse_open(self) -> None:
        if isinstance(self._place, Remote) and not self._place.in_clear:
            for address in sorted(self._workers()):
                if is_open(address):
                    raise ClusterFailed(f"工作进程 {IN_CLEAR.format(address)}{_UNTOUCHED}")

    def _workers(self) -> list[str]:
        return list(self._client.nthreads())

    def _some_worker(self) -> None:
        """Wait for a worker, though not for ever."""
        since = time.monotonic()
        while not self._workers():
            if time.monotonic() - since > self._patience.alone:
                raise self._lost(f"{self._patience.alone:.0f} 秒内没有一个工作进程")
            time.sleep(self._patience.look / 5)

    def _send(self, order: Order, number: int, parcel: Parcel) -> _UnderWay:
        key = f"redact-{order.name}-{number}-{uuid4().hex[:8]}"
        words = (order.name, number, parcel)
        future = self._client.submit(worker.redact, *words, key=key, priority=-number)
        return _UnderWay(number, parcel, future)

    def _fetch(self, order: Order, sent: _UnderWay) -> list[bytes]:
        """What comes back for a parcel, however many workers it takes."""
        for _ in range(_TRIES):
            answer = self._answer(sent)
            if isinstance(answer, Failed):
                raise ClusterFailed(
                    f"工作进程里程序内部错误 {answer.where}；{_UNTOUCHED}请把这一行告诉维护人员。"
                )
            if not isinstance(answer, Unknown):
                return worker.results(order, sent.number, answer)
            self._give(order)
            sent = self._send(order, sent.number, sent.parcel)
        raise self._lost("工作进程一再中途退出（内存可能不够）")

    def _answer(self, sent: _UnderWay) -> Parcel | Failed | Unknown:
        from distributed import CancelledError, KilledWorker

        while True:
            try:
                answer: Parcel | Failed | Unknown = sent.future.result(self._patience.look)
                return answer
            except TimeoutError:
                self._some_worker()
            except KilledWorker:
                raise self._lost("工作进程一再中途退出（内存可能不够）") from None
            except CancelledError:
                raise self._lost("与调度程序的连接中断") from None

    def _lost(self, what: str) -> ClusterFailed:
        where = self._place.address if isinstance(self._place, Remote) else "本机"
        return ClusterFailed(f"{where} 的集群不能完成遮盖：{what}。{_UNTOUCHED}请检查后重新运行。")


def parts(rows: Sequence[Sent]) -> Iterator[list[Sent]]:
    """``rows`` in pieces of about the same work, in order."""
    part: list[Sent] = []
    weight = 0
    for row in rows:
        part.append(row)
        weight += sum(len(text) for _, _, text in row.values)
        if len(part) >= ROWS or weight >= CHARACTERS:
            yield part
            part, weight = [], 0
    if part:
        yield part
