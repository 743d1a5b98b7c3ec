"""One occasion of a form: the answers, what they amount to, and the graph (domain.md §4, §6)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.flag_text import instruction_text
from screens.journal_offer import OFFER, JournalOffer, is_permanent, offer_journal, with_offer
from screens.moment.contacts import note_contact_in_dialog
from screens.moment.document_screen import DocumentScreen, OpenMoment
from screens.moment.forms.form_text import draw_form
from screens.moment.forms.graph import Graph
from screens.moment.safety_plan.plan_screen import SafetyPlanScreen
from screens.queue.actions import handle_in_dialog
from screens.queue.claims import claim, offered_claim
from screens.queue.walk import Walk
from screens.refusals import attempt
from screens.resident.home_rows import Target
from screens.shown_keys import keyed, with_keys
from screens.store_client import StoreClient
from screens.whom import Whom
from screens.widgets.drawn_text import DrawnText
from store.care.contacts import note_contact
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.foundation.access import Standing
from store.foundation.flag_kinds import About, Severity
from store.foundation.operation import is_permitted
from store.people.sign_in import StaffActor
from store.views.flags import FlagRow, FlagsPage, flags_page
from store.views.form_graph import FormGraph, refresh_graph
from store.views.form_pages import FormPage, answer_page, open_answer, view_answer
from store.views.residents_page import Part

MayHandle = Callable[[Severity], bool] | None
"""Whether a flag so urgent can be handled from the page; None where the page offers to handle none of its own."""

NOTE = " · {form.note_contact} noterar samtalet"
"""Beside the number to call."""


class FormDocument:
    """A form's answers, and under them the graph of its scores.

    Opening an answer's row handles it where the one who looks is ansvarig behandlare, or works for that colleague.
    Another occasion that is turned to from there is shown, and left as unread as it was.
    """

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        answer: int,
        *,
        marks_read: bool,
        works_for_colleague: bool,
        may_handle: MayHandle,
        was_read: Callable[[], None],
    ) -> None:
        """Show an answer.

        Args:
            client: the way to the store.
            moment_id: the moment that it belongs to.
            answer: the answer's id.
            marks_read: whether its row was opened, so that it is read.
            works_for_colleague: whether it is read for a colleague.
            may_handle: says which flags of it can be handled from here.
            was_read: told when the answer became read by being opened.
        """
        self.answer = answer
        self._marked_by_opening = answer if marks_read else None
        self.page: FormPage | None = None
        self.flags: FlagsPage | None = None
        self.is_offering = False
        """Whether the answer was read from here, so that the *Journalunderlag* is offered."""
        self._may_handle = may_handle
        self._was_read = was_read
        self._is_news = False
        """Whether the answer has become read by the latest reading."""
        self._client = client
        self._moment_id = moment_id
        self._works_for_colleague = works_for_colleague
        self._opened: int | None = None
        self._scores: FormGraph | None = None
        self._text = DrawnText()
        self._graph = Graph()

    @property
    def title(self) -> tuple[str, ...]:
        """The form's name."""
        return (self.page.title,) if self.page is not None else ()

    @property
    def widgets(self) -> tuple[DrawnText, Graph]:
        """The answers and the graph."""
        return self._text, self._graph

    async def read(self) -> None:
        """Read the answer; the first time it is opened, and by that handled where its row was."""
        answer, client = self.answer, self._client
        if self._opened != answer:
            if answer == self._marked_by_opening:
                covers = self._works_for_colleague
                self._is_news = await client.write(open_answer, self._moment_id, answer, covers=covers)
            else:
                await client.read(view_answer, self._moment_id, answer)
            self._opened = answer
        self.page = await client.read(answer_page, self._moment_id, answer)
        self._scores = await self._client.read(refresh_graph, self._moment_id) if self.page.scores else None
        is_wanted = self._may_handle is not None or self.page.help is not None
        self.flags = await self._client.read(flags_page, self._moment_id) if is_wanted else None

    def show(self) -> None:
        """Show the answer that was read last."""
        if self.page is None:
            return
        if self._is_news:
            self._is_news = False
            self._was_read()
        offer = with_keys(OFFER if self.is_offering and self.page.read_at is not None else "")
        note = keyed(NOTE) if self.may_note_contact else ""
        self._text.show(partial(draw_form, self.page, self._flags_of_it, offer, note, self._client.clock()))
        self._graph.display = self._scores is not None
        if self._scores is not None:
            self._graph.show_graph(self._scores, selected=self.page.id)

    def beside(self, step: int) -> int | None:
        """Return the answer of the occasion before this one or after it, None where there is none."""
        if self.page is None:
            return None
        return self.page.previous if step < 0 else self.page.following

    @property
    def _flags_of_it(self) -> tuple[FlagRow, ...]:
        """The answer's flags, the open ones first, where they were read."""
        about = (flag for flag in self.flags.flags if flag.kind.facts.about is About.ANSWER) if self.flags else ()
        return tuple(flag for flag in about if flag.about == str(self.answer))

    @property
    def flag(self) -> FlagRow | None:
        """The most urgent of the answer's open flags, where it can be handled from here."""
        if self._may_handle is None:
            return None
        flag = next((flag for flag in self._flags_of_it if flag.handled_at is None), None)
        return flag if flag is not None and self._may_handle(flag.severity) else None

    def may_mark(self, *, as_read: bool) -> bool:
        """Whether the person can be offered to mark the answer; the operation asks again."""
        is_other = self.page is not None and (self.page.read_at is None) is as_read
        return is_other and self._may(mark_answer_read)

    @property
    def may_note_contact(self) -> bool:
        """Whether a contact can be noted from here: a risk answer is followed by one."""
        return self.page is not None and self.page.help is not None and self._may(note_contact)

    def _may(self, operation: Callable[..., object]) -> bool:
        actor = self._client.actor
        if self.page is None or not isinstance(actor, StaffActor):
            return False
        mine = {Standing.RESPONSIBLE} if self.page.is_mine else set()
        covered = {Standing.SUBSTITUTE} if self.page.is_covered else set()
        return is_permitted(operation, actor.roles | mine | covered)


