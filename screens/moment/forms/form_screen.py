"""One occasion of a form: the answers, what they amount to, and the graph (domain.md §4, §6)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import partial
from typing import ClassVar

from textual import work
from textual.binding import Binding, BindingType
from textual.widget import Widget

from screens.moment.forms.form_text import draw_form
from screens.moment.forms.graph import Graph
from screens.moment.lone_paper import LonePaper
from screens.store_client import StoreClient
from screens.widgets.drawn_text import DrawnText
from store.care.form_answers import mark_answer_read, mark_answer_unread
from store.foundation.access import Standing
from store.foundation.errors import DomainError
from store.foundation.operation import is_permitted
from store.people.sign_in import StaffActor
from store.views.form_graph import FormGraph, refresh_graph
from store.views.form_pages import FormPage, answer_page, open_answer


class FormScreen(LonePaper):
    """A form's answers. Opening it handles it where the one who looks is ansvarig behandlare."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("less_than_sign", "turn(-1)", "Föregående", id="form.previous", tooltip="Visa tillfället före."),
        Binding("greater_than_sign", "turn(1)", "Nästa", id="form.next", tooltip="Visa tillfället efter."),
        Binding("m", "mark(True)", "Läst", id="form.read", tooltip="Markera formuläret som läst."),
        Binding("M", "mark(False)", "Oläst\xa0igen", id="form.unread", tooltip="Markera formuläret som oläst igen."),
    ]

    def __init__(self, client: StoreClient, moment_id: int, answer: int, *trail: str) -> None:
        """Show an answer; `trail` is the way back, and whose it is where that doesn't say it."""
        super().__init__(client, moment_id, trail)
        self._answer = answer
        self._opened: int | None = None
        self._form: FormPage | None = None
        self._graph: FormGraph | None = None

    def body(self) -> Iterable[Widget]:
        """Return the answers, and the graph under them."""
        yield DrawnText()
        yield Graph()

    async def read(self) -> None:
        """Read the answer; the first time it is opened, and by that handled."""
        answer = self._answer
        if self._opened != answer:
            await self.client.write(open_answer, self.moment_id, answer, covers=self.covers)
            self._opened = answer
        self._form = await self.client.read(answer_page, self.moment_id, answer)
        self._graph = await self.client.read(refresh_graph, self.moment_id) if self._form.scores else None

    def show_state(self) -> None:
        """Show the answer."""
        assert self._form is not None
        self.set_trail(*self.whose, self._form.title)
        self.query_one(DrawnText).show(partial(draw_form, self._form))
        graph = self.query_one(Graph)
        graph.display = self._graph is not None
        if self._graph is not None:
            graph.show_graph(self._graph, selected=self._form.id)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what does something."""
        form = self._form
        if action == "turn":
            return form is not None and (form.previous if parameters[0] == -1 else form.following) is not None
        if action == "mark":
            return form is not None and self._may_mark and (form.read_at is None) is parameters[0]
        return super().check_action(action, parameters)

    @property
    def _may_mark(self) -> bool:
        """Whether it can be offered; the operation asks again."""
        actor = self.client.actor
        assert isinstance(actor, StaffActor)
        assert self._form is not None
        mine = {Standing.RESPONSIBLE} if self._form.is_mine else set()
        return is_permitted(mark_answer_read, actor.roles | mine)

    def action_turn(self, step: int) -> None:
        """Show the occasion before or after, without going back."""
        assert self._form is not None
        other = self._form.previous if step < 0 else self._form.following
        if other is not None:
            self._answer = other
            self.query_one("#paper").scroll_home(animate=False)
            self.reread()

    @work(group="mark")
    async def action_mark(self, read: bool) -> None:
        """Mark it as read, or as unread again."""
        try:
            await self.client.write(mark_answer_read if read else mark_answer_unread, self.moment_id, self._answer)
        except DomainError as refusal:
            self.notify(refusal.message, severity="warning", markup=False)
        self.reread()
