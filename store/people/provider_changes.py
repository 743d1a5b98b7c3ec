"""The change number of a care provider's level: raised by what is seen above the units (domain.md §7).

That is the units themselves, their administrators and programs, and the provider's settings. How many moments run
where is counted anew each time it is read, and raises nothing: one row for all units would be waited for by everybody.
"""

from store.foundation.upsert import upsert
from store.foundation.work import Work


def unit_changed(work: Work, unit_id: int) -> None:
    """Raise a unit's change number, and that of the level above it, when the transaction ends."""
    work.changed(unit_id)
    provider_changed(work, work.db.value("SELECT provider_id FROM unit WHERE id = :unit", unit=unit_id))


def provider_changed(work: Work, provider_id: int) -> None:
    """Raise a care provider's change number when the transaction ends."""
    work.at_end(upsert("providerchange", ["provider_id"], added=["change_no"]), provider_id=provider_id, change_no=1)
