"""All of a region's size at once (`tests/bench/size.py`), and 100,000 moments exported.

It takes a quarter of an hour and 10 GB, so it is named.
"""

from collections.abc import Iterator

from tests.bench import export
from tests.bench.harness import Measure
from tests.bench.size import WHOLE
from tests.bench.size import measure as measure_size


def measure() -> Iterator[Measure]:
    """Yield all."""
    yield from measure_size(WHOLE)
    yield from export.measured(export.WHOLE)
