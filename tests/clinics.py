"""A small made-up world: two units, their staff, two programs and a few residents."""

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import Any

from store.care.flags import add_flag
from store.care.form_answers import answer_form
from store.care.program_files import Contact, Module, Program, Section, Step, read_program
from store.care.programs import install_program
from store.care.starting import start_moment
from store.data import data_folder
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import Instant, instant
from store.foundation.identity import PersonalNumber
from store.foundation.keys import StoreKeys
from store.foundation.store import Store
from store.foundation.text import sort_name
from store.foundation.work import Work
from store.people.residents import Guardian, Resident, ResidentActor, add_person, as_resident, find_person
from store.people.sign_in import StaffActor, sign_in
from store.people.staff import Assignment, AssignmentRole, ProviderAdmin, Staff, Training
from store.people.units import CareProvider, OpenProgram, Unit
from tests.forms import FORMS, PLANS
from tests.opened_log import ask_log

MONDAY = instant(datetime(2026, 3, 2, 9, 0, tzinfo=UTC))
"""When the clock of a test stands unless it is set: ten in the morning in Stockholm."""

PREFIX = "SE2321000040-"
HERE, THERE = f"{PREFIX}T1", f"{PREFIX}T2"
ADULT, CHILD, GUARDIAN, ELSEWHERE, HIDDEN = (
    "198001022386",
    "202001012398",
    "198001022394",
    "195009072553",
    "200001252386",
)
SEALING = StoreKeys(b"d" * 32, b"l" * 32)
"""The keys of a sealed store of the tests."""
UNKNOWN = "200001012384"
"""A number that the register of a clinic does not hold."""


class Clock:
    """A clock that stands until it is set."""

    def __init__(self, now: Instant = MONDAY) -> None:
        self.now = now

    def __call__(self) -> Instant:
        return self.now

    def set(self, *parts: int) -> None:
        """Set it to a time in UTC."""
        year, month, day, hour, minute = (*parts, 0, 0)[:5]
        self.now = instant(datetime(year, month, day, hour, minute, tzinfo=UTC))


