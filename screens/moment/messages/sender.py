"""Sends what stands in the composer: once, however often that is tried."""

from __future__ import annotations

from uuid import UUID, uuid4

from screens.moment.messages.autosave import Autosave, Written
from screens.moment.messages.composer import Composer
from screens.moment.reader import MomentReader
from screens.shown_keys import keyed
from screens.undo import release_later
from store.care.messages import send_message
from store.foundation.errors import DomainError, NeedsConfirmation, Refused, StoreUnreachable

SEND_AGAIN = "Tryck {messages.send} en gång till för att skicka ändå."


class MessageSender:
    """Sends a text, or says at the field why it was not sent."""

    def __init__(self, moment: MomentReader, moment_id: int, composer: Composer) -> None:
        """Send messages in a moment."""
        self._moment = moment
        self._moment_id = moment_id
        self._composer = composer
        self._command: tuple[Written, UUID] | None = None
        """What is being sent, and its command: sent again unchanged, it is sent once."""
        self._answered: Written | None = None
        """What the store has said something about, at the field."""
        self._warned: Written | None = None
        """What the person was asked about, and is sent if it is sent again."""

    @property
    def awaits_confirmation(self) -> bool:
        """Whether the person is being asked whether to send the text after all."""
        return self._warned is not None

    def start_over(self) -> None:
        """Make ready for another text."""
        self._answered = self._warned = self._command = None

    def typed(self, written: Written) -> None:
        """Take back what was said about a text that is changed now."""
        if self._answered is not None and written != self._answered:
            self._answered = self._warned = None
            self._composer.show_fault(None)

    async def send(self, text: Autosave, seen: int | None) -> bool:
        """Send what stands in the composer and let its draft go; returns whether it was sent.

        `seen` is the id of the last message on screen: answering reads what stands there, and nothing that came after.
        """
        text.written = written = self._composer.written
        self._answered = written
        self._composer.show_fault(None)
        async with text.turn:
            return await self._try_to_send(text, written, seen)

    async def _try_to_send(self, text: Autosave, written: Written, seen: int | None) -> bool:
        try:
            await self._carry_out(text, written, seen)
        except StoreUnreachable as lost:
            await text.keep_in_file(lost)
            return False
        except NeedsConfirmation as warning:
            self._warned = written
            self._composer.show_fault(Refused(f"{warning.message} {keyed(SEND_AGAIN)}"))
            return False
        except DomainError as refusal:
            self._composer.show_fault(refusal)
            return False
        await text.sent()
        release_later(self._composer.app, self._moment.client, self._moment_id)
        return True

    async def _carry_out(self, text: Autosave, written: Written, seen: int | None) -> None:
        await text.settle()
        if self._command is None or self._command[0] != written:
            self._command = written, uuid4()
        await self._moment.carry_out(
            self._command[1],
            send_message,
            self._moment_id,
            written.text,
            conversation=text.conversation,
            heading=written.heading,
            delivery=self._composer.delivery,
            draft=text.draft,
            version=text.version,
            seen=seen,
            hold=True,
            confirmed=written == self._warned,
        )
