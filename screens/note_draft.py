"""What is half typed about a matter, kept in a sealed file where its dialog is closed over it or the program ends.

It waits for the same person to open the same dialog again; nobody else can read it (`screens.kept_drafts`).
"""

from __future__ import annotations

from uuid import uuid4

from screens.kept_drafts import Attempt, KeptDraft, KeptDrafts
from screens.store_client import StoreClient


class NoteDraft:
    """The file of a text that is being typed. `left` is what stood in it when the dialog was opened."""

    def __init__(self, client: StoreClient, moment: int, about: str, found: KeptDraft | None) -> None:
        """Go on with what was found, or begin with nothing."""
        self.left = found.attempts[-1].text if found else ""
        self._client = client
        self._moment = moment
        self._about = about
        self._name = found.name if found else uuid4().hex
        self._kept = self.left

    async def keep(self, text: str) -> bool:
        """Write the file; returns whether all that can be done is done: without a place for it nothing can."""
        kept = KeptDrafts.of(self._client)
        if kept is None or text == self._kept:
            return True

        def write() -> None:
            kept.keep(
                self._name,
                moment=self._moment,
                conversation=None,
                draft=None,
                version=0,
                attempts=(Attempt(self._name, "", text),),
                about=self._about,
            )

        try:
            await self._client.run_on_files(write)
        except OSError:
            return False
        self._kept = text
        return True

    async def forget(self) -> None:
        """Remove the file: what was typed is in the store, or given up."""
        kept = KeptDrafts.of(self._client)
        if kept is not None and self._kept:
            self._kept = ""
            await self._client.run_on_files(lambda: kept.forget(self._name))


async def note_draft(client: StoreClient, moment: int, about: str) -> NoteDraft:
    """Return the draft of what the one who is signed in types about something in a moment: `anteckning flagga-12`."""
    kept = KeptDrafts.of(client)
    texts = await client.run_on_files(kept.texts) if kept is not None else []
    found = next((one for one in texts if one.about == about and one.moment == moment), None)
    return NoteDraft(client, moment, about, found)
