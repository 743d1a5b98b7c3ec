"""Lists: order, pages by key, search, headings (domain.md §5), and the indexes they stand on."""

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.maintenance import maintain_moment
from store.care.moments import Moment
from store.foundation.access import OPERATOR
from store.foundation.connection import Connection
from store.foundation.errors import NotPermitted
from store.foundation.fictional import fictional_numbers
from store.foundation.flag_kinds import Severity
from store.foundation.store import Store
from store.foundation.text import sort_name
from store.people.sign_in import StaffActor
from store.views.lists import (
    Heading,
    ListRow,
    Order,
    Tab,
    list_headings,
    list_offset,
    list_page,
    list_page_at,
    list_place,
    open_list,
)
from store.views.search import list_recent, search_list
from tests.clinics import ADULT, CHILD, COLLEAGUE, ELSEWHERE, GUARDIAN, HIDDEN, Clinic, new_unit
from tests.properties import examples

SECTION = ("prov", "pagaende")
NUMBERS = [number.value for number in fictional_numbers(60)]
"""Numbers that many examples may use again: a resident may have moments on many units."""

unit_numbers = itertools.count()


def page(clinic: Clinic, actor: StaffActor, tab: Tab = Tab.MINE, *section: str, **options: Any) -> list[ListRow]:
    with clinic.store.read(actor) as work:
        return list_page(work, tab, *(section or SECTION), **options)


def search(clinic: Clinic, query: str, actor: StaffActor | None = None, tab: Tab = Tab.ALL) -> list[str]:
    with clinic.store.read(actor or clinic.admin) as work:
        return [row.personnummer for row in search_list(work, tab, query)]


def headings(clinic: Clinic, actor: StaffActor, tab: Tab) -> list[tuple[str, str, int]]:
    with clinic.store.read(actor) as work:
        return [(heading.program, heading.status, heading.number) for heading in list_headings(work, tab)]


# --- pages ---

ROWS = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 2, 3]),
        st.text("aåäöÅz -'", max_size=4),
        st.integers(0, 3),
        st.none() | st.integers(0, 3),
    ),
    max_size=40,
)
ORDERS = {
    Order.STANDARD: lambda row: (row.severity_rank, row.sort_name.encode(), row.id),
    Order.NAME: lambda row: (row.sort_name.encode(), row.id),
    Order.STARTED: lambda row: (-row.started_at, -row.id),
    Order.ACTIVE: lambda row: (-(row.last_active_at or 0), -row.id),
}


def fill(store: Store, rows: Sequence[tuple[int, str, int, int | None]]) -> StaffActor:
    """Put rows on a unit of their own; returns its clinician."""
    unit, clinician, _ = new_unit(store, f"SE2321000040-H{next(unit_numbers)}")
    with store.work(OPERATOR) as work:
        residents = [resident for (resident,) in work.db.rows("SELECT id FROM resident ORDER BY id LIMIT 5")]
        ((version,),) = work.db.rows("SELECT max(id) FROM programversion WHERE program = 'prov'")
        for place, (rank, name, started, active) in enumerate(rows):
            work.add(
                Moment(
                    resident_id=residents[place % 5],
                    unit_id=unit,
                    program="prov",
                    version_id=version,
                    responsible_id=clinician.staff_id,
                    status="pagaende",
                    started_at=started,
                    last_active_at=active,
                    severity_rank=rank,
                    purge_by="2028-01-01",
                    sort_name=sort_name(name, "x"),
                )
            )
    return clinician


@examples(20)
@given(rows=ROWS, limit=st.integers(1, 15), order=st.sampled_from(Order))
def test_pages_forwards_and_backwards_are_the_sorted_list(
    clinic: Clinic, rows: list[tuple[int, str, int, int | None]], limit: int, order: Order
) -> None:
    clinician = fill(clinic.store, rows)
    with clinic.store.read(clinician) as work:
        whole = list_page(work, Tab.MINE, *SECTION, limit=1000, order=order)
        assert whole == sorted(whole, key=ORDERS[order])
        assert len(whole) == len(rows)
        for back in (False, True):
            walked: list[ListRow] = []
            after = None
            while part := list_page(work, Tab.MINE, *SECTION, after=after, limit=limit, back=back, order=order):
                assert len(part) <= limit
                walked = part + walked if back else walked + part
                after = (part[0] if back else part[-1]).key(order)
            assert walked == whole
        for place, row in enumerate(whole):
            assert list_offset(work, Tab.MINE, *SECTION, row.key(order), order=order) == place
            assert list_place(work, Tab.MINE, row.id, order=order) == (*SECTION, place)
        assert list_page_at(work, Tab.MINE, *SECTION, skip=limit, limit=limit, order=order) == whole[limit : 2 * limit]


