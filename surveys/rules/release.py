"""How much of what has been answered may be counted yet, so that no two looks differ by fewer than five people."""

from surveys.rules.suppression import LEAST_SHOWN


def released(finished: int, *, is_closed: bool) -> int:
    """How many of the finished conversations, in order of finishing, are counted in results (V10).

    While answers arrive the results grow by whole fives, and the last five to nine are held back until the close.
    So the difference between two looks, and between the last look and the final result, is never under five.
    """
    if is_closed:
        return finished
    return max(0, (finished - LEAST_SHOWN) // LEAST_SHOWN * LEAST_SHOWN)
