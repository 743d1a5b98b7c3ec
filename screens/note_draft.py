"""What is half typed about a matter, kept in a sealed file where its dialog is closed over it or the program ends.

It waits for the same person to open the same dialog again; nobody else can read it (`screens.kept_drafts`).
"""

from __future__ import annotations

from uuid import uuid4

from screens.kept_drafts import Attempt, KeptDraft, KeptDrafts
from screens.store_client import StoreClient

LEFT = "Det här skrev du förra gången. Det är inte sparat."
"""What stands over a text that was kept."""
KEPT = "Det du skrev är kvar som utkast på den här datorn, och är inte sparat. Det står i rutan nästa gång."
"""What is said where one is."""


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

    async def put_away(self, typed: str, *, is_done: bool, is_given_up: bool, is_lost: bool) -> bool:
        """Remove or keep the file once the dialog is closed; returns whether the person left a text that is kept.

        Args:
            typed: what stood in the field last.
            is_done: whether it is in the store.
            is_given_up: whether the person closed the dialog without that.
            is_lost: whether that was because there was no database: then it waits.
        """
        if is_done or (is_given_up and not is_lost):
            await self.forget()
            return False
        return is_given_up and bool(typed.strip()) and await self.keep(typed)

    async def forget(self) -> None:
        """Remove the file: what was typed is in the store, or given up."""
        kept = KeptDrafts.of(self._client)
        if kept is not None and self._kept:
            self._kept = ""
            await self._client.run_on_files(lambda: kept.forget(self._name))


_FLAG = "anteckning flagga-"


def about_flag(flag: int) -> str:
    """Return what a note on a flag is about."""
    return f"{_FLAG}{flag}"


def flag_of(about: str) -> int | None:
    """Return the flag that a note is on; None where it is on something else."""
    number = about.removeprefix(_FLAG)
    return int(number) if number != about and number.isdecimal() else None


async def note_draft(client: StoreClient, moment: int, about: str) -> NoteDraft:
    """Return the draft of what the one who is signed in types about something in a moment: `anteckning flagga-12`."""
    kept = KeptDrafts.of(client)
    await client.hold_key(moment)
    texts = await client.run_on_files(kept.texts) if kept is not None else []
    found = next((one for one in texts if one.about == about and one.moment == moment), None)
    return NoteDraft(client, moment, about, found)
