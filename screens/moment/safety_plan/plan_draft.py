"""Keeps what is typed in a säkerhetsplan in a sealed file by itself, until it is saved as a version."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from uuid import uuid4

from screens.kept_drafts import SAFETY_PLAN, Attempt, KeptDraft, KeptDrafts
from screens.store_client import StoreClient
from store.care.safety_plan_text import SafetyTexts


@dataclass(frozen=True)
class LeftPlan:
    """What was typed and not saved: the plan's version that it was written on, and its file."""

    name: str
    texts: SafetyTexts
    version: int


async def left_plan(client: StoreClient, moment: int) -> LeftPlan | None:
    """Return what the one who is signed in has typed in the moment's plan and not saved; not what stands on screen."""
    kept = KeptDrafts.of(client)
    if kept is None:
        return None
    await client.hold_key(moment)
    for draft in await client.run_on_files(kept.texts):
        if draft.about == SAFETY_PLAN and draft.moment == moment and draft.name not in client.held_drafts:
            return _left(draft)
    return None


class PlanDraft:
    """The file of a plan that is being written."""

    def __init__(self, client: StoreClient, moment: int, left: LeftPlan | None) -> None:
        """Go on with what was left, or begin with nothing."""
        self._client = client
        self._moment = moment
        self._name = left.name if left else uuid4().hex
        self._kept = left.texts if left else None
        """What stands in the file."""
        client.held_drafts.add(self._name)

    async def keep(self, texts: SafetyTexts, version: int) -> bool:
        """Write the file; returns whether what is typed outlives the program."""
        kept = KeptDrafts.of(self._client)
        if kept is None:
            return False
        if texts == self._kept:
            return True
        attempt = Attempt(self._name, "", json.dumps(asdict(texts)))

        def write() -> None:
            kept.keep(
                self._name,
                moment=self._moment,
                conversation=None,
                draft=None,
                version=version,
                attempts=(attempt,),
                about=SAFETY_PLAN,
            )

        try:
            await self._client.run_on_files(write)
        except OSError:
            return False
        self._kept = texts
        return True

    async def forget(self) -> None:
        """Remove the file: the plan is saved, or what was typed is thrown away."""
        self.let_go()
        kept = KeptDrafts.of(self._client)
        if kept is not None and self._kept is not None:
            self._kept = None
            await self._client.run_on_files(lambda: kept.forget(self._name))

    def let_go(self) -> None:
        """Leave the file, where there is one, to whoever opens the plan next."""
        self._client.held_drafts.discard(self._name)


def _left(draft: KeptDraft) -> LeftPlan | None:
    try:
        return LeftPlan(draft.name, SafetyTexts(**json.loads(draft.attempts[-1].text)), draft.version)
    except (ValueError, TypeError):
        return None
