"""
How long something takes and how much memory it needs, each in a process of its own.

    row = measure(prepare, run, 500_000)      # prepare(500_000) is not timed
    print(table([{"what": "clusters", "seconds": row.seconds, "peak MB": row.peak_mb}]))

Both functions must stand at the top of a module, so that a fresh process finds them.
"""

import gc
import multiprocessing
import statistics
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any


@dataclass(frozen=True)
class Measure:
    """
    What one piece of work cost.

    Attributes
    ----------
    seconds
        Median of the repeats.
    peak_mb
        Most memory the process held while it ran, its data and Python itself included.
    before_mb
        Memory it held before it ran.
    said
        What `run` returned the last time, when it was small enough to send: a number, a
        text or a tuple of them; else None.
    """

    seconds: float
    peak_mb: float
    before_mb: float
    said: Any


def measure(
    prepare: Callable[..., Any], run: Callable[..., Any], *options: Any, repeat: int = 3
) -> Measure:
    """Cost of `run(prepare(*options))` without the preparing."""
    context = multiprocessing.get_context("spawn")
    ours, theirs = context.Pipe(duplex=False)
    process = context.Process(target=_work, args=(theirs, prepare, run, options, repeat))
    process.start()
    theirs.close()
    try:
        measured = ours.recv()
    except EOFError:
        process.join()
        raise RuntimeError(f"{run.__name__} ended with {process.exitcode}") from None
    process.join()
    return measured


def _work(connection, prepare, run, options, repeat):
    data = prepare(*options)
    gc.collect()
    # Linux forgets the highest mark so far: what preparing took does not count.
    Path("/proc/self/clear_refs").write_text("5")
    before = _megabytes("VmRSS")
    took, said = [], None
    for _ in range(repeat):
        started = time.perf_counter()
        said = run(data)
        took.append(time.perf_counter() - started)
    if not isinstance(said, (int, float, str, tuple)):
        said = None
    connection.send(Measure(statistics.median(took), _megabytes("VmHWM"), before, said))
    connection.close()


def _megabytes(name):
    lines = Path("/proc/self/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith(name)) / 1024


def seconds(value: float | None) -> str:
    """Seconds with as many figures as say something."""
    if value is None:
        return "not run"
    return f"{value * 1000:.0f} ms" if value < 1 else f"{value:.1f} s"


def megabytes(value: float | None) -> str:
    """Memory in the unit a reader buys it in."""
    if value is None:
        return ""
    return f"{value:.0f} MB" if value < 1000 else f"{value / 1024:.1f} GB"


def table(rows: Iterable[Mapping[str, object]]) -> str:
    """Rows as a markdown table; the first one's names are its head."""
    rows = list(rows)
    head = list(rows[0])
    lines = [head, ["---"] * len(head)] + [[str(row[name]) for name in head] for row in rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines)
