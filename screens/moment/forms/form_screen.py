"""One occasion of a form: the answers, what they amount to, and the graph (domain.md §4, §6)."""

from __future__ import annotations

from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType

from screens.moment.document_screen import DocumentScreen, OpenMoment
from screens.moment.forms.form_text import draw_form
from screens.moment.forms.graph import Graph
from screens.queue.walk import Walk
from screens.refusals import attempt
from screens.store_client import StoreClient
from screens.widgets.drawn_text import DrawnText
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.foundation.access import Standing
from store.foundation.operation import is_permitted
from store.people.sign_in import StaffActor
from store.views.form_graph import FormGraph, refresh_graph
from store.views.form_pages import FormPage, answer_page, open_answer


class FormDocument:
    """A form's answers, and under them the graph of its scores.

    Opening an answer handles it where the one who looks is ansvarig behandlare, or works for that colleague.
    """

    def __init__(self, client: StoreClient, moment_id: int, answer: int, *, works_for_colleague: bool) -> None:
        """Show an answer."""
        self.answer = answer
        self.page: FormPage | None = None
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
        """Read the answer; the first time it is opened, and by that handled."""
        answer = self.answer
        if self._opened != answer:
            await self._client.write(open_answer, self._moment_id, answer, covers=self._works_for_colleague)
            self._opened = answer
        self.page = await self._client.read(answer_page, self._moment_id, answer)
        self._scores = await self._client.read(refresh_graph, self._moment_id) if self.page.scores else None

    def show(self) -> None:
        """Show the answer that was read last."""
        if self.page is None:
            return
        self._text.show(partial(draw_form, self.page))
        self._graph.display = self._scores is not None
        if self._scores is not None:
            self._graph.show_graph(self._scores, selected=self.page.id)

    def beside(self, step: int) -> int | None:
        """Return the answer of the occasion before this one or after it, None where there is none."""
        if self.page is None:
            return None
        return self.page.previous if step < 0 else self.page.following

    def may_mark(self, *, as_read: bool) -> bool:
        """Whether the person can be offered to mark the answer; the operation asks again."""
        actor = self._client.actor
        if self.page is None or not isinstance(actor, StaffActor) or (self.page.read_at is None) is not as_read:
            return False
        mine = {Standing.RESPONSIBLE} if self.page.is_mine else set()
        return is_permitted(mark_answer_read, actor.roles | mine)


class FormScreen(DocumentScreen):
    """A form's answers, with keys that turn to another occasion and mark the answers as read."""

    BINDINGS: ClassVar[list[BindingType]] = [
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
        whose: str = "",
        walk: Walk | None = None,
        open_moment: OpenMoment | None = None,
    ) -> None:
        """Show an answer; the other arguments are those of `DocumentScreen`."""
        is_for_colleague = walk is not None and walk.is_through_colleagues_queue
        form = FormDocument(client, moment_id, answer, works_for_colleague=is_for_colleague)
        super().__init__(client, moment_id, form, origin, whose=whose, walk=walk, open_moment=open_moment)
        self.form = form

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to turn where there is another occasion, and to mark what isn't marked so."""
        if action == "turn":
            return self.form.beside(int(str(parameters[0]))) is not None
        if action == "mark":
            return self.form.may_mark(as_read=bool(parameters[0]))
        return super().check_action(action, parameters)

    def action_turn(self, step: int) -> None:
        """Show the occasion before or after, without going back."""
        other = self.form.beside(step)
        if other is not None:
            self.form.answer = other
            self.show_from_top()

    @work(group="mark")
    async def action_mark(self, read: bool) -> None:
        """Mark the answers as read, or as unread again."""
        operation = mark_answer_read if read else mark_answer_unread
        await attempt(self.app, self.client.write(operation, self.moment_id, self.form.answer))
        self.reread()
