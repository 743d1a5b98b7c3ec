"""Who may act as a store's operator: who owns its file, or has the address of the operator's role (contract.md §1)."""

from store.foundation.errors import NotPermitted
from store.foundation.store import Store


class NoOperator(NotPermitted):
    """A system user who does not own the real store."""

    kind = "drift"

    def __init__(self) -> None:
        super().__init__(
            "Det här görs av driften: den systemanvändare som äger databasens fil, eller den som har driftrollens "
            "adress. Ange --som om du har en inloggning som får göra det."
        )


def require_operator(store: Store) -> None:
    """Raise `NoOperator`, with a row in the log, where who runs the program is not the operator of a real store."""
    if store.is_practice or store.engine.is_owned():
        return
    refusal = NoOperator()
    store.note_refusal("operator", refusal)
    raise refusal
