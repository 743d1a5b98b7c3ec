"""A real store that an older program has made becomes one of this program's, by the operator alone."""

from store.foundation.access import Action, DataCategory, Standing
from store.foundation.operation import operation
from store.foundation.work import Work


@operation("Uppgradera databasen", may={Standing.OPERATOR}, action=Action.CHANGED, category=DataCategory.RECORD)
def note_upgrade(work: Work, before: str, after: str) -> None:
    """Say in the log from which revision to which the store was brought."""
    work.log(Action.CHANGED, details=f"databasen uppgraderad från version {before} till {after}")
