"""Where *Vårdgivare* gets its rows, a unit or a program each, and what is said of the cursor's."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from textual.content import Content

from screens.store_client import StoreClient
from screens.whole_source import WholeRow, WholeSource
from screens.widgets.cells import Cell, Ink, clean
from screens.widgets.columns import Column
from screens.wording import number, plural
from store.people.provider_settings import ProviderSettings, provider_settings
from store.views.provider import Provided, ProviderUnit, UnitsAdmin, UnitsProgram, provided

NOBODY = "ingen"
NOTHING = Provided((), (), ())


@dataclass(frozen=True)
class UsedProgram:
    """An installed program, with the units where it is open or still runs."""

    program: str
    title: str
    units: tuple[tuple[ProviderUnit, UnitsProgram], ...]

    @property
    def open_units(self) -> int:
        """To how many units it is open."""
        return sum(used.is_open for _, used in self.units)

    @property
    def moments(self) -> int:
        """How many moments run, on all units."""
        return sum(used.moments for _, used in self.units)


Line = ProviderUnit | UsedProgram
ProviderRow = WholeRow[Line]
Marked = tuple[str | Content, Content]
"""A mark, or none, and the text that goes on under itself."""
_THINK = Content.styled("!", "$text-warning")


class ProviderSource(WholeSource[Line]):
    """The units below a care provider, or the programs. Called in a thread."""

    def __init__(
        self,
        client: StoreClient,
        *,
        by_program: bool = False,
        settings: ProviderSettings | None = None,
        known: Provided = NOTHING,
    ) -> None:
        """`settings` and `known` are what was read before, by another source."""
        self._client = client
        self.by_program = by_program
        self.settings = settings
        """What is decided for all of them, as it was read last."""
        self.provided = known

    def read(self) -> Sequence[Line]:
        """Read all that is shown."""
        self.settings = self._client.read_here(provider_settings)
        self.provided = self._client.read_here(provided)
        return self.programs if self.by_program else self.provided.units

    def id_of(self, value: Line) -> str:
        """Return the unit's HSA-id, or the program's id."""
        return value.hsa_id if isinstance(value, ProviderUnit) else value.program

    @property
    def programs(self) -> tuple[UsedProgram, ...]:
        """Every installed program, with its units."""
        return tuple(
            UsedProgram(program, title, tuple(_uses(self.provided.units, program)))
            for program, title in self.provided.programs
        )


def _uses(units: Sequence[ProviderUnit], program: str) -> Iterator[tuple[ProviderUnit, UnitsProgram]]:
    for unit in units:
        yield from ((unit, used) for used in unit.programs if used.program == program)


def columns_for(*, by_program: bool) -> Sequence[Column[ProviderRow]]:
    """Return the columns. Where there is little room a long id is cut first.

    Each can be read of both kinds of rows: those of before stay until the others have been read.
    """
    heading = Column(title="Program" if by_program else "Enhet", cell=_name, width=20, least=12, most=60, flex=1)
    name = Column(title="Id" if by_program else "HSA-id", cell=_id, width=20, least=17, most=31, give=1)
    used = Column(title="Enheter" if by_program else "Program", cell=_used, width=7, right=True)
    moments = Column(title="Moment", cell=_moments, width=7, right=True)
    if by_program:
        return heading, name, used, moments
    admins = Column(title="Administratörer", cell=_admins, width=18, least=15, most=50, flex=1, give=2)
    return heading, name, admins, used, moments


def described(line: Line) -> Sequence[Marked]:
    """Return all there is to know of a unit or a program, a line each."""
    return tuple(_unit_told(line) if isinstance(line, ProviderUnit) else _program_told(line))


def told(line: Line) -> Content:
    """Return what there is room for under the list."""
    if isinstance(line, ProviderUnit):
        contact = [Content(clean(f"Kontakt: {line.contact}"))] if line.contact else []
        admins = Content(f"Behörighetsadministratörer: {_named(line.administrators)}")
        return Content("\n").join([admins, *_programs_told(line), *contact])
    return Content("\n").join([*_units_told(line)])


def above_words(source: ProviderSource) -> Iterator[Marked]:
    """Yield what stands over the rows: what should be thought of, and who stands above the units."""
    for sentence in source.settings.advice if source.settings else ():
        yield _THINK, Content.styled(clean(sentence), "$text-warning")
    yield "·", Content(f"Vårdgivaradministratörer: {_named(source.provided.administrators)}")


def _name(row: ProviderRow) -> Cell:
    return row.value.name if isinstance(row.value, ProviderUnit) else row.value.title


def _id(row: ProviderRow) -> Cell:
    return row.value.hsa_id if isinstance(row.value, ProviderUnit) else row.value.program


def _admins(row: ProviderRow) -> Cell:
    unit = row.value
    if not isinstance(unit, ProviderUnit):
        return ""
    if unit.advice:
        return Ink(f"! {'bara ' if unit.administrators else ''}{_names(unit.administrators)}", "waiting")
    return _names(unit.administrators)


def _used(row: ProviderRow) -> Cell:
    line = row.value
    return number(sum(one.is_open for one in line.programs) if isinstance(line, ProviderUnit) else line.open_units)


def _moments(row: ProviderRow) -> Cell:
    line = row.value
    return number(sum(one.moments for one in line.programs) if isinstance(line, ProviderUnit) else line.moments)


def _unit_told(unit: ProviderUnit) -> Iterator[Marked]:
    yield "", Content.styled(clean(unit.name), "bold")
    yield "", Content(clean(f"{unit.hsa_id} · region {unit.region}"))
    yield "", Content(clean(f"Kontakt: {unit.contact or '–'}"))
    yield "", Content(f"Behörighetsadministratörer: {_named(unit.administrators)}")
    if unit.advice:
        yield _THINK, Content.styled(unit.advice, "$text-warning")
    yield from (("", Content("")), ("", Content.styled("PROGRAM", "bold")))
    yield from (("", one) for one in _programs_told(unit))


def _programs_told(unit: ProviderUnit) -> Iterator[Content]:
    for program in unit.programs:
        yield Content(clean(f"{program.title}: {program.said}"))
    if not unit.programs:
        yield Content.styled("Inga program är öppna för enheten.", "$text-muted")


def _program_told(program: UsedProgram) -> Iterator[Marked]:
    yield "", Content.styled(clean(program.title), "bold")
    units = plural(program.open_units, "enhet", "enheter")
    yield "", Content(clean(f"{program.program} · öppet för {units}"))
    yield "", Content("")
    yield from (("", one) for one in _units_told(program))


def _units_told(program: UsedProgram) -> Iterator[Content]:
    for unit, used in program.units:
        yield Content(clean(f"{unit.name}: {used.said}"))
    if not program.units:
        yield Content.styled("Ingen enhet har programmet.", "$text-muted")


def _names(who: Sequence[UnitsAdmin]) -> str:
    return clean(", ".join(one.name for one in who)) or NOBODY


def _named(who: Sequence[UnitsAdmin]) -> str:
    return clean(", ".join(f"{one.name} ({one.hsa_id})" for one in who)) or NOBODY
