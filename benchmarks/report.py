"""What a benchmark answers, the table at the end, and the file that keeps both."""

from __future__ import annotations

import json
import statistics
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

DIRECTORY = Path(".steadymint") / "bench"


class DidNotHappenError(Exception):
    """What was to be measured has not taken place: a row is missing, an intent failed. Its time is worth nothing."""


@dataclass(frozen=True, slots=True)
class Goal:
    """A bound on the ratio to the baseline, or on the median itself."""

    of: Literal["ratio", "median"]
    relation: Literal["<=", ">="]
    bound: float

    def __str__(self) -> str:
        sign = {"<=": "≤", ">=": "≥"}[self.relation]
        return f"{sign} {self.bound:g}{'×' if self.of == 'ratio' else ''}"


@dataclass(frozen=True, slots=True)
class Measure:
    """One line of the table. Baseline and median have the same unit; the ratio is the median over the baseline, but
    for rates and spans of different length it is given."""

    name: str
    median: float
    unit: str
    baseline: float | None = None
    against: str = ""
    """What the baseline is."""
    goal: Goal | None = None
    ratio: float | None = None
    notes: dict[str, Any] = field(default_factory=dict[str, Any])
    """Whatever explains the figure: percentiles, processor time by process, counts."""

    @property
    def over_baseline(self) -> float | None:
        if self.ratio is not None or not self.baseline:
            return self.ratio
        return self.median / self.baseline

    @property
    def met(self) -> bool | None:
        """None where there is no goal."""
        if self.goal is None:
            return None
        value = self.median if self.goal.of == "median" else self.over_baseline
        assert value is not None, f"{self.name} has a goal for its ratio and no baseline"
        return value <= self.goal.bound if self.goal.relation == "<=" else value >= self.goal.bound


def of_samples(name: str, samples: Sequence[float], unit: str, **more: Any) -> Measure:
    """The median of `samples`, with their spread in the notes."""
    ordered = sorted(samples)
    spread = {f"p{percent}": round(ordered[(len(ordered) - 1) * percent // 100], 3) for percent in (5, 50, 95, 99)}
    notes = spread | {"samples": len(ordered)} | more.pop("notes", {})
    return Measure(name, statistics.median(ordered), unit, notes=notes, **more)


def table(measures: Sequence[Measure], failures: Sequence[str]) -> Table:
    """Measure, median, baseline, ratio, goal, met?"""
    made = Table(box=None, title_justify="left")
    for column in ("measure", "median", "baseline", "ratio", "goal", "met"):
        made.add_column(column, justify="right" if column in {"median", "ratio", "goal"} else "left", overflow="fold")
    for one in measures:
        ratio = one.over_baseline
        verdict = {None: Text(""), True: Text("yes", "green"), False: Text("NO", "bold red")}[one.met]
        baseline = f"{_shown(one.baseline)} {one.unit}, {one.against}" if one.baseline is not None else ""
        made.add_row(
            one.name,
            f"{_shown(one.median)} {one.unit}",
            baseline,
            "" if ratio is None else f"{ratio:.2f}×",
            str(one.goal or ""),
            verdict,
        )
    for failed in failures:
        made.add_row(failed, "", "", "", "", Text("FAILED", "bold red"))
    return made


def _shown(value: float) -> str:
    if value >= 1000:
        return f"{value:,.0f}"
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"


def print_notes(console: Console, measures: Sequence[Measure]) -> None:
    """The lines that a benchmark leaves while the others run."""
    for one in measures:
        notes = ", ".join(f"{name} {value}" for name, value in one.notes.items() if not isinstance(value, dict))
        line = f"  {one.name}: {_shown(one.median)} {one.unit}" + (f"  [{notes}]" if notes else "")
        console.print(line, highlight=False, markup=False, soft_wrap=True)


def save(measures: Sequence[Measure], failures: Sequence[str], about: dict[str, Any]) -> Path:
    """Everything, notes included, under the time of the run."""
    DIRECTORY.mkdir(parents=True, exist_ok=True)
    file = DIRECTORY / f"{datetime.now(UTC):%Y%m%dT%H%M%SZ}.json"
    lines = [asdict(one) | {"ratio": one.over_baseline, "met": one.met} for one in measures]
    file.write_text(json.dumps(about | {"measures": lines, "failed": list(failures)}, indent=2, default=str) + "\n")
    return file
