"""A form to fill in: each answer is checked at its field, and the whole before it is sent."""

from __future__ import annotations

from collections.abc import Iterable
from typing import ClassVar, final

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical, VerticalScroll
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Button as AnyButton
from textual.widgets import Static

from screens.contracts import ShowsResidentsSide
from screens.dialogs.controls import Button
from screens.resident.question import Question
from screens.resident.sending import Sending
from screens.resident.side import Side
from screens.resident.side_frame import BACK, SideFrame
from screens.resident.texts import DANGER, HANDED_IN
from screens.widgets.page import Page
from store.care.form_answers import ANSWERABLE
from store.care.handed_in import AskedForm
from store.care.questionnaire.shape import Item
from store.care.typed_answers import asked_of, faults_by_field, hand_in
from store.views.residents_page import Part, ResidentsPage

WRONG = "Något är inte rätt ifyllt. Det står under frågan."
ANSWERED = "Du har redan svarat. Behövs det igen syns det på startsidan."
EMPTY = "Fyll i något först."


@final
class ResidentsFormScreen(Page[None], ShowsResidentsSide):
    """A form. What is typed stays when the page is closed, until the form is sent or the app is closed."""

    BLANK = True
    about = (
        "Svara på frågorna och skicka. Står det något rött under en fråga är svaret inte rätt skrivet. Det du har "
        "fyllt i är kvar om du går tillbaka, tills du stänger appen."
    )
    BINDINGS: ClassVar[list[BindingType]] = [
        BACK,
        Binding("ctrl+s", "send", "Skicka", id="resident.send_form", tooltip="Skicka svaren till din behandlare."),
        Binding("tab", "app.focus_next", "Nästa", id="resident.next", tooltip="Gå till nästa fråga."),
    ]
    DEFAULT_CSS = """
    ResidentsFormScreen .group { text-style: bold; color: $text-muted; margin: 1 0 0 0; }
    ResidentsFormScreen #send { margin: 1 1 1 1; }
    ResidentsFormScreen #caution { margin: 1 0 0 0; }
    """

    def __init__(self, side: Side, origin: str, form: str) -> None:
        """Show a form by its id."""
        super().__init__()
        self.side = side
        self.frame = SideFrame(
            self,
            side,
            origin,
            heading=lambda: self._asked.form.title if self._asked else "",
            read=self._read,
            show=self._show,
            is_written=lambda: form in side.typed,
        )
        self._sending = Sending(self, self._send, lambda _field, sentence: self.frame.say(sentence))
        self._form = form
        self._asked: AskedForm | None = None
        self._page: ResidentsPage | None = None
        self._is_laid_out = False

    def compose(self) -> ComposeResult:
        """Lay out where the questions come."""
        yield self.frame.around(VerticalScroll(id="side", classes="side", can_focus=False))

    async def _read(self) -> None:
        """Read the form; the first time it is opened."""
        if self._asked is None:
            await self.side.open(Part.FORM)
        self._page = await self.side.page()
        self._asked = await self.side.form(self._form)

    def _show(self) -> None:
        """Ask the questions; what is typed stays, and what can't be done now is said."""
        if self._asked is None or self._page is None:
            return
        if not self._is_laid_out:
            self._is_laid_out = True
            self._lay_out(self._asked)
        self.frame.say_state(self._why_not)

    @property
    def _why_not(self) -> str:
        """Return why the form can't be sent now."""
        page = self._page
        if self.side.only_looks or page is None:
            return ""
        if why := ANSWERABLE.why_not(page.status, is_offered=False):
            return why
        form = next((form for form in page.forms if form.id == self._form), None)
        return "" if form is not None and form.is_open else ANSWERED

    @work(group="layout")
    async def _lay_out(self, asked: AskedForm) -> None:
        scroll = self.query_one("#side", VerticalScroll)
        await scroll.mount_all(self._parts(asked))
        self._show_asked()
        questions = list(self.query(Question))
        if self._may_type and questions:
            self.set_focus(questions[0].first)
        else:
            scroll.can_focus = True
            self.set_focus(scroll)
        self.refresh_bindings()

    def _parts(self, asked: AskedForm) -> Iterable[Widget]:
        form, typed = asked.form, self.side.typed.get(self._form, {})
        if form.plan.has_risks:
            yield Static(Content(DANGER), id="caution", classes="words")
        for place, item in enumerate(form.questionnaire.items):
            if not item.is_put:
                continue
            if item.is_question:
                yield Question(item, place, typed.get(item.link_id, ()), is_locked=not self._may_type)
            else:
                yield Heading(item, place)
        if self._may_type:
            yield Button("Skicka", id="send", variant="primary")

    @property
    def _may_type(self) -> bool:
        return not self.side.only_looks and not self._why_not

    # What is typed

    def _typed(self) -> dict[str, tuple[str, ...]]:
        return {question.item.link_id: values for question in self.query(Question) if (values := question.values)}

    @on(Question.Changed)
    def _question_changed(self) -> None:
        typed = self._typed()
        if typed:
            self.side.typed[self._form] = typed
        else:
            self.side.typed.pop(self._form, None)
        self._show_asked()

    def _show_asked(self) -> None:
        """Show the questions that are asked with the answers that stand there."""
        if self._asked is None:
            return
        wanted = asked_of(self._asked.form.questionnaire, self._typed())
        for question in self.query(Question):
            question.display = question.item.link_id in wanted
        for heading in self.query(Heading):
            heading.display = heading.item.link_id in wanted

    # Sending

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer to send what may be sent."""
        if action == "send":
            return self._is_laid_out and self._may_type
        return super().check_action(action, parameters)

    @on(AnyButton.Pressed, "#send")
    def _pressed(self) -> None:
        self.action_send()

    def action_send(self) -> None:
        """Send the answers; a press while that is under way does nothing."""
        self._sending.begin()

    async def _send(self) -> None:
        asked, typed = self._asked, self._typed()
        if asked is None:
            return
        if not typed:
            self.frame.say(EMPTY)
            return
        given = hand_in(asked, typed)
        faults = faults_by_field(asked.form.questionnaire, given)
        if not faults:
            faults = {"": " ".join(found)} if (found := await self.side.answer(self._form, given)) else {}
        if faults:
            self._show_faults(faults)
            return
        self.side.typed.pop(self._form, None)
        self.notify(" ".join((HANDED_IN, *given.said)))
        self.dismiss(None)

    def _show_faults(self, faults: dict[str, str]) -> None:
        """Say at each question what is wrong, and go to the first of them."""
        self.frame.say(faults.get("", WRONG))
        wrong = []
        for question in self.query(Question):
            question.show_fault(faults.get(question.item.link_id, ""))
            wrong += [question] if question.item.link_id in faults else []
        if wrong:
            self.set_focus(wrong[0].first)
            self.call_after_refresh(wrong[0].scroll_visible, animate=False)

    async def changed(self) -> None:
        """Read the page again: something has changed, or the database is gone, or back."""
        self.frame.reread()

    def action_back(self) -> None:
        """Go back to where the page was opened from."""
        self.frame.leave()


class Heading(Vertical):
    """A group's heading, or a text between the questions."""

    DEFAULT_CSS = """
    Heading { height: auto; padding: 0 1; max-width: 100; }
    """

    def __init__(self, item: Item, place: int) -> None:
        """Show an item that nobody answers."""
        super().__init__(Static(Content(item.text), classes="group"), id=f"heading-{place}")
        self.item = item
