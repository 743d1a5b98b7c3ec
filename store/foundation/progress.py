"""How long work shows that it goes on: whoever does it tells, and does not know how that is shown."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager

Progress = Callable[[int, int], None]
"""Called with the steps done and the steps in all."""

Show = Callable[[str], AbstractContextManager[Progress]]
"""Shows something that takes long, named in Swedish, while the block runs; what never tells of steps goes on anyhow."""


def untold(_done: int, _total: int) -> None:
    """Tell nobody."""


@contextmanager
def unseen(_what: str) -> Iterator[Progress]:
    """Show nothing."""
    yield untold