@dataclass(frozen=True)
class Clinic:
    """The store, and who acts in it. `here` serves the whole country, `there` its own region and one program only."""

    store: Store
    clock: Clock
    here: int
    there: int
    adult: int
    """A resident's id: the register's `ADULT`."""

    @cached_property
    def clinician(self) -> StaffActor:
        """A clinician of `here`, with the training."""
        return sign_in(self.store, hsa_id_of(Role.CLINICIAN))

    @cached_property
    def colleague(self) -> StaffActor:
        """Another one."""
        return sign_in(self.store, COLLEAGUE)

    @cached_property
    def admin(self) -> StaffActor:
        """Invånaradministratör, not a clinician."""
        return sign_in(self.store, hsa_id_of(Role.RESIDENT_ADMIN))

    @cached_property
    def stranger(self) -> StaffActor:
        """A clinician of the other unit."""
        return sign_in(self.store, hsa_id_of(Role.CLINICIAN, THERE))

    @cached_property
    def strange_admin(self) -> StaffActor:
        """Invånaradministratör of the other unit."""
        return sign_in(self.store, hsa_id_of(Role.RESIDENT_ADMIN, THERE))

    @cached_property
    def provider_admin(self) -> StaffActor:
        """Vårdgivaradministratör, above both units."""
        return sign_in(self.store, PROVIDER_ADMIN)

    def start(self, identity: str = ADULT, program: str = "komigang-online", **options: Any) -> int:
        """Start a moment; `by` the clinician unless said."""
        actor = options.pop("by", self.clinician)
        with self.store.work(actor) as work:
            return start_moment(work, identity, program, **options)

    def answer(self, moment: int, given: str, form: str = "maende", number: str = ADULT) -> int:
        """Answer a form as the resident; returns the answer's id, the last one's where it was several."""
        with self.store.work(self.resident(number)) as work:
            assert answer_form(work, moment, form, given) == []
        return int(self.value("SELECT max(id) FROM formanswer WHERE moment_id = :moment", moment=moment))

    def resident(self, number: str = ADULT) -> ResidentActor:
        """Return the actor at the resident's side."""
        with self.store.read(OPERATOR) as work:
            found = find_person(work, PersonalNumber(number))
            assert found is not None
            return as_resident(work.db, found, work.today)

    def someone(self, role: Role, unit: str = HERE) -> StaffActor:
        """Return somebody with that role alone on the unit; the vårdgivaradministratör is above both."""
        if role is Role.PROVIDER_ADMIN:
            return self.provider_admin
        return sign_in(self.store, hsa_id_of(role, unit))

    def add_resident(self, number: str, **columns: Any) -> int:
        """Add somebody to the register; returns the id."""
        with self.store.work(OPERATOR) as work:
            return register(work, number, **columns)

    def rows(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query."""
        with self.store.lend() as db:
            return db.rows(sql, **parameters)

    def value(self, sql: str, **parameters: object) -> Any:
        """Return the one value of a query."""
        ((found,),) = self.rows(sql, **parameters)
        return found

    def log(self, sql: str, **parameters: object) -> list[tuple[Any, ...]]:
        """Return the rows of a query of the log alone, with what is sealed opened."""
        with self.store.lend() as db:
            return ask_log(db, self.store.keys, sql, **parameters)

    def log_value(self, sql: str, **parameters: object) -> Any:
        """Return the one value of such a query."""
        ((found,),) = self.log(sql, **parameters)
        return found

    def run(self, sql: str, **parameters: object) -> None:
        """Execute a statement of the test's own."""
        with self.store.work(OPERATOR) as work:
            work.db.run(sql, **parameters)


def hsa_id_of(role: Role, unit: str = HERE) -> str:
    """Return the HSA-id of the one with that role alone on the unit."""
    return f"{unit}{role.name.replace('_', '').lower()}"


COLLEAGUE, INACTIVE, PROVIDER_ADMIN = f"{HERE}colleague", f"{HERE}inactive", f"{PREFIX}provider"


@cache
def shipped(program: str) -> Program:
    """Return a program from the data folder."""
    found, faults = read_program(data_folder() / "programs" / program)
    assert found, faults
    return found


def step(name: str) -> Step:
    return Step(name, name.capitalize(), "Text.")


SMALL = Program(
    id="prov",
    title="Ångest – prov",
    version="1",
    recommended_days=30,
    contact=Contact("Ek, Nils", "nils.ek@example.org"),
    opens_from_start=("start",),
    modules=(
        Module("start", "Börja här", None, (Section("start", "", (step("hej"), step("sen"))),)),
        Module("mer", "Mer", 1, (Section("ett", "Ett", (step("a"), step("b"))), Section("tva", "Två", (step("c"),)))),
    ),
    reminders=(),
    forms=FORMS,
    plans=PLANS,
    end_reasons=("Klart", "Övrigt"),
    requires_training=False,
)
"""A program whose second module is opened by hand; it has sections, needs no training and sends no reminder."""


def populate(store: Store) -> None:
    """Fill an empty store."""
    with store.work(OPERATOR) as work:
        provider = work.add(CareProvider(hsa_id=f"{PREFIX}P", name="Region Prov"))
        here = _unit(work, provider, HERE, "Enhet Ett", "hela-landet", "komigang-online", "prov")
        there = _unit(work, provider, THERE, "Enhet Två", "egen-region", "komigang-online")
        install_program(work, shipped("komigang-online"))
        install_program(work, SMALL)
        for unit_id, unit in ((here, HERE), (there, THERE)):
            for role in set(Role) - {Role.PROVIDER_ADMIN}:
                staff(work, unit_id, hsa_id_of(role, unit), role, trained=role is Role.CLINICIAN)
        staff(work, here, COLLEAGUE, Role.CLINICIAN, trained=True)
        staff(work, here, INACTIVE, Role.CLINICIAN, trained=True, active=0)
        above = _person(work, PROVIDER_ADMIN)
        work.add(ProviderAdmin(staff_id=above, provider_id=provider))
        register(work, ADULT, family="Berg", given="Åsa", mobile="0701740605", channel="sms")
        child = register(work, CHILD, family="Berg", given="Ivar")
        guardian = register(work, GUARDIAN, family="Berg", given="Ulla")
        work.add(Guardian(child_id=child, guardian_id=guardian))
        register(work, ELSEWHERE, family="Öst", given="Per", region="12")
        register(work, HIDDEN, family="Dold", given="Dan", protection="sekretessmarkering")


def begin(store: Store) -> None:
    """Fill an empty store, and start a moment here and one there."""
    populate(store)
    clinic = enter(store, Clock())
    clinic.start(program="prov")
    clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True)