def test_a_page_starts_at_a_place_where_there_is_no_row_any_more(clinic: Clinic) -> None:
    clinician = fill(clinic.store, [(3, name, 0, None) for name in "abcdef"])
    keys = [row.key(Order.STANDARD) for row in page(clinic, clinician)]
    clinic.run("DELETE FROM moment WHERE sort_name IN ('b  x', 'c  x', 'e  x')")
    assert [row.sort_name for row in page(clinic, clinician, after=keys[2])] == ["d  x", "f  x"]
    assert [row.sort_name for row in page(clinic, clinician, after=keys[4], back=True)] == ["a  x", "d  x"]


def test_a_row_tells_what_the_list_shows(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    (row,) = page(clinic, clinic.clinician)
    who = clinic.clinician
    assert row == ListRow(
        id=moment,
        personnummer=ADULT,
        family_name="Berg",
        given_name="Åsa",
        protection="",
        program="prov",
        program_title="Ångest – prov",
        status="pagaende",
        started_at=clinic.clock.now,
        last_active_at=None,
        clinician=who.hsa_id or "",
        clinician_name=who.name,
        unread_forms=0,
        unread_messages=0,
        drafts=0,
        open_flags=0,
        severity_rank=3,
        purge_by="2028-03-02",
        sort_name="berg  {sa",
    )
    assert (row.name, row.is_protected) == ("Berg, Åsa", False)


def test_swedish_order_and_protected_last(clinic: Clinic) -> None:
    names = ["Öst", "Åberg", "Ärlig", "Zetterlund", "af Ugglas", "Aas"]
    for place, family in enumerate(names):
        clinic.add_resident(NUMBERS[place], family=family, given="X")
        clinic.start(NUMBERS[place], "prov")
    clinic.start(HIDDEN, "prov")
    found = [row.family_name for row in page(clinic, clinic.clinician)]
    assert found == ["Aas", "af Ugglas", "Zetterlund", "Åberg", "Ärlig", "Öst", "Dold"]


# --- who sees which rows ---


@pytest.fixture
def populated(clinic: Clinic) -> Clinic:
    """Moments in every state: the clinician's, the colleague's and one on the other unit."""
    mine = [clinic.start(), clinic.start(program="prov"), clinic.start(GUARDIAN), clinic.start(CHILD)]
    clinic.start(HIDDEN, by=clinic.colleague)
    clinic.start(ELSEWHERE, "prov", by=clinic.colleague)
    clinic.start(by=clinic.stranger, confirmed=True)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, mine[2], "Övrigt")
        maintain_moment(work, mine[3])
    return clinic


def test_headings_by_program_and_status(populated: Clinic) -> None:
    """In Swedish order of the titles; vidmakthållande after pågående."""
    clinic = populated
    kom = "komigang-online"
    assert headings(clinic, clinic.clinician, Tab.MINE) == [
        (kom, "pagaende", 1),
        (kom, "vidmakthallande", 1),
        ("prov", "pagaende", 1),
    ]
    assert headings(clinic, clinic.clinician, Tab.ENDED) == [(kom, "avslutat", 1)]
    assert headings(clinic, clinic.admin, Tab.ALL) == [
        (kom, "pagaende", 2),
        (kom, "vidmakthallande", 1),
        ("prov", "pagaende", 2),
    ]
    assert headings(clinic, clinic.admin, Tab.ENDED) == [(kom, "avslutat", 1)]
    assert headings(clinic, clinic.strange_admin, Tab.ALL) == [(kom, "pagaende", 1)]
    assert headings(clinic, clinic.colleague, Tab.ENDED) == []


def test_a_heading_has_the_newest_title(populated: Clinic) -> None:
    with populated.store.read(populated.clinician) as work:
        first = list_headings(work, Tab.MINE)[0]
    assert first == Heading("komigang-online", "KomIgång online", "pagaende", 1)


