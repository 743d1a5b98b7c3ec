"""*Scenarier* and *Spara övningsmiljön*, in a practice environment alone: what one teaches by (domain.md §9)."""

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, ClassVar

from textual.app import App
from textual.binding import BindingType
from textual.content import Content
from textual.widget import Widget
from textual.widgets import Static

from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.controls import Field, TextInput
from screens.dialogs.dialog import Dialog, Perform, submits
from screens.store_client import StoreClient
from screens.wording import clock_time, short_date
from store.foundation.clock import local_day
from store.foundation.errors import StoreUnreachable

if TYPE_CHECKING:
    from store.practice.scenario_shelf import Offered

SCENARIOS = "Scenarier"
OTHER = "En annan fil …"
OTHER_ABOUT = "Ett scenario som du har skrivit, eller en övningsmiljö som är sparad."
ALL_GOES = (
    "Övningsmiljön görs om för alla som använder den. Det som är gjort där försvinner, och det du har skrivit utan att "
    "skicka."
)
COURSE_GOES = "Kursen som pågår raderas, med det som deltagarna har gjort."
SAVE = "Spara övningsmiljön i en fil"
SAVED = "Övningsmiljön är sparad i {}. Den finns bland scenarierna."
SAVED_ELSEWHERE = "Övningsmiljön är sparad i {}."


class ScenarioDialog(Dialog[str, None]):
    """Confirm that the practice environment is made anew; without a scenario its file is asked for."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Gör om övningsmiljön")]
    DEFAULT_CSS = """
    ScenarioDialog Field .name { width: 6; }
    ScenarioDialog Field > .under { padding: 0 0 0 6; }
    """
    main_label = "Gör om övningsmiljön"
    main_variant = "error"
    waiting_label = "Gör övningsmiljön …"

    def __init__(self, chosen: "Offered | None", perform: Perform[str, None], *, course: bool = False) -> None:
        """`course` is whether the store holds one, which then goes with it."""
        undone = (ALL_GOES, COURSE_GOES) if course else (ALL_GOES,)
        super().__init__(chosen.title if chosen else OTHER, perform, whom=None, undone=undone)
        self._chosen = chosen

    def body(self) -> Iterable[Widget]:
        """Return what the scenario is, or the field for its file."""
        if self._chosen is None:
            yield Field("scenario", "Fil", TextInput(id="file", placeholder="~/mitt.toml"))
        else:
            yield Static(Content(_about(self._chosen)))

    def value(self) -> str:
        """Return what was typed, or nothing."""
        return self.query_one("#file", TextInput).value if self._chosen is None else ""


class SaveDialog(Dialog[str, Path]):
    """Ask under which name the state is saved; done, it gives the file."""

    BINDINGS: ClassVar[list[BindingType]] = [submits("Spara")]
    DEFAULT_CSS = """
    SaveDialog Field .name { width: 6; }
    SaveDialog Field > .under { padding: 0 0 0 6; }
    """
    main_label = "Spara"

    def __init__(self, folder: Path, perform: Perform[str, Path]) -> None:
        """`folder` is where a name leads to."""
        super().__init__(SAVE, perform, whom=None)
        self._folder = folder

    def body(self) -> Iterable[Widget]:
        """Return the field."""
        yield Field("spara", "Namn", TextInput(id="name", placeholder="till exempel: mandag-kurs"))

    def on_mount(self) -> None:
        """Say where it comes to lie."""
        note = f"Ett namn blir en fil i {self._folder}, som visas bland scenarierna. En sökväg går också bra."
        self.query_one("#field-spara", Field).describe(note)

    def value(self) -> str:
        """Return what was typed."""
        return self.query_one("#name", TextInput).value


@dataclass(frozen=True)
class _Other:
    """A file that is not in the list."""


async def ask_for_scenario(app: App[Any], client: StoreClient, own: Path) -> bool:
    """Let somebody choose a scenario and make the store anew with it; returns whether it was.

    Args:
        app: where it is asked.
        client: the way to the practice store.
        own: the folder of scenarios of the user's.
    """
    shelf = await client.load("store.practice.scenario_shelf")
    found: list[Offered] = await client.run_on_files(lambda: shelf.offered(own))
    choices: list[Choice[Offered | _Other]] = [Choice(one, one.title, _about(one)) for one in found]
    choices.append(Choice(_Other(), OTHER, OTHER_ABOUT))
    chosen = await app.push_screen_wait(ChoiceDialog(SCENARIOS, choices, whom=None))
    if chosen is None:
        return False
    offered = None if isinstance(chosen, _Other) else chosen

    async def perform(typed: str, _confirmed: bool) -> None:
        path = offered.path if offered is not None else shelf.named_file(own, typed)
        actor = client.actor
        await client.run_long(lambda: shelf.load_scenario(client.store, path, actor))

    try:
        course = await client.run(lambda: shelf.holds_course(client.store))
    except StoreUnreachable as lost:
        app.notify(lost.message, severity="warning")
        return False
    return await app.push_screen_wait(ScenarioDialog(offered, perform, course=course)) is not None


async def ask_to_save(app: App[Any], client: StoreClient, own: Path) -> None:
    """Ask under which name the practice store's state is saved, save it, and say where."""
    shelf = await client.load("store.practice.scenario_shelf")

    async def perform(typed: str, _confirmed: bool) -> Path:
        saved: Path = await client.run_long(lambda: shelf.save_own(client.store, own, typed))
        return saved

    done = await app.push_screen_wait(SaveDialog(own, perform))
    if done is not None:
        said = SAVED if done.value.parent == own else SAVED_ELSEWHERE
        app.notify(said.format(done.value), markup=False)


def _about(one: "Offered") -> str:
    if one.fault:
        return f"✗ {one.fault}"
    if one.saved_at is not None:
        return f"Sparad {short_date(local_day(one.saved_at))} {clock_time(one.saved_at)}."
    return " ".join(one.about.split())