def crowd(store: Store) -> None:
    """Fill an empty store as `begin` does, and let more residents stand in lists and queues."""
    begin(store)
    clinic = enter(store, Clock())
    for number, by in ((CHILD, clinic.clinician), (HIDDEN, clinic.colleague)):
        moment = clinic.start(number, "prov", by=by)
        with store.work(by) as work:
            add_flag(work, moment, "Ring.")


def enter(store: Store, clock: Clock) -> Clinic:
    """Return a store that was filled by `populate`."""
    with store.lend() as db:
        here, there = (unit for (unit,) in db.rows("SELECT id FROM unit ORDER BY hsa_id"))
        ((adult,),) = db.rows("SELECT id FROM resident WHERE personnummer = :number", number=ADULT)
    return Clinic(store, clock, here, there, adult)


def _unit(work: Work, provider: int, hsa_id: str, name: str, area: str, *programs: str) -> int:
    unit = work.add(Unit(hsa_id=hsa_id, provider_id=provider, name=name, region="05", service_area=area))
    for program in programs:
        work.add(OpenProgram(unit_id=unit, program=program))
    return unit


def new_unit(store: Store, hsa_id: str) -> tuple[int, StaffActor, StaffActor]:
    """Add a unit with one clinician and one invånaradministratör: a world of its own in a store that is there."""
    with store.work(OPERATOR) as work:
        provider = work.db.rows("SELECT id FROM careprovider")[0][0]
        unit = _unit(work, provider, hsa_id, hsa_id, "hela-landet", "komigang-online", "prov")
        for role in (Role.CLINICIAN, Role.RESIDENT_ADMIN):
            staff(work, unit, hsa_id_of(role, hsa_id), role, trained=True)
    return (
        unit,
        sign_in(store, hsa_id_of(Role.CLINICIAN, hsa_id)),
        sign_in(store, hsa_id_of(Role.RESIDENT_ADMIN, hsa_id)),
    )


def staff(work: Work, unit: int, hsa_id: str, *roles: Role, trained: bool = False, active: int = 1) -> int:
    """Add somebody to a unit; returns the id."""
    someone = _person(work, hsa_id)
    name = sort_name(_family(hsa_id), "Kim")
    work.add(Assignment(staff_id=someone, unit_id=unit, active=active, sort_name=name))
    for role in roles:
        work.add(AssignmentRole(staff_id=someone, unit_id=unit, role=role.value))
    if trained:
        work.add(Training(staff_id=someone, subject="komigang-online"))
    return someone


def _person(work: Work, hsa_id: str) -> int:
    family = _family(hsa_id)
    return work.add(Staff(hsa_id=hsa_id, family_name=family, given_name="Kim", sort_name=sort_name(family, "Kim")))


def _family(hsa_id: str) -> str:
    return hsa_id.rpartition("-")[2].capitalize()


def register(work: Work, number: str, *, family: str = "Prov", given: str = "Eva", **columns: Any) -> int:
    """Add somebody to the register; returns the id."""
    columns = {"region": "05", **columns}
    row = Resident(
        personnummer=number, family_name=family, given_name=given, sort_name=sort_name(family, given), **columns
    )
    return add_person(work, row)