def test_the_rows_under_the_headings_are_as_many_as_they_say(populated: Clinic) -> None:
    for actor in (
        populated.clinician,
        populated.colleague,
        populated.admin,
        populated.stranger,
        populated.strange_admin,
    ):
        for tab in Tab:
            if actor in (populated.admin, populated.strange_admin) and tab not in (Tab.ALL, Tab.ENDED):
                continue
            with populated.store.read(actor) as work:
                for heading in list_headings(work, tab):
                    rows = list_page(work, tab, heading.program, heading.status)
                    assert len(rows) == heading.number
                    assert {(row.program, row.status) for row in rows} == {(heading.program, heading.status)}


def test_who_is_no_clinician_has_no_list_of_her_own(clinic: Clinic) -> None:
    for act in (
        lambda work: open_list(work, Tab.MINE),
        lambda work: list_headings(work, Tab.MINE),
        lambda work: list_page(work, Tab.MINE, *SECTION),
        lambda work: search_list(work, Tab.MINE, "berg"),
    ):
        with clinic.store.read(clinic.admin) as work, pytest.raises(NotPermitted):
            act(work)


def test_a_clinician_sees_anothers_moment_only_with_a_priority_flag(populated: Clinic) -> None:
    clinic = populated
    assert headings(clinic, clinic.clinician, Tab.ALL) == []
    clinic.run(
        "UPDATE moment SET severity_rank = 0, priority_flags = 1 WHERE responsible_id = :staff AND program = 'prov'",
        staff=clinic.colleague.staff_id,
    )
    assert headings(clinic, clinic.clinician, Tab.ALL) == [("prov", "pagaende", 1)]
    assert [row.personnummer for row in page(clinic, clinic.clinician, Tab.ALL)] == [ELSEWHERE]
    assert headings(clinic, clinic.stranger, Tab.ALL) == []


def test_opening_a_list_is_logged_with_its_count(populated: Clinic) -> None:
    with populated.store.read(populated.admin) as work:
        open_list(work, Tab.ALL)
    rows = populated.log("SELECT operation, unit_id, personnummer, details FROM log WHERE operation = 'open_list'")
    assert rows == [("open_list", populated.here, None, "alla: 5 rader")]


def test_a_row_that_has_left_the_list_has_no_place(populated: Clinic) -> None:
    with populated.store.read(populated.clinician) as work:
        (ended,) = list_page(work, Tab.ENDED, "komigang-online", "avslutat")
        assert list_place(work, Tab.MINE, ended.id) is None
        assert list_place(work, Tab.MINE, 4711) is None
        assert list_place(work, Tab.ENDED, ended.id) == ("komigang-online", "avslutat", 0)


# --- search ---


@pytest.fixture
def searched(clinic: Clinic) -> Clinic:
    """Some names that are hard to find."""
    for place, (family, first) in enumerate(
        [("Öberg-Ek", "Anna-Lena"), ("O'Neill", "Zoë"), ("Åkesson", "Ole"), ("Oberg", "Aron")]
    ):
        clinic.add_resident(NUMBERS[place], family=family, given=first)
        clinic.start(NUMBERS[place], "prov")
    clinic.start(HIDDEN, "prov")
    return clinic


@pytest.mark.parametrize(
    ("query", "places"),
    [
        ("öb", [0]),
        ("ÖBERG", [0]),
        ("ek", [0]),
        ("lena anna", [0]),
        ("an öb", [0]),
        ("anna-lena", [0]),
        ("ob", [3, 0]),
        ("obergs", []),
        ("ake", [2]),
        ("å", [2]),
        ("o", [3, 1, 2, 0]),
        ("oneill", [1]),
        ("o’ne", [1]),
        ("zoe", [1]),
        ("berg", []),
        ("öberg aron", []),
        ("%", [3, 1, 2, 0]),
        ("", [3, 1, 2, 0]),
        ("öb%", [0]),
        ("o_", [3, 1, 2, 0]),
        ("' OR 1=1 --", []),
        ("dold", []),
    ],
)
def test_every_word_begins_a_part_of_the_name(searched: Clinic, query: str, places: list[int]) -> None:
    found = search(searched, query)
    assert [number for number in found if number != HIDDEN] == [NUMBERS[place] for place in places]
    assert (HIDDEN in found) == (query in ("", "%"))


def test_every_number_begins_the_number(searched: Clinic) -> None:
    for place in range(4):
        number = NUMBERS[place]
        for length in (1, 4, 8, 12):
            assert number in search(searched, number[:length])
        for length in (2, 6, 10):
            assert number in search(searched, number[2 : 2 + length])
        for written in (f"{number[:8]}-{number[8:]}", f"{number[2:8]}-{number[8:]}", f"{number[2:8]}+{number[8:]}"):
            assert search(searched, written) == [number]
        assert search(searched, number + "0") == []
        assert search(searched, number[1:]) == []


