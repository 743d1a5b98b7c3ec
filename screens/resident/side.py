"""A moment from the resident's side: how its pages read it, and what is done there."""

from __future__ import annotations

from datetime import date

from screens.store_client import StoreClient
from screens.whom import Whom
from store.care.activity_marks import mark_activity
from store.care.form_answers import answer_form
from store.care.handed_in import AskedForm, HandedIn
from store.care.messages import write_message
from store.care.modules import read_step
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, refusal_of
from store.views.conversations import ConversationRow, MessageLine
from store.views.form_graph import Series
from store.views.plans import OwnActivities, residents_activities
from store.views.residents_page import (
    Part,
    ResidentsPage,
    open_residents_side,
    residents_form,
    residents_page,
    residents_scores,
    residents_step,
)
from store.views.residents_side import read_own_messages, residents_messages
from store.views.safety_plan import SafetyPage, residents_safety_plan

Conversations = list[tuple[ConversationRow, list[MessageLine]]]
"""The newest first, each with its messages, the oldest first."""


class Side:
    """One moment's side, used by the resident or an ombud, or looked at by staff: then it is only read."""

    def __init__(self, client: StoreClient, moment: int, *, looked_at: Whom | None = None) -> None:
        """Reach a moment.

        Args:
            client: the way to the store.
            moment: the moment's id.
            looked_at: whose moment it is, where staff look at it.
        """
        self.client = client
        self.moment = moment
        self.looked_at = looked_at
        self.typed: dict[str, dict[str, tuple[str, ...]]] = {}
        """What stands in forms that are not sent, by form: kept until the app is closed."""
        self.unsent: dict[int | None, str] = {}
        """Messages that are not sent, by conversation."""
        self.left_plan: tuple[SafetyTexts, int] | None = None
        """A säkerhetsplan that was written and not saved, and the version that it was written on."""

    @property
    def only_looks(self) -> bool:
        """Whether staff look at it, so that nothing can be done."""
        return self.looked_at is not None

    @property
    def has_unsent(self) -> bool:
        """Whether something stands written that is not sent."""
        is_written = any(text.strip() for text in self.unsent.values())
        return bool(self.typed) or is_written or self.left_plan is not None

    async def open(self, part: Part) -> None:
        """Note that a part is opened: each has a row in the log."""
        await self.client.read(open_residents_side, self.moment, part)

    # What is read

    async def page(self) -> ResidentsPage:
        """Return the start page."""
        return await self.client.read(residents_page, self.moment)

    async def step(self, step: str) -> str:
        """Return a step's text, and leave it as unread as it was."""
        return await self.client.read(residents_step, self.moment, step)

    async def form(self, form: str) -> AskedForm:
        """Return a form as it is asked."""
        return await self.client.read(residents_form, self.moment, form)

    async def messages(self) -> Conversations:
        """Return the conversations, and leave them as unread as they were."""
        return await self.client.read(residents_messages, self.moment)

    async def activities(self, day: date | None) -> OwnActivities:
        """Return the plans that go on, with the week in which a day lies; None for this week."""
        return await self.client.read(residents_activities, self.moment, day)

    async def safety_plan(self) -> SafetyPage:
        """Return the säkerhetsplan."""
        return await self.client.read(residents_safety_plan, self.moment)

    async def scores(self) -> tuple[Series, ...]:
        """Return the scores over time."""
        return await self.client.read(residents_scores, self.moment)

    # What the resident does

    async def read_step(self, step: str) -> None:
        """Let the clinician see that a step is read."""
        await self.client.write(read_step, self.moment, step)

    async def note_read(self) -> None:
        """Let the clinician see that the messages are read."""
        await self.client.open(read_own_messages, self.moment)

    async def answer(self, form: str, given: HandedIn) -> list[str]:
        """Hand a form in; returns what is wrong with it, a sentence each."""
        return await self.client.write(answer_form, self.moment, form, given)

    async def write(self, text: str, conversation: int | None, heading: str) -> int:
        """Send a message in a conversation, or in a new one with the heading."""
        return await self.client.write(
            write_message, self.moment, text, conversation=conversation, heading=None if conversation else heading
        )

    async def mark(self, activity: int, day: date, *, done: bool, note: str) -> None:
        """Mark an activity of a day."""
        await self.client.write(mark_activity, self.moment, activity, day, done=done, note=note)

    async def change_safety_plan(self, texts: SafetyTexts, version: int) -> None:
        """Save the säkerhetsplan that was written on a version.

        Raises:
            Refused: another version has come between; both texts are kept.
        """
        newer = await self.client.write(change_own_safety_plan, self.moment, texts, version)
        if refusal := refusal_of(newer):
            raise refusal
