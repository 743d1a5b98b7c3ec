"""How the terminal shows that long work goes on: a bar on standard error, nothing in a pipe (contract.md §1)."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from store.foundation.progress import Progress, untold


@contextmanager
def bar(what: str) -> Iterator[Progress]:
    """Show a bar while the block runs, gone afterwards; it keeps moving until it is told of steps."""
    if sys.stderr is None or not sys.stderr.isatty():
        yield untold
        return
    from rich.console import Console
    from rich.progress import Progress as Bar

    with Bar(console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, total: shown.update(task, completed=done, total=total)