def test_a_name_and_a_number_together(searched: Clinic) -> None:
    assert search(searched, f"anna {NUMBERS[0][:6]}") == [NUMBERS[0]]
    assert search(searched, f"zoe {NUMBERS[0][:6]}") == []


@pytest.mark.parametrize("query", [HIDDEN, HIDDEN[2:], "20000125-2386", "000125-2386"])
def test_a_protected_resident_is_found_by_the_full_number(searched: Clinic, query: str) -> None:
    assert search(searched, query) == [HIDDEN]


@pytest.mark.parametrize("query", [HIDDEN[:11], HIDDEN[:10], HIDDEN[2:11], "2000", f"dan {HIDDEN}"])
def test_and_by_nothing_less(searched: Clinic, query: str) -> None:
    assert HIDDEN not in search(searched, query)


def test_an_ended_moment_stands_in_the_colleagues_list_until_its_priority_flag_is_handled(filed: Clinic) -> None:
    moments = [filed.start(program="prov"), filed.start(GUARDIAN, "prov"), filed.start(CHILD, "prov")]
    with filed.store.work(filed.clinician) as work:
        flag = add_flag(work, moments[0], "Ring.", severity=Severity.PRIORITY)
        add_flag(work, moments[1], "Ring.")
    for moment in moments[:2]:
        with filed.store.work(filed.clinician) as work:
            end_moment(work, moment, "Klart", confirmed=True)
    assert headings(filed, filed.colleague, Tab.ALL) == [("prov", "avslutat", 1)]
    assert [row.id for row in page(filed, filed.colleague, Tab.ALL, "prov", "avslutat")] == moments[:1]
    assert search(filed, "", filed.colleague) == [ADULT]
    assert headings(filed, filed.stranger, Tab.ALL) == []
    with filed.store.work(filed.colleague) as work:
        handle_flag(work, flag, "Ringde.")
    assert headings(filed, filed.colleague, Tab.ALL) == []
    assert page(filed, filed.colleague, Tab.ALL, "prov", "avslutat") == []


def test_a_search_stays_within_its_tab(populated: Clinic) -> None:
    clinic = populated
    assert search(clinic, "", clinic.clinician, Tab.MINE) == [ADULT, CHILD, ADULT]
    assert search(clinic, "", clinic.clinician, Tab.ENDED) == [GUARDIAN]
    assert search(clinic, "", clinic.clinician, Tab.ALL) == []
    assert search(clinic, ADULT, clinic.strange_admin) == [ADULT]
    assert search(clinic, GUARDIAN, clinic.strange_admin) == []


def test_an_exact_hit_is_a_read_of_that_resident(searched: Clinic) -> None:
    search(searched, NUMBERS[0])
    search(searched, HIDDEN[2:])
    search(searched, NUMBERS[1][:11])
    search(searched, "zoe")
    search(searched, ADULT)
    rows = searched.log("SELECT personnummer, operation FROM log WHERE action = 'läste' ORDER BY id")
    assert rows == [(NUMBERS[0], "search_list"), (HIDDEN, "search_list")]
    listed = searched.log("SELECT details FROM log WHERE action = 'listade' AND personnummer IS NULL ORDER BY id")
    assert [details for (details,) in listed] == [f"alla, sökning: {number} rader" for number in (1, 1, 1, 1, 0)]
    others = searched.log("SELECT personnummer FROM log WHERE action = 'listade' AND personnummer IS NOT NULL")
    assert others == [(NUMBERS[1],), (NUMBERS[1],)]


@given(st.text(max_size=30))
@examples(20)
def test_whatever_is_typed_a_search_answers(clinic: Clinic, query: str) -> None:
    search(clinic, query)


def test_a_very_long_search_answers_too(clinic: Clinic) -> None:
    search(clinic, "berg " * 3000)
    search(clinic, "8" * 3000)


# --- the indexes ---


def plan(db: Connection, sql: str, parameters: dict[str, Any]) -> str:
    return "\n".join(row[3] for row in db.rows(f"EXPLAIN QUERY PLAN {sql}", **parameters))


