"""Keeps what is written in a field as a draft by itself: in the store, and in a file while the store is away."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from enum import Enum, auto
from uuid import uuid4

from screens.kept_drafts import Attempt, KeptDrafts, carry_out
from screens.store_client import KEPT, StoreClient, lost_sentence
from screens.wording import clock_time, day_and_month
from store.care.drafts import DraftText
from store.care.messages import HEADING
from store.foundation.clock import Instant, local_day
from store.foundation.errors import DomainError, StoreUnreachable

SHELTER_SECONDS = 0.8
"""How long the store may take to save a text before that is written to a file, too."""

SAVING = "Sparar utkast …"
SAVED = "Utkast sparat {}"
BOTH = "Ett annat fönster har också ett utkast här. Båda är sparade."
GONE = "Utkastet skickades eller togs bort i ett annat fönster."
GONE_BUT_KEPT = f"{GONE} Det du har skrivit är ett nytt utkast."


@dataclass(frozen=True)
class Written:
    """What stands in the field; a reply has no heading."""

    heading: str
    text: str

    @property
    def is_blank(self) -> bool:
        """Whether there is nothing to keep."""
        return not self.text.strip()

    def is_same(self, other: Written) -> bool:
        """Whether nothing has to be saved after the other was."""
        return self == other or (self.is_blank and other.is_blank)


class _KeptIn(Enum):
    """Where a text is kept that the store could not take."""

    FILE = auto()
    SCREEN = auto()


class Autosave:
    """A text and its draft in the store. One saving runs at a time; the draft's id and version are its answer."""

    def __init__(
        self, client: StoreClient, moment_id: int, conversation: int | None, draft: DraftText | None = None
    ) -> None:
        """Continue a draft, or begin with nothing; `conversation` is None where a new one is begun."""
        self.conversation = conversation
        self.draft: int | None = None
        self.saved = self.written = Written("" if conversation is not None else HEADING, "")
        self.turn = asyncio.Lock()
        """Held while something is saved or sent; whoever compares with what the store has must hold it too."""
        self.said = ""
        """What happened to the draft in another window."""
        self.refused = ""
        """Why the store won't have the text."""
        self._client = client
        self._moment_id = moment_id
        self._version = 0
        self._saved_at: int | None = None
        self._unanswered: Attempt | None = None
        """What was tried and may have been carried out: it is asked again before anything else is saved."""
        self._newest: Attempt | None = None
        self._left: int | None = None
        """The draft that was written on until the answer was about another."""
        self._kept_in: _KeptIn | None = None
        self._has_file = False
        """Whether it stands in a file, too; it may while the store is asked to save it."""
        self._lost = StoreUnreachable()
        """Why the store could not take it."""
        self._is_let_go = False
        self._name = uuid4().hex
        if draft is not None:
            self.take_up(draft)

    @property
    def version(self) -> int:
        """Which version of the draft was read or saved last: a newer one is another window's, and stays."""
        return self._version

    @property
    def is_dirty(self) -> bool:
        """Whether something stands in the field that the store does not have."""
        return not self.written.is_same(self.saved)

    @property
    def is_safe(self) -> bool:
        """Whether what stands in the field outlives the program, in the store or in a file."""
        newest = self._newest
        in_file = newest is not None and Written(newest.heading, newest.text) == self.written
        return not self.is_dirty or (self._kept_in is _KeptIn.FILE and in_file)

    @property
    def is_lost(self) -> bool:
        """Whether the store was away at the last attempt."""
        return self._kept_in is not None and not self.refused

    def state(self) -> str:
        """Return in words what has become of what stands in the field."""
        if self.refused:
            return f"Utkastet är inte sparat. {self.refused}"
        if self._kept_in is not None:
            if self._kept_in is _KeptIn.FILE:
                return f"{self._lost.message} {KEPT}"
            return lost_sentence(self._lost, typed=True)
        if self.is_dirty:
            return SAVING
        return "" if self._saved_at is None else SAVED.format(self._when(Instant(self._saved_at)))

    def _when(self, at: Instant) -> str:
        day = local_day(at)
        return clock_time(at) if day == local_day(self._client.clock()) else f"{day_and_month(day)} {clock_time(at)}"

    def take_up(self, draft: DraftText) -> None:
        """Continue with a draft as the store has it."""
        self.draft, self._version, self._saved_at = draft.id, draft.version, draft.saved_at
        self.saved = self.written = Written(draft.heading, draft.text)

    # Saving

    async def save(self) -> bool:
        """Save what stands in the field; returns whether the list of drafts has changed by it."""
        async with self.turn:
            return await self.save_in_turn()

    async def save_in_turn(self) -> bool:
        """Save what stands in the field, while the caller holds `turn`; returns as `save` does."""
        before = self.draft, self.saved.heading
        if self.is_lost and self.is_dirty:
            await self.keep_in_file(self._lost)  # the store may keep us waiting again
        try:
            await self._save_or_shelter()
        except DomainError as refusal:
            self.refused = "" if isinstance(refusal, StoreUnreachable) else refusal.message
            await self.keep_in_file(refusal)
        else:
            self.refused = ""
            await self._remove_file()
        return (self.draft, self.saved.heading) != before

    async def _save_or_shelter(self) -> None:
        """Save; what the store does not take at once stands in a file meanwhile, in case the program is killed."""
        saving = asyncio.ensure_future(self._try_to_save())
        try:
            await asyncio.wait({saving}, timeout=SHELTER_SECONDS)
            if not saving.done():
                await self._write_file()
            await saving
        except asyncio.CancelledError:
            saving.cancel()
            raise

    async def _try_to_save(self) -> None:
        await self.settle()
        if self.is_dirty:
            await self._carry_out(self._attempt())

    async def _carry_out(self, attempt: Attempt) -> None:
        self._unanswered = attempt
        sent_on = self.draft
        try:
            self.draft, self._version = await carry_out(
                self._client, self._moment_id, self.conversation, attempt, sent_on, self._version
            )
        except DomainError as refusal:
            if not isinstance(refusal, StoreUnreachable):
                self._unanswered = None
            raise
        self._unanswered = None
        if attempt == self._newest:
            self._newest = None
        self.saved = Written(attempt.heading, attempt.text)
        self._saved_at = None if self.draft is None else self._client.clock()
        if self.draft is not None and sent_on not in (None, self.draft):
            self._left = sent_on

    def _attempt(self) -> Attempt:
        """Return the attempt to save what stands in the field: the same attempt as long as the text is the same."""
        written, newest = self.written, self._newest
        if newest is None or Written(newest.heading, newest.text) != written:
            self._newest = newest = Attempt(str(uuid4()), written.heading, written.text)
        return newest

    # In a file

    async def keep_in_file(self, why: DomainError) -> None:
        """Write what the store does not have to a sealed file, where there is a folder for it."""
        if isinstance(why, StoreUnreachable):
            self._lost = why
        self._kept_in = _KeptIn.SCREEN
        if await self._write_file():
            self._kept_in = _KeptIn.FILE

    async def _write_file(self) -> bool:
        """Write what the store does not have to the text's file; returns whether it stands there."""
        kept = KeptDrafts.of(self._client)
        attempts = tuple(dict.fromkeys(one for one in (self._unanswered, self._attempt()) if one is not None))
        if kept is None:
            return False
        if not self._is_let_go:
            self._client.held_drafts.add(self._name)
        draft, version = self.draft, self._version

        def keep() -> None:  # runs to its end, also where whoever waits for it goes away with the page
            kept.keep(
                self._name,
                moment=self._moment_id,
                conversation=self.conversation,
                draft=draft,
                version=version,
                attempts=attempts,
            )
            if self._is_let_go:
                self._client.has_left_drafts = True

        try:
            await self._client.run_on_files(keep)
        except OSError:
            return False
        self._has_file = True
        return True

    async def _remove_file(self) -> None:
        """Remove the file: the store has the text by now."""
        kept = KeptDrafts.of(self._client)
        if self._has_file and kept is not None:
            await self._client.run_on_files(lambda: kept.forget(self._name))
            self._has_file = False
        self._kept_in = None

    def let_go(self) -> None:
        """Leave the file, if there is one or will be, to `kept_drafts.take_up`: the text is on screen no longer."""
        self._is_let_go = True
        self._client.held_drafts.discard(self._name)
        if self._kept_in is not None or self._has_file:
            self._client.has_left_drafts = True

    # What others do

    def follow(self, drafts: tuple[DraftText, ...], *, is_asked_about: bool = False) -> bool:
        """Compare with the drafts that the store has; returns whether the field must show what is written here now.

        What was changed here since it was saved is never given up: it becomes a draft of its own. So does what the
        person is being asked about (`is_asked_about`).
        """
        if self._left is not None:
            self.said = BOTH if any(draft.id == self._left for draft in drafts) else GONE_BUT_KEPT
            self._left = None
        if self.draft is None or self._kept_in is not None:
            return False
        found = next((draft for draft in drafts if draft.id == self.draft), None)
        if found is None:
            return self._lose_draft(keeps=is_asked_about or self.is_dirty)
        if found.version == self._version or self.is_dirty:
            return False
        self.take_up(found)
        return True

    def _lose_draft(self, *, keeps: bool) -> bool:
        self.said = GONE_BUT_KEPT if keeps else GONE
        self._forget_draft()
        if not keeps:
            self.written = self.saved
        return not keeps

    # Sending

    async def settle(self) -> None:
        """Repeat a saving that was not answered: only after that is the draft's id known.

        Raises:
            DomainError: what the store refuses.
        """
        if self._unanswered is not None:
            await self._carry_out(self._unanswered)

    async def sent(self) -> None:
        """Begin with nothing: what stood in the field is sent, and its draft removed by that."""
        await self._remove_file()
        self.said = self.refused = ""
        self._newest = None
        self._forget_draft()
        self.written = self.saved

    def _forget_draft(self) -> None:
        self.draft, self._version, self._saved_at = None, 0, None
        self.saved = Written("" if self.conversation is not None else HEADING, "")
