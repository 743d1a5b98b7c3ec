"""*Formulär* under *HANTERA HÄNDELSER* on screen: what waits can be opened and marked as read where it stands."""

from __future__ import annotations

from typing import ClassVar

from textual.binding import Binding, BindingType
from textual.message import Message

from screens.moment.forms.form_rows import FormRow, form_rows, measurement_id
from screens.widgets.row import Row
from screens.widgets.row_list import RowList
from store.views.moment import MomentPage


class FormList(RowList):
    """The unread forms and the measurements. It changes nothing itself: it posts what is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("enter", "open", "Öppna", id="forms.open", tooltip="Öppna svaren på formuläret."),
        Binding("m", "mark_read", "Läst", id="forms.read", tooltip="Markera formuläret som läst utan att öppna det."),
        Binding("M", "mark_unread", "Oläst\xa0igen", id="forms.unread", tooltip="Ångra: det senast lästa är oläst."),
    ]

    class OpenAsked(Message):
        """The answers on a row are to be opened."""

        def __init__(self, row: FormRow) -> None:
            super().__init__()
            self.row = row

    class ReadAsked(Message):
        """Answers are to be marked as read, or as unread again."""

        def __init__(self, answers: tuple[int, ...], *, read: bool) -> None:
            super().__init__()
            self.answers = answers
            self.read = read

    def __init__(self) -> None:
        """Show nothing until there is a page."""
        super().__init__("forms")
        self._may_mark = False
        self._marked: tuple[int, ...] = ()
        """What was last marked as read here."""

    def show(self, page: MomentPage, *, may_mark: bool) -> None:
        """Show a page's forms; the cursor stays."""
        self._may_mark = may_mark
        self.show_rows(form_rows(page, may_mark=may_mark))

    def start_over(self) -> None:
        """Forget what was marked: the next page is another moment's."""
        self._cursor, self._marked = "", ()

    def move_to_measurement(self, form: str) -> None:
        """Put the cursor on what is measured with a form, where it is among the rows."""
        if (row := measurement_id(form)) in {shown.id for shown in self._rows}:
            self.move_to(row)

    @property
    def row(self) -> FormRow | None:
        """The cursor's row."""
        row = super().row
        return row if isinstance(row, FormRow) else None

    @property
    def waits(self) -> bool:
        """Whether something is unread."""
        return any(isinstance(row, FormRow) and row.unread for row in self._rows)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the cursor's form."""
        row = self.row
        if action == "open":
            return row is not None and (row.is_diary or row.answer is not None)
        if action == "mark_read":
            return bool(self._may_mark and row and row.unread)
        if action == "mark_unread":
            return self._may_mark and bool(self._marked)
        return super().check_action(action, parameters)

    def action_open(self) -> None:
        """Post that the row's answers are to be opened."""
        if self.row is not None:
            self.post_message(self.OpenAsked(self.row))

    def action_mark_read(self) -> None:
        """Post that the row's answers are to be marked as read."""
        if self.row is not None:
            self._marked = self.row.unread
            self.post_message(self.ReadAsked(self.row.unread, read=True))

    def action_mark_unread(self) -> None:
        """Post that the answers marked last are to be unread again."""
        self.post_message(self.ReadAsked(self._marked, read=False))
        self._marked = ()

    def clicked(self, row: Row) -> None:
        """Post that what was clicked is to be opened."""
        if isinstance(row, FormRow) and (row.is_diary or row.answer is not None):
            self.post_message(self.OpenAsked(row))
