"""The offer of a *Journalunderlag* where something was done: a sentence, and a key that stays until the next.

Whoever has handled a flag, written to the resident, read a form, followed a plan up, noted a contact or ended a moment
may be on another resident's page by then: the app remembers whose it is.
"""

from __future__ import annotations

from typing import Any, ClassVar, NamedTuple

from textual.app import App, ReturnType
from textual.binding import Binding, BindingType
from textual.screen import ModalScreen

from screens.safe_app import SafeApp
from screens.shown_keys import keyed
from screens.store_client import StoreClient
from screens.whom import Whom
from store.foundation.access import Role
from store.people.sign_in import StaffActor

OFFER = "{app.journal} visar journalunderlaget."


class JournalOffer(NamedTuple):
    """Whose text is offered, and who is signed in."""

    client: StoreClient
    moment: int
    whom: Whom


class OffersJournal(SafeApp[ReturnType]):
    """An app that remembers for whom something was done last, and opens the text about it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "J",
            "journal_of_latest",
            "Senaste\xa0journalunderlag",
            id="app.journal",
            tooltip="Visa journalunderlaget för momentet där du senast hanterade, skrev, läste eller avslutade något.",
        ),
    ]
    journal_offer: JournalOffer | None = None

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer the text where there is one, and nothing lies over the page."""
        if action == "journal_of_latest":
            is_free = bool(self._screen_stack) and not isinstance(self._screen_stack[-1], ModalScreen)
            return self.journal_offer is not None and is_free and not self.awaits_person
        return super().check_action(action, parameters)

    def offer_journal(self, offer: JournalOffer) -> None:
        """Remember whose text the key opens from now on; a notification that offers another's goes."""
        if self.journal_offer is not None and self.journal_offer.moment != offer.moment:
            self.hush_offer()
        self.journal_offer = offer
        self.refresh_bindings()

    def hush_offer(self) -> None:
        """Remove the notification with the offer, which would lie over the text that it offers."""
        for one in [one for one in self._notifications if one.message.endswith(keyed(OFFER))]:
            self._unnotify(one)

    def action_journal_of_latest(self) -> None:
        """Open the text over what is on screen; the program's own app does, which knows the pages."""
        raise NotImplementedError


def offer_journal(app: App[Any], offer: JournalOffer) -> None:
    """Offer a text without a notification, where what was done is seen on screen: the key bar has the key."""
    if isinstance(app, OffersJournal):
        app.offer_journal(offer)


def still_offered(app: App[Any], said: str, moment: int) -> str:
    """Return what was said of a moment, without the offer where the key opens another's text by now."""
    latest = app.journal_offer if isinstance(app, OffersJournal) else None
    return said if latest is not None and latest.moment == moment else said.removesuffix(f" {keyed(OFFER)}")


def with_offer(app: App[Any], offer: JournalOffer, said: str, *, may_read: bool, first: str = "") -> str:
    """Return what is said of what was done, with the offer, which the app remembers.

    Args:
        app: what is running.
        offer: whose text it is.
        said: what is said; empty where nothing was done.
        may_read: whether the person may read the moment from now on: who only watched it may not.
        first: what comes before the key, where letters are typed as text.
    """
    if not said or not may_read or not isinstance(app, OffersJournal):
        return said
    app.offer_journal(offer)
    return f"{said} {keyed(first)}{keyed(OFFER)}"


def is_permanent(client: StoreClient, *, is_mine: bool) -> bool:
    """Whether the one who is signed in sees a moment without a flag, too: as ansvarig, or invånaradministratör."""
    actor = client.actor
    return is_mine or (isinstance(actor, StaffActor) and Role.RESIDENT_ADMIN in actor.roles)
