"""Any file that somebody imports: read, or refused by its lines; what is read is imported, or left by its line."""

import csv
from io import StringIO

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from store.care.file_import import RESIDENTS, STAFF, import_rows
from store.care.resident_import import COLUMNS, read_residents
from store.foundation.access import OPERATOR
from store.foundation.clock import local_day
from store.foundation.csv_file import MOST_FAULTS, FaultyFile
from store.foundation.errors import DomainError
from store.foundation.fictional import fictional_numbers
from store.people import staff_import
from store.people.staff_import import read_staff
from tests.clinics import ADULT, CHILD, MONDAY, PREFIX, UNKNOWN, Clinic

NOBODYS = [number.value for number in fictional_numbers(20)]
CELLS = st.one_of(
    st.sampled_from([ADULT, CHILD, UNKNOWN, *NOBODYS, f"{PREFIX}ny", f"{PREFIX}T1clinician", "fel"]),
    st.sampled_from(["Berg", "Åsa", "05", "99", "0701740605", "+46701740605", "a@b.se", "a@[", "sms", "ja", "", " "]),
    st.sampled_from(["=1+1", '"', '";', "\r", "a\nb", "\x1b[31m", "\u202e", "\x00", "sekretessmarkering", "x" * 200]),
    st.text(max_size=10),
)


def files(columns: tuple[str, ...]) -> st.SearchStrategy[bytes]:
    """Files of such columns, more or less, and others."""
    names = st.one_of(st.just(list(columns)), st.permutations(columns), st.lists(st.sampled_from(columns) | CELLS))
    rows = st.lists(st.lists(CELLS, max_size=len(columns) + 1), max_size=8)
    return st.binary(max_size=200) | st.builds(
        _written, names, rows, st.sampled_from(";,\t"), st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "latin-1"])
    )


def _written(names: list[str], rows: list[list[str]], delimiter: str, encoding: str) -> bytes:
    text = StringIO()
    writer = csv.writer(text, delimiter=delimiter)
    writer.writerow(names)
    for row in rows:
        text.write(delimiter.join(row) + "\n") if len(row) % 2 else writer.writerow(row)
    return text.getvalue().encode(encoding, "replace")


PROFILE = settings(
    max_examples=50, deadline=None, derandomize=True, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


def assert_told(refusal: DomainError) -> None:
    assert refusal.message.isprintable()
    if isinstance(refusal, FaultyFile):
        assert 0 < len(refusal.faults) <= MOST_FAULTS
        assert all(fault.line >= 1 and fault.message for fault in refusal.faults)


@PROFILE
@given(files(COLUMNS))
def test_any_file_of_residents(filed: Clinic, content: bytes) -> None:
    before = filed.value("SELECT count(*) FROM resident")
    try:
        rows = read_residents(content, local_day(MONDAY), lambda _done, _total: None, is_practice=True)
    except DomainError as refusal:
        assert_told(refusal)
        return
    imported = import_rows(filed.store, OPERATOR, RESIDENTS, rows)
    assert imported.fault is None
    assert imported.number + len(imported.skipped) == len(rows)
    assert filed.value("SELECT count(*) FROM resident") <= before + imported.number
    assert all(filed.value("SELECT count(*) FROM resident WHERE personnummer = :n", n=row.whose) == 1 for row in rows)


@PROFILE
@given(files(staff_import.COLUMNS))
def test_any_file_of_staff(filed: Clinic, content: bytes) -> None:
    try:
        rows = read_staff(content)
    except DomainError as refusal:
        assert_told(refusal)
        return
    imported = import_rows(filed.store, OPERATOR, STAFF, rows)
    assert imported.fault is None
    assert imported.number + len(imported.skipped) == len(rows)
    assert all(filed.value("SELECT count(*) FROM staff WHERE hsa_id = :who", who=row.whose) == 1 for row in rows)