@pytest.fixture
def plans(filed: Clinic, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The plans of all queries over moments that are made from now on."""
    seen: list[str] = []
    select = Connection.select

    def noting(self: Connection, sql: str, parameters: Mapping[str, object]) -> Any:
        if "FROM moment" in sql and "FROM assignment" not in sql:  # the roles are no part of a list
            seen.append("\n".join(row[3] for row in select(self, f"EXPLAIN QUERY PLAN {sql}", parameters)))
        return select(self, sql, parameters)

    assert filed
    monkeypatch.setattr(Connection, "select", noting)
    return seen


@pytest.mark.parametrize("back", [False, True])
@pytest.mark.parametrize("after", [None, (3, "b", 1)])
def test_a_page_is_one_range_of_an_index(filed: Clinic, plans: list[str], back: bool, after: Any) -> None:
    for actor, tab, index in ((filed.clinician, Tab.MINE, "moment_mine"), (filed.admin, Tab.ALL, "moment_unit")):
        page(filed, actor, tab, after=after, back=back)
        last = plans[-1]
        assert f"SEARCH m USING INDEX {index} (" in last
        assert "B-TREE" not in last
        assert "SCAN" not in last


def test_a_far_page_and_a_count_stay_in_the_index(filed: Clinic, plans: list[str]) -> None:
    with filed.store.read(filed.clinician) as work:
        list_page_at(work, Tab.MINE, *SECTION, skip=1000)
        assert "SEARCH m USING COVERING INDEX moment_mine" in plans[-1]
        list_offset(work, Tab.MINE, *SECTION, (3, "b", 1))
        assert "SEARCH m USING COVERING INDEX moment_mine" in plans[-1]


def test_headings_count_no_rows(filed: Clinic, plans: list[str]) -> None:
    for actor, tab in ((filed.clinician, Tab.MINE), (filed.admin, Tab.ALL), (filed.admin, Tab.ENDED)):
        with filed.store.read(actor) as work:
            list_headings(work, tab)
    assert len(plans) == 3
    assert all("momentcount" not in plan and "SEARCH m USING PRIMARY KEY" in plan for plan in plans)


def test_a_timeline_lies_together(filed: Clinic) -> None:
    sql = "SELECT * FROM event WHERE resident_id = 1 AND moment_id = 1 ORDER BY at DESC, seq DESC LIMIT 50"
    with filed.store.lend() as db:
        found = plan(db, sql, {})
    assert found == "SEARCH event USING PRIMARY KEY (resident_id=? AND moment_id=?)"


def test_an_outsider_is_nobody_here(clinic: Clinic) -> None:
    clinic.start(program="prov", by=clinic.colleague)
    assert page(clinic, clinic.clinician) == []
    assert page(clinic, clinic.admin, Tab.ALL)[0].clinician == COLLEAGUE


def test_a_search_goes_by_the_residents_that_it_names_and_not_through_the_unit(filed: Clinic, plans: list[str]) -> None:
    for actor, tab in ((filed.clinician, Tab.MINE), (filed.clinician, Tab.ALL), (filed.admin, Tab.ALL)):
        with filed.store.read(actor) as work:
            search_list(work, tab, "berg åsa")
        assert "SEARCH m USING INDEX moment_resident (resident_id=?" in plans[0]
        plans.clear()


def test_the_latest_opened_are_those_that_a_list_shows_now_each_logged_once(populated: Clinic) -> None:
    clinic = populated
    moments = [int(moment) for (moment,) in clinic.rows("SELECT id FROM moment ORDER BY id DESC")]
    with clinic.store.read(clinic.admin) as work:
        assert [row.id for row in list_recent(work, [*moments, 999_999])] == [
            row.id for row in list_recent(work, moments)
        ]
        assert list_recent(work, []) == []
    with clinic.store.read(clinic.clinician) as work:
        own = {row.id for row in list_recent(work, moments)}
    mine = clinic.rows(
        "SELECT id FROM moment WHERE responsible_id = :me AND unit_id = :unit",
        me=clinic.clinician.staff_id,
        unit=clinic.here,
    )
    assert own == {moment for (moment,) in mine}, "a colleague's is not named"
    residents = clinic.value("SELECT count(DISTINCT resident_id) FROM moment WHERE unit_id = :unit", unit=clinic.here)
    logged = "SELECT count(*) FROM log WHERE operation = 'list_recent' AND session = :session"
    assert clinic.value(logged, session=clinic.admin.session) == residents
