"""Signing in to a store from the command line."""

from typing import TYPE_CHECKING

from sob_tui.options import Common, UsageFault
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.foundation.store import Store
    from store.people.sign_in import StaffActor

WHO = "Ange vem du är med --som HSA-ID."
NO_REAL_SIGN_IN = (
    "Inloggning i skarp databas finns inte än, så --som kan bara användas i en övningsmiljö (sob ovning --utan-app)."
)


def signed_in(store: "Store", common: Common) -> "StaffActor":
    """Return the staff member that `--som` names.

    Raises:
        UsageFault: `--som` is missing.
        Refused: the store is a real one.
        NotPermitted: nobody active by that HSA-id.
        SeveralUnits: `--enhet` is needed.
    """
    from store.people.sign_in import sign_in

    if common.som is None:
        raise UsageFault(WHO, field="som")
    if not store.is_practice:
        raise Refused(NO_REAL_SIGN_IN, field="som")
    return sign_in(store, common.som, common.enhet)
