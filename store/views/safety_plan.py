"""A säkerhetsplan as it is read: by staff through a moment, and by the resident (domain.md §4)."""

from dataclasses import dataclass, replace

from store.care.drafts import handles_by_opening
from store.care.flags import close_flags
from store.care.moments import MomentSubject, is_proposed, moment_subject
from store.care.safety_plan_text import SafetyTexts, plan_text
from store.care.safety_plans import SafetyVersion, change_safety_plan, versions_of
from store.foundation.access import Action, DataCategory, Standing
from store.foundation.clock import Instant, local
from store.foundation.flag_kinds import FlagKind
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.foundation.work import Work
from store.people.crisis_numbers import confirmed_by, crisis_numbers
from store.people.residents import ResidentActor
from store.people.staff import YOUR_CLINICIAN
from store.views.moment import SEES


@dataclass(frozen=True)
class SafetyPage:
    """A plan as a moment shows it; of an ended one, as it was at the end."""

    versions: tuple[SafetyVersion, ...]
    """The newest first; none where nothing is written."""
    beside: tuple[SafetyVersion, ...]
    """Texts that no version has come after: nobody has looked at both and saved."""
    numbers: tuple[str, ...]
    """The crisis numbers, a line each."""
    numbers_note: str
    """Whether the unit has confirmed them, in words."""
    numbers_confirmed: bool
    may_change: bool
    """Whether the one who looks may change it, in the moment's status."""

    @property
    def newest(self) -> SafetyVersion | None:
        """The plan."""
        return self.versions[0] if self.versions else None

    @property
    def version(self) -> int:
        """The newest version's number, 0 where there is none."""
        return self.newest.version if self.newest else 0

    @property
    def texts(self) -> SafetyTexts:
        """What stands in the plan."""
        return self.newest.texts if self.newest else SafetyTexts()

    @property
    def as_text(self) -> str:
        """The plan as it is printed and copied, and can be read in again."""
        said = said_of(self.newest) if self.newest else ""
        return plan_text(self.texts, self.version, said, (*self.numbers, self.numbers_note))


def said_of(version: SafetyVersion) -> str:
    """Return when a version was saved, and by whom."""
    who = f"{version.saved_by} ({version.saved_as})" if version.by_resident else version.saved_by
    return f"sparad {local(Instant(version.saved_at)):%Y-%m-%d %H:%M} av {who}"


@operation("Öppna en säkerhetsplan", may=SEES, action=Action.READ, category=DataCategory.PLANS, on=moment_subject)
def open_safety_plan(work: Work, moment: MomentSubject, *, covers: bool = False) -> None:
    """Note that the plan is opened: the ansvarig behandlare, or who `covers`, has seen that the resident changed it."""
    if handles_by_opening(work, moment, covers=covers):
        close_flags(work, moment, FlagKind.SAFETY_PLAN, why="Säkerhetsplanen är läst.")


@operation("Läsa en säkerhetsplan", may=SEES, action=Action.READ, category=DataCategory.PLANS, on=moment_subject)
def view_safety_plan(work: ReadTransaction, moment: MomentSubject) -> SafetyPage:
    """Return the plan; nothing is handled by that."""
    return safety_page(work, moment)


@operation("Läsa om en öppen säkerhetsplan", may=SEES, action=None, category=DataCategory.PLANS, on=moment_subject)
def safety_plan_page(work: ReadTransaction, moment: MomentSubject) -> SafetyPage:
    """Return the plan again, as a refresh does; opening it was logged."""
    return safety_page(work, moment)


@operation("Kopiera en säkerhetsplan", may=SEES, action=Action.COPIED, category=DataCategory.PLANS, on=moment_subject)
def copy_safety_plan(work: ReadTransaction, moment: MomentSubject) -> str:
    """Return the plan as text, to be copied; that it is copied is logged."""
    return safety_page(work, moment).as_text


@operation(
    "Läsa sin egen säkerhetsplan",
    may={Standing.RESIDENT, Standing.PROXY},
    action=Action.READ,
    category=DataCategory.PLANS,
    on=moment_subject,
)
def read_own_safety_plan(work: ReadTransaction, moment: MomentSubject) -> SafetyPage:
    """Return the resident's own plan on the moment's unit, as it is now; staff who are protected are not named."""
    return _of_resident(work, moment)


@operation(
    "Läsa säkerhetsplanen på invånarens sida",
    may=SEES | {Standing.RESIDENT, Standing.PROXY},
    action=None,
    category=DataCategory.PLANS,
    on=moment_subject,
)
def residents_safety_plan(work: ReadTransaction, moment: MomentSubject) -> SafetyPage:
    """Return the plan as the resident sees it, again or to who looks at the resident's side.

    To staff an ended moment shows it as it was at the end: what came later belongs to care that goes on.
    """
    return _of_resident(work, moment)


def _of_resident(work: ReadTransaction, moment: MomentSubject) -> SafetyPage:
    page = safety_page(work, moment, all_of_it=isinstance(work.actor, ResidentActor))
    hidden = set(
        work.db.values(
            "SELECT p.id FROM safetyplan p JOIN staff s ON s.id = p.staff_id WHERE p.resident_id = :resident"
            " AND p.unit_id = :unit AND s.protection <> ''",
            resident=moment.resident_id,
            unit=moment.unit_id,
        )
    )

    def shown(versions: tuple[SafetyVersion, ...]) -> tuple[SafetyVersion, ...]:
        return tuple(one._replace(saved_by=YOUR_CLINICIAN) if one.id in hidden else one for one in versions)

    return replace(page, versions=shown(page.versions), beside=shown(page.beside))


def safety_page(work: ReadTransaction, moment: MomentSubject, *, all_of_it: bool = False) -> SafetyPage:
    """Return the plan; part of operations, which check who may and log it."""
    ended = work.db.value("SELECT ended_at FROM moment WHERE id = :id", id=moment.moment_id)
    found = versions_of(work, moment.resident_id, moment.unit_id, None if all_of_it else ended)
    versions = tuple(one for one in found if not one.beside)
    newest = versions[0].id if versions else 0
    numbers, confirmed = crisis_numbers(), confirmed_by(work.db, moment.unit_id)
    standing = work.actor.standing(moment)
    return SafetyPage(
        versions=versions,
        beside=tuple(one for one in found if one.beside and one.id > newest),
        numbers=numbers.lines,
        numbers_note=numbers.note(confirmed),
        numbers_confirmed=numbers.is_confirmed(confirmed),
        may_change=is_proposed(change_safety_plan, standing, moment.status, is_offered=moment.is_offered),
    )
