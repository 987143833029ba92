from __future__ import annotations

import random
from datetime import timedelta


def backoff(attempts: int, *, base_s: float, cap_s: float, jitter: float | None = None) -> timedelta:
    """Return how long to wait after `attempts` failures: doubling from `base_s` seconds up to `cap_s`.

    The wait is jittered between half and the whole of that, so that what failed together does not come
    back together; `jitter` in 0..1 fixes the draw.
    """
    whole = min(cap_s, base_s * 2 ** min(attempts - 1, 30))
    draw = random.random() if jitter is None else jitter  # noqa: S311 - spreads load, guards nothing
    return timedelta(seconds=whole * (0.5 + draw / 2))
