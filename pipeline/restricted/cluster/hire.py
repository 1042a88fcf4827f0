"""Who redacts in a run: the cores of this machine, or what ``--cluster`` names."""

from __future__ import annotations

from pathlib import Path

from pipeline.restricted.cluster.address import parse
from pipeline.restricted.hands import Hands
from pipeline.restricted.pooled import POOL

#: The folder of workers of this machine, inside the state folder and gone with them.
SCRATCH = "workers"


def hire(cluster: str, state: Path, *, in_clear: bool = False) -> Hands:
    """The hands that ``cluster`` names: nothing, ``local:N`` or a scheduler's address.

    Raises :class:`ConfigurationError` when it cannot be so, :class:`ClusterFailed` when
    nobody answers.
    """
    if not cluster:
        return POOL
    place = parse(cluster, in_clear=in_clear)
    from pipeline.restricted.cluster.crew import Crew  # and with it Dask

    return Crew(place, state / SCRATCH)
