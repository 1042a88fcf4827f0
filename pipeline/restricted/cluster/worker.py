"""What runs in a worker. Nothing here raises: what is raised there is logged and travels.

Dask may run several of these at once in one process, and forgets the process when it ends;
so what a worker was given is asked for again, and one text is redacted at a time.
"""

from __future__ import annotations

import pickle
from threading import Lock
from typing import NamedTuple

import msgspec

from pipeline.agencies import Agency
from pipeline.errors import whereabouts
from pipeline.restricted.cluster.engine import Facts, difference, facts
from pipeline.restricted.cluster.sealed import Parcel, Seal
from pipeline.restricted.hands import Desk, Sent
from pipeline.restricted.remembered import Remembering


class Order(NamedTuple):
    """An agency's rows are to be redacted: by what, and with which key they are sealed."""

    name: str
    agency: Agency
    facts: Facts
    seal: Seal

    def __repr__(self) -> str:
        return f"<Order {self.name}>"


class Failed(NamedTuple):
    """A task that an error ended: its kind and place, never its text."""

    where: str


class Unknown(NamedTuple):
    """The worker began after the others had been given the order."""


_desks: dict[str, tuple[Seal, Desk]] = {}
_one_at_a_time = Lock()  # the models are not made for several threads


def take(order: Order) -> str:
    """Take an order, unless this engine is another: then, what differs."""
    unlike = difference(order.facts, facts(order.agency))
    if not unlike:
        _desks[order.name] = (order.seal, Remembering(order.agency))
    return unlike


def ready() -> None:
    """Asked of the scheduler, which must know these types too: whether it can import them."""


def forget(name: str) -> None:
    """The order is done: its key goes."""
    _desks.pop(name, None)


def redact(name: str, number: int, parcel: Parcel) -> Parcel | Failed | Unknown:
    """The rows in a parcel redacted, frozen and sealed, in their order."""
    if name not in _desks:
        return Unknown()
    seal, desk = _desks[name]
    try:
        rows = unpack(seal, parcel, name, number)
        with _one_at_a_time:
            done = desk.frozen(rows)
        return seal.shut(msgspec.msgpack.encode(done), f"{name}/{number}/done")
    except Exception as error:
        return Failed(whereabouts(error))


def pack(order: Order, number: int, rows: list[Sent]) -> Parcel:
    """Rows sealed for whoever took the order; the parcel has its place in it."""
    return order.seal.shut(pickle.dumps(rows, protocol=5), f"{order.name}/{number}/rows")


def unpack(seal: Seal, parcel: Parcel, name: str, number: int) -> list[Sent]:
    """The rows of a parcel."""
    # Sealed by who sent the order: nobody else could have pickled what opens.
    rows: list[Sent] = pickle.loads(seal.open(parcel, f"{name}/{number}/rows"))  # noqa: S301
    return rows


def results(order: Order, number: int, parcel: Parcel) -> list[bytes]:
    """What came back for a parcel."""
    plain = order.seal.open(parcel, f"{order.name}/{number}/done")
    return msgspec.msgpack.decode(plain, type=list[bytes])
