"""Whose rows a transaction works with: what it tells a database that keeps the units apart."""

from typing import NamedTuple


class Reach(NamedTuple):
    """A unit's rows, or a resident's own; neither, where it works with nobody's."""

    unit_id: int | None = None
    resident_id: int | None = None


NOBODYS = Reach()
