"""The säkerhetsplan's five parts, to be written (domain.md §4)."""

from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import ClassVar

from textual import on
from textual.binding import BindingType
from textual.content import Content
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static
from textual.widgets import TextArea as AnyTextArea

from screens.contracts import KeepsDrafts
from screens.dialogs.controls import Button, Field, TextArea
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.whom import Whom
from screens.workers import start
from store.care.safety_plan_text import PARTS, SafetyTexts

Keep = Callable[[SafetyTexts], Awaitable[bool]]
"""Keeps what is typed; returns whether it outlives the program."""
LEFT = "Det här skrev du förra gången. Det är inte sparat i planen."
UNSAFE = "Det du har skrivit går inte att spara på den här datorn. Avbryt en gång till så försvinner det."


class SafetyPlanDialog(Dialog[SafetyTexts, None], KeepsDrafts):
    """Write the plan. What is typed is kept by itself; closing the dialog leaves it to be taken up the next time."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara planen")]
    DEFAULT_CSS = """
    SafetyPlanDialog TextArea { height: 4; }
    SafetyPlanDialog Field { margin: 0 0 1 0; }
    SafetyPlanDialog Field:last-child { margin: 0; }
    SafetyPlanDialog #left { color: $text-warning; margin: 0 0 1 0; height: auto; }
    """
    AUTO_FOCUS: ClassVar[str | None] = f"#{PARTS[0].name}"
    PAUSE: ClassVar[float] = 0.5
    """Seconds without a key after which what is typed is kept."""

    main_label = "Spara planen"

    def __init__(
        self,
        perform: Perform[SafetyTexts, None],
        *,
        whom: Whom,
        plan: SafetyTexts,
        left: SafetyTexts | None,
        keep: Keep,
        throw_away: Callable[[], Awaitable[None]],
        about: Mapping[str, str] | None = None,
    ) -> None:
        """Show the plan.

        Args:
            perform: saves it.
            whom: the resident and the program.
            plan: the newest version.
            left: what was typed before and not saved, None for nothing.
            keep: keeps what is typed.
            throw_away: removes what was kept.
            about: what is written in each part, by its key; None for the words to staff.
        """
        super().__init__("Säkerhetsplan", perform, whom=whom)
        self._plan = plan
        self._left = left
        self._keep = keep
        self._throw_away = throw_away
        self._about = about or {part.key: part.about for part in PARTS}
        self._pause: Timer | None = None
        self._has_warned = False

    def body(self) -> Iterable[Widget]:
        """Return a field for each part."""
        if self._left is not None:
            yield Static(Content(LEFT), id="left")
        texts = self._left or self._plan
        for part in PARTS:
            yield Field(part.key, part.heading.capitalize(), TextArea(texts[part], id=part.name))

    def buttons(self) -> Iterable[Widget]:
        """Return the dialog's buttons, and one that throws away what was left."""
        if self._left is not None:
            yield Button("Kasta utkastet", id="throw")
        yield from super().buttons()

    def on_mount(self) -> None:
        """Say what is written in each part."""
        super().on_mount()
        for part in PARTS:
            self.query_one(f"#field-{part.key}", Field).describe(self._about[part.key])

    def value(self) -> SafetyTexts:
        """Return what stands in the fields."""
        return SafetyTexts(*(self.query_one(f"#{part.name}", TextArea).text for part in PARTS))

    def show_newer(self, plan: SafetyTexts) -> None:
        """Show what another has saved meanwhile, under each field that says something else; what is typed stays."""
        self._plan, typed = plan, self.value()
        for part in PARTS:
            differs = plan[part] != typed[part]
            newer = f"I planen nu: {plan[part] or 'inget'}" if differs else self._about[part.key]
            self.query_one(f"#field-{part.key}", Field).show_note([("!" if differs else "", Content(newer))])

    # What is typed

    @property
    def _is_changed(self) -> bool:
        return self.value() != self._plan

    @on(AnyTextArea.Changed)
    def _plan_keeping(self) -> None:
        self._has_warned = False
        if self._pause is not None:
            self._pause.stop()
        self._pause = self.set_timer(self.PAUSE, lambda: start(self, "draft", self._keep_now))

    async def _keep_now(self) -> None:
        await self.keep_drafts()

    async def keep_drafts(self) -> bool:
        """Keep what is typed; returns whether it is safe."""
        return not self._is_changed or await self._keep(self.value())

    def action_cancel(self) -> None:
        """Close, once what is typed is kept or the person knows that it isn't."""
        if self._is_working:
            super().action_cancel()
        else:
            start(self, "draft", self._close)

    async def _close(self) -> None:
        if await self.keep_drafts() or self._has_warned:
            self.dismiss(None)
        else:
            self._has_warned = True
            self.show_refusal(UNSAFE)

    @on(Button.Pressed, "#throw")
    async def _thrown(self) -> None:
        """Begin anew from the plan."""
        await self._throw_away()
        self.query_one("#left").display = False
        self.query_one("#throw").display = False
        for part in PARTS:
            self.query_one(f"#{part.name}", TextArea).load_text(self._plan[part])
        self.set_focus(self.query_one(f"#{PARTS[0].name}"))
