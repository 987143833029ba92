"""What is wrong with a file, by line and column."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_FAULTS = 100


@dataclass(frozen=True)
class Fault:
    """What is wrong in a line, from 1 on, and in a column; 0 and "" stand for the whole file and the whole line."""

    line: int
    column: str
    text: str

    def __str__(self) -> str:
        """Return it as a sentence."""
        where = [f"line {self.line}"] if self.line else []
        where += [f"column “{self.column}”"] if self.column else []
        told = ", ".join(where)
        return f"{told[:1].upper()}{told[1:]}: {self.text}" if told else self.text


@dataclass
class Faults:
    """All that is wrong with a file: the first hundred with their words, the rest counted."""

    shown: list[Fault] = field(default_factory=list)
    count: int = 0

    def add(self, fault: Fault) -> None:
        """Note one more."""
        self.count += 1
        if len(self.shown) < MOST_FAULTS:
            self.shown.append(fault)

    def lines(self) -> list[str]:
        """Return them as sentences, with how many more there are."""
        told = [str(fault) for fault in self.shown]
        more = self.count - len(self.shown)
        return [*told, f"And {more:,} more."] if more > 0 else told


class UnreadableError(Exception):
    """The file cannot be read at all; carries what is wrong with it."""

    def __init__(self, text: str, line: int = 0) -> None:
        super().__init__(text)
        self.fault = Fault(line, "", text)
