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
    from store.people.seats import sit_down
    from store.people.sign_in import sign_in

    who = _who(store, common)
    sit_down(store, who)
    return sign_in(store, who, common.enhet)


def sign_in_unseen(store: "Store", common: Common) -> "StaffActor":
    """Return and refuse as `signed_in` does, without a row in the log: who was refused has one already."""
    from store.people.sign_in import find_staff

    return find_staff(store, _who(store, common), common.enhet)


def signed_in_above(store: "Store", common: Common) -> "StaffActor":
    """Return the staff member that `--som` names, above the units: there `--enhet` says what is done to which unit.

    Raises:
        UsageFault: `--som` is missing.
        Refused: the store is a real one.
        NotPermitted: nobody above the units has that HSA-id.
    """
    from store.people.sign_in import sign_in_above

    return sign_in_above(store, _who(store, common))


def _who(store: "Store", common: Common) -> str:
    if common.som is None:
        raise UsageFault(WHO, field="som")
    if not store.is_practice:
        raise Refused(NO_REAL_SIGN_IN, field="som")
    return common.som
