"""Signing in to a store from the command line: as one of a practice store's cast, or in a session of a real store."""

from typing import TYPE_CHECKING

from sob_tui.options import Common, UsageFault
from store.foundation.errors import NotPermitted

if TYPE_CHECKING:
    from store.foundation.store import Store
    from store.people.sign_in import StaffActor
    from store.people.signed_in import TakenUp

WHO = "Ange vem du är med --som HSA-ID."


class NotSignedIn(NotPermitted):
    """No session of the person's is kept here."""

    kind = "session"

    def __init__(self) -> None:
        super().__init__("Du är inte inloggad i den här databasen. Logga in först: sob logga in --som HSA-ID.")


def signed_in(store: "Store", common: Common) -> "StaffActor":
    """Return the staff member that `--som` names; in a real store by the session that is kept.

    Raises:
        UsageFault: `--som` is missing.
        NotSignedIn: there is no session of the person's.
        NotPermitted: nobody active by that HSA-id.
        SeveralUnits: `--enhet` is needed.
    """
    who = _who(common)
    if store.is_practice:
        from store.people.sign_in import sign_in

        return sign_in(store, who, common.enhet)
    from store.people.signed_in import at_work, note_presence

    session = _session(store, who)
    note_presence(store, session.id)
    return at_work(store, session.hsa_id, session.id, common.enhet)


def sign_in_unseen(store: "Store", common: Common) -> "StaffActor":
    """Return and refuse as `signed_in` does, without a row in the log: who was refused has one already."""
    if not store.is_practice:
        return signed_in(store, common)
    from store.people.sign_in import find_staff

    return find_staff(store, _who(common), common.enhet)


def signed_in_above(store: "Store", common: Common) -> "StaffActor":
    """Return the staff member that `--som` names, above the units: there `--enhet` says what is done to which unit.

    Raises:
        UsageFault: `--som` is missing.
        NotSignedIn: there is no session of the person's.
        NotPermitted: nobody above the units has that HSA-id.
    """
    who = _who(common)
    if store.is_practice:
        from store.people.sign_in import sign_in_above

        return sign_in_above(store, who)
    from store.people.signed_in import at_work_above, note_presence

    session = _session(store, who)
    note_presence(store, session.id)
    return at_work_above(store, session.hsa_id, session.id)


def _session(store: "Store", who: str) -> "TakenUp":
    """Return the session that is kept; a refusal has its row in the log."""
    from sob_tui.kept_sessions import kept_session
    from store.people.session_clock import SessionOver
    from store.people.signed_in import session_by

    kept = kept_session(store, who)
    try:
        if kept is None:
            raise NotSignedIn
        return session_by(store, kept.token)
    except (NotSignedIn, SessionOver) as refusal:
        store.note_refusal("sign_in", refusal, hsa_id=who)
        raise


def _who(common: Common) -> str:
    if common.som is None:
        raise UsageFault(WHO, field="som")
    return common.som
