"""By how many MB the peak of this process' memory grows while an extract is taken in.

python -m bench.open_data_memory FILE DATABASE_URL prints it.
"""

from __future__ import annotations

import sys
from pathlib import Path

from pydantic import SecretStr

from bench.open_data import take_in, write_extract
from hub.migrations import upgrade
from hub.settings import Settings
from hub.wiring import open_house

_WARM_UP = 2_500


def _memory_mb(what: str) -> float:
    """Return what the kernel says: VmRSS is what is held now, VmHWM the most that was held."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith(what))
    return int(line.split()[1]) / 1024


def _forget_peak() -> None:
    """Begin the peak anew: it would else be that of the process that started this one, or of its imports."""
    Path("/proc/self/clear_refs").write_text("5")


if __name__ == "__main__":
    path, database_url = Path(sys.argv[1]), sys.argv[2]
    house = open_house(Settings(secret=SecretStr("a secret for the bench"), database_url=database_url))
    upgrade(house.ground.database)
    warm = path.parent / "warm20261101.csv"
    write_extract(warm, _WARM_UP)
    take_in(house, warm)
    _forget_peak()
    before = _memory_mb("VmRSS")
    take_in(house, path)
    print(_memory_mb("VmHWM") - before)
    house.close()
