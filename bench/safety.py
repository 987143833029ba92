"""Recall and precision of the safety check (V9) on labelled, invented texts, for each language.

"fitted" are the texts that the word lists were made with, "unseen" those that they were never fitted to: the second
says what to expect of new texts. Run `python bench/safety.py`; `-v` also prints the fitted texts judged wrongly.
"""

from __future__ import annotations

import sys
import time
import tomllib
from pathlib import Path

from channels.rules.safety import worry_in

TEXTS = Path(__file__).parent.parent / "tests" / "channels" / "rules"
ROUNDS = 10

Labelled = dict[str, dict[str, list[str]]]


def read(name: str) -> Labelled:
    """Return texts by label and language."""
    return tomllib.loads((TEXTS / name).read_text(encoding="utf-8"))


def measure(name: str, texts: Labelled, *, verbose: bool) -> None:
    """Print one line for each language."""
    for language, worrying in texts["worrying"].items():
        harmless = texts["harmless"][language]
        missed = [text for text in worrying if worry_in(text, language) is None]
        raised = [text for text in harmless if worry_in(text, language) is not None]
        found = len(worrying) - len(missed)
        recall, precision = found / len(worrying), found / max(found + len(raised), 1)
        counts = f"{len(worrying)} worrying, {len(harmless)} harmless"
        print(f"{name:7} {language}: recall {recall:.3f}, precision {precision:.3f} ({counts})")
        if passing := texts.get("in_passing", {}).get(language):
            seen = sum(worry_in(text, language) is not None for text in passing)
            print(f"           of {len(passing)} said in passing: {seen / len(passing):.3f}")
        for text in (*missed, *raised) if verbose else ():
            print(f"   {'missed' if text in missed else 'raised'}: {text}")


def main(*, verbose: bool) -> None:
    """Measure both sets, then what one check costs."""
    fitted, unseen = read("safety_examples.toml"), read("safety_unseen.toml")
    measure("fitted", fitted, verbose=verbose)
    measure("unseen", unseen, verbose=False)
    texts = [text for label in fitted.values() for some in label.values() for text in some]
    started = time.perf_counter()
    for text in texts * ROUNDS:
        worry_in(text, "en")
    print(f"one check: {(time.perf_counter() - started) / (ROUNDS * len(texts)) * 1e6:.0f} microseconds")


if __name__ == "__main__":
    main(verbose="-v" in sys.argv)
