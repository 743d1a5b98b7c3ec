"""`python -m tests.bench [NAME…]`: print every benchmark's ratio to its floor; 1 if one is over its budget."""

import sys
from collections.abc import Callable, Iterable, Iterator
from importlib import import_module

from tests.bench.harness import Measure, show

NAMES = (
    "startup",
    "store",
    "encryption",
    "log",
    "sealing",
    "size",
    "fence",
    "served",
    "palette",
    "staff",
    "paged_list",
    "preview",
    "moment_page",
    "timeline",
    "messages",
    "forms",
    "day",
    "live",
    "load",
    "importing",
    "export",
    "purging",
    "practice",
    "course",
)
"""Modules here whose `measure()` returns measures."""
NAMED = ("whole", "kills")
"""Those that are run only where they are named."""


def measures(names: Iterable[str]) -> Iterator[Measure]:
    """Yield what the named benchmarks measure."""
    for name in names:
        measure: Callable[[], Iterable[tuple[str, float, float, float]]] = import_module(f"tests.bench.{name}").measure
        yield from (Measure(*found) for found in measure())


def main(wanted: list[str]) -> int:
    """Run those wanted, or all."""
    unknown = set(wanted) - {*NAMES, *NAMED}
    if unknown:
        print(f"Okänt: {', '.join(sorted(unknown))}. Det finns: {', '.join((*NAMES, *NAMED))}.", file=sys.stderr)
        return 2
    return int(show(measures(wanted or NAMES)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
