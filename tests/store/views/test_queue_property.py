"""Whatever is done in whatever order: no prioriterad flagga is lost, and the queue is what a recount finds."""

from collections import defaultdict
from collections.abc import Iterator
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from store.care.resident_import import import_residents, read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.people.sign_in import StaffActor
from store.views.matters import Matter
from store.views.todo import todo_again
from store.views.unit_overview import overview_again
from tests.clinics import Clinic, Clock
from tests.conftest import Stores
from tests.properties import examples
from tests.store.care.test_counters import HEADER, NUMBERS, World

Row = tuple[Any, ...]
Found = tuple[int, str, str, str | None]
"""Moment, kind, what it is about, severity."""


def queue(world: World, actor: StaffActor) -> list[Matter]:
    with world.clinic.store.read(actor) as work:
        return todo_again(work)


def rows(world: World, columns: str, table: str) -> list[Row]:
    return world.clinic.rows(
        f"SELECT m.id, m.status, {columns} FROM {table} t JOIN moment m ON m.id = t.moment_id"
        " WHERE m.unit_id = :unit ORDER BY t.id",
        unit=world.unit,
    )


def unhandled(world: World) -> set[int]:
    return {
        flag for _, _, flag, severity, at in rows(world, "t.id, t.severity, t.handled_at", "flag")
        if severity == "prioriterad" and at is None
    }  # fmt: skip


class Recount:
    """What waits on the unit, from the rows that came of what was done, and by none of the store's queries."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.today = local_day(world.clinic.clock.now).isoformat()
        self.aside = {
            (moment, matter): (mark, until)
            for moment, matter, mark, until in world.clinic.rows("SELECT moment_id, matter, mark, until FROM setaside")
        }
        self.flags = [
            flag for flag in rows(world, "t.id, t.kind, t.about, t.severity, t.due_on, t.handled_at", "flag")
            if flag[7] is None and (flag[5] == "prioriterad" or flag[6] <= self.today)
        ]  # fmt: skip

    def all(self) -> set[Found]:
        """Return what is neither done nor set aside."""
        found = [*self._flags(), *self._messages(), *self._forms()]
        return {one for one, mark in found if one[3] == "prioriterad" or not self._is_aside(one, mark)}

    def _is_aside(self, one: Found, mark: int) -> bool:
        kept, until = self.aside.get((one[0], one[2]), (None, ""))
        return bool(kept == mark and until > self.today)

    def _flags(self) -> Iterator[tuple[Found, int]]:
        kinds = {"forsamring": "forsamring", "modul": "modul", "tyst": "tyst", "aldrig": "tyst", "saknas": "saknas"}
        kinds |= {"langd": "langd", "gallring": "gallring", "uppfoljning": "uppfoljning"}
        for moment, _, flag, kind, _, severity, *_ in self.flags:
            if kind != "obesvarat":
                yield (moment, kinds.get(kind, "flagga"), f"flagga-{flag}", severity), 0

    def _messages(self) -> Iterator[tuple[Found, int]]:
        talks: dict[int, list[Row]] = defaultdict(list)
        for message in rows(self.world, "t.conversation_id, t.sender, t.sent_at, t.read_at", "message"):
            talks[message[2]].append(message)
        flagged = {int(about): severity for *_, kind, about, severity, _, _ in self.flags if kind == "obesvarat"}
        for place, talk in talks.items():
            moment, status = talk[0][:2]
            is_unread = any(sender == "invanare" and read is None for *_, sender, _, read in talk)
            is_waiting = talk[-1][3] == "invanare" and status == "pagaende"
            if status != "avslutat" and (is_unread or is_waiting):
                yield (moment, "meddelande", f"meddelande-{place}", flagged.get(place)), talk[-1][4]

    def _forms(self) -> Iterator[tuple[Found, int]]:
        answers = rows(self.world, "t.id, t.form, t.read_at", "formanswer")
        flagged = {about for *_, kind, about, _, _, _ in self.flags if kind in ("svar", "forsamring")}
        diaries: dict[int, list[int]] = defaultdict(list)
        for moment, status, answer, form, read_at in answers:
            if read_at is None and status != "avslutat":
                if form == "dagbok":
                    diaries[moment].append(answer)
                elif str(answer) not in flagged:
                    yield (moment, "formular", f"formular-{answer}", None), 0
        for moment, unread in diaries.items():
            yield (moment, "formular", f"formular-{unread[0]}", None), len(unread)


def as_found(matters: list[Matter]) -> list[Found]:
    return [(one.moment, one.kind, one.id, one.severity and one.severity.value) for one in matters]


def check_priority(world: World) -> None:
    """Every unhandled prioriterad flagga is first in everybody's queue, whoever is responsible and whatever ended."""
    expected = unhandled(world)
    for actor in (*world.clinicians, world.admin):
        found = queue(world, actor)
        assert {one.flag for one in found[: len(expected)]} == expected
        assert all(one.severity != "prioriterad" for one in found[len(expected) :])
    closed = rows(world, "t.handled_at, t.severity, t.handled_by, t.note", "flag")
    assert all(by and note for *_, at, severity, by, note in closed if at and severity == "prioriterad")


def check_all(world: World) -> None:
    recount = Recount(world).all()
    responsible = dict(world.moments)
    for actor in (*world.clinicians, world.admin):
        found = queue(world, actor)
        mine = {one for one in recount if responsible[one[0]] == actor.staff_id or one[3] == "prioriterad"}
        assert set(as_found(found)) == mine
        assert len(found) == len(mine), "one matter, one row"
        assert found == sorted(found, key=lambda one: one.order)
    with world.clinic.store.read(world.admin) as work:
        lines = {line.hsa_id: line.waiting for line in overview_again(work)}
    for actor in world.clinicians:
        assert lines[actor.hsa_id or ""] == sum(responsible[one[0]] == actor.staff_id for one in recount)


KINDS = st.sampled_from((2, 3, 4, 5, 6, 8, 9, 9, 11, 14, 14, 15, 16, 17, 17, 18, 18, 18, 19, 20, 20, 21, 21))
STEPS = st.lists(st.tuples(KINDS, st.integers(0, 5), st.integers(0, 5)), min_size=8, max_size=25)


@examples(20)
@given(steps=STEPS)
def test_no_priority_flag_is_lost_and_the_queue_equals_a_recount(
    stores: Stores, steps: list[tuple[int, int, int]]
) -> None:
    with stores.clinic("sqlite", "clinic", Clock()) as clinic:  # of its own: what went before is in nobody's way
        go_through(clinic, steps)


@examples(4)  # a step is many round trips
@given(steps=STEPS)
def test_nor_on_a_server(stores: Stores, steps: list[tuple[int, int, int]]) -> None:
    with stores.clinic("postgresql", "clinic", Clock()) as clinic:
        go_through(clinic, steps)


def go_through(clinic: Clinic, steps: list[tuple[int, int, int]]) -> None:
    content = (HEADER + "".join(f"{number};Namn;Eva;\n" for number in NUMBERS)).encode()
    with clinic.store.work(OPERATOR) as work:
        import_residents(work, read_residents(content, work.today, is_practice=True))
    world = World(clinic)
    for step in ((0, 0, 1), (0, 1, 3), (14, 0, 5), (9, 1, 0), *steps):
        world.step(*step)
        check_priority(world)
    check_all(world)
