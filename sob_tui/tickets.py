"""Ärendeunderlag on the command line: what follows a refusal or a fault with `--arende` (domain.md §10)."""

from sob_tui import VERSION
from sob_tui.keys.opening import open_configured_store
from sob_tui.options import Common
from sob_tui.printing import tell, tell_text
from sob_tui.settings import configured_store
from sob_tui.signing_in import sign_in_unseen
from store.foundation.clock import wall_clock
from store.people.ticket import Where, support_of, ticket


def put_ticket(sentence: str, common: Common, *, is_store_there: bool) -> None:
    """Print the ticket on standard error, with what can be known of who asks."""
    typed = Where(hsa_id=common.som or "", unit_hsa_id=common.enhet or "")
    where = _where(common, typed) if common.som and is_store_there else typed
    tell_text("\n" + ticket(where, VERSION, sentence, wall_clock()))


def _where(common: Common, typed: Where) -> Where:
    """Return what the store knows of the one who signs in, or what was typed where that goes wrong."""
    try:
        store = open_configured_store(configured_store(common.store))
        for sentence in store.said:
            tell(sentence)
        try:
            with store.read(sign_in_unseen(store, common)) as work:
                return support_of(work)
        finally:
            store.close()
    except Exception:  # whatever stands in the way has been told already, or is not the question
        return typed