class FormScreen(DocumentScreen):
    """A form's answers, with keys that turn to another occasion and mark the answers as read."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "s",
            "safety_plan",
            "Säkerhetsplan",
            id="form.safety_plan",
            tooltip="Visa invånarens säkerhetsplan, och ändra den.",
        ),
        Binding(
            "K",
            "note_contact",
            "Notera\xa0kontakt",
            id="form.note_contact",
            tooltip="Notera ett samtal, videomöte eller besök, med minuter och en anteckning.",
        ),
        Binding("less_than_sign", "turn(-1)", "Föregående", id="form.previous", tooltip="Visa tillfället före."),
        Binding("greater_than_sign", "turn(1)", "Nästa", id="form.next", tooltip="Visa tillfället efter."),
        Binding("m", "mark(True)", "Läst", id="form.read", tooltip="Markera formuläret som läst."),
        Binding("M", "mark(False)", "Oläst\xa0igen", id="form.unread", tooltip="Markera formuläret som oläst igen."),
    ]

    def __init__(
        self,
        client: StoreClient,
        moment_id: int,
        answer: int,
        origin: str,
        *,
        whom: Whom,
        whose: str = "",
        walk: Walk | None = None,
        open_moment: OpenMoment | None = None,
        may_handle: MayHandle = None,
        marks_read: bool = True,
    ) -> None:
        """Show an answer; the other arguments are those of `DocumentScreen` and `FormDocument`."""
        form = FormDocument(
            client,
            moment_id,
            answer,
            marks_read=marks_read,
            works_for_colleague=walk is not None and walk.is_through_colleagues_queue,
            may_handle=may_handle,
            was_read=self._offer_journal,
        )
        super().__init__(client, moment_id, form, origin, whom=whom, whose=whose, walk=walk, open_moment=open_moment)
        self.form = form

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to turn where there is another occasion, and to mark what isn't marked so."""
        if action == "turn":
            return self.form.beside(int(str(parameters[0]))) is not None
        if action == "note_contact":
            return self.form.may_note_contact
        if action == "mark":
            return self.form.may_mark(as_read=bool(parameters[0]))
        if action == "handle_matter" and self._has_own_flag:
            return True
        if action == "claim" and self._has_own_flag and self.form.flag is not None:
            return parameters == (offered_claim(self.form.flag.taken, self.client.actor),)
        return super().check_action(action, parameters)

    @property
    def _has_own_flag(self) -> bool:
        """Whether the answer has a flag to be handled, and not as the matter that the walk has come to."""
        flag, matter = self.form.flag, self.position.matter
        return flag is not None and (matter is None or matter.flag != flag.id)

    @property
    def residents_target(self) -> Target | None:
        """The form, as the resident is asked it."""
        return Target(Part.FORM, self.form.page.form) if self.form.page is not None else None

    def action_handle_matter(self) -> None:
        """Handle the answer's flag, or the matter's where the answer has none of its own."""
        if self._has_own_flag:
            self._handle_flag()
        else:
            super().action_handle_matter()

    @work(exclusive=True, group="dialog")
    async def _handle_flag(self) -> None:
        flag, page = self.form.flag, self.form.flags
        if flag is None or page is None:
            return
        is_urgent = flag.severity is Severity.PRIORITY
        said = await handle_in_dialog(
            self.app,
            self.client,
            flag.id,
            flag.reason,
            self.client.write,
            whom=self.whom,
            instruction=instruction_text(page) if is_urgent else "",
            now=self.client.clock() if is_urgent else None,
        )
        if said:
            offer = JournalOffer(self.client, self.moment_id, self.whom)
            self.notify(with_offer(self.app, offer, said, may_read=self._may_read_on))
            self.reread()

    def action_claim(self, _what: str) -> None:
        """Claim, release or take over the flag that the answer raised; else the flag of the matter."""
        if self._has_own_flag:
            self._claim_flag()
        else:
            super().action_claim(_what)

    @work(exclusive=True, group="dialog")
    async def _claim_flag(self) -> None:
        flag = self.form.flag
        if flag is None:
            return
        if said := await claim(self.app, self.client, flag.id, flag.taken, self.client.write, whom=self.whom):
            self.notify(said, markup=False)
        self.reread()

    @property
    def _may_read_on(self) -> bool:
        """Whether the person sees the moment without any flag, too."""
        return is_permanent(
            self.client, is_mine=self.form.page is not None and (self.form.page.is_mine or self.form.page.is_covered)
        )

    @work(exclusive=True, group="dialog")
    async def action_note_contact(self) -> None:
        """Note a contact that was made."""
        said = await note_contact_in_dialog(self.app, self.client, self.moment_id, self.client.write, whom=self.whom)
        if said:
            self.notify(said, markup=False)

    def action_safety_plan(self) -> None:
        """Show the säkerhetsplan over the answers."""
        name = (self._origin, *self._whose, *self.form.title)[-1]
        whom, walk = self.whom, self.position.walk
        self.app.push_screen(SafetyPlanScreen(self.client, self.moment_id, name, whom=whom, whose=whom.name, walk=walk))

    def action_turn(self, step: int) -> None:
        """Show the occasion before or after, without going back."""
        other = self.form.beside(step)
        if other is not None:
            self.form.answer, self.form.is_offering = other, False
            self.show_from_top()

    @work(group="mark")
    async def action_mark(self, read: bool) -> None:
        """Mark the answers as read, or as unread again."""
        operation = mark_answer_read if read else mark_answer_unread
        if await attempt(self.app, self.client.write(operation, self.moment_id, self.form.answer), whom=self.whom):
            self.form.is_offering = False
            if read:
                self._offer_journal()
        self.reread()

    def _offer_journal(self) -> None:
        """Offer the *Journalunderlag* of the answer that was read, on the page itself."""
        offer_journal(self.app, JournalOffer(self.client, self.moment_id, self.whom))
        self.form.is_offering = True
