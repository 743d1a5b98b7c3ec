"""Residents from a CSV file (contract.md §2): faults by line, all or nothing, and what an empty cell keeps."""

import threading
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from typing import Any

import pytest

from store.care.endings import end_moment
from store.care.file_import import RESIDENTS, import_rows
from store.care.resident_import import COLUMNS, read_residents
from store.care.starting import start_moment
from store.foundation.access import OPERATOR, Actor
from store.foundation.clock import local_day
from store.foundation.csv_file import FaultyFile, Imported, LineFault
from store.foundation.errors import Refused
from store.foundation.fictional import fictional_numbers
from store.foundation.progress import Progress, untold
from store.people.new_resident import NewResident
from store.views.lists import Tab
from store.views.search import search_list
from tests.clinics import ADULT, CHILD, HIDDEN, UNKNOWN, Clinic

HEADER = ";".join(COLUMNS)


def load(clinic: Clinic, *lines: str, by: Actor = OPERATOR, header: str = HEADER) -> int:
    return load_bytes(clinic, "\n".join((header, *lines)).encode(), by=by)


def load_bytes(clinic: Clinic, content: bytes, *, by: Actor = OPERATOR) -> int:
    imported = run_import(clinic, content, by=by)
    assert imported.skipped == ()
    return imported.number


def run_import(clinic: Clinic, content: bytes, *, by: Actor = OPERATOR, progress: Progress = untold) -> Imported:
    day = local_day(clinic.store.clock())
    rows = read_residents(content, day, progress, is_practice=clinic.store.is_practice)
    return import_rows(clinic.store, by, RESIDENTS, rows, progress)


def faults(clinic: Clinic, *lines: str, header: str = HEADER) -> list[tuple[int, str]]:
    """Return the faults, after a look that nothing was imported."""
    before = clinic.rows("SELECT * FROM resident ORDER BY id")
    with pytest.raises(FaultyFile, match="Ingenting importerades") as error:
        load(clinic, *lines, header=header)
    assert clinic.rows("SELECT * FROM resident ORDER BY id") == before
    return [(fault.line, fault.message) for fault in error.value.faults]


def stored(clinic: Clinic, number: str = UNKNOWN) -> dict[str, Any]:
    names = ("family_name", "given_name", "region", "mobile", "protection", "email", "channel")
    (row,) = clinic.rows(f"SELECT {', '.join(names)} FROM resident WHERE personnummer = :number", number=number)
    return dict(zip(names, row, strict=True))


def numbers(count: int) -> list[str]:
    return [number.value for number in fictional_numbers(count)]


# --- what is imported ---


def test_a_line_becomes_a_resident(clinic: Clinic) -> None:
    line = "000101-2384;Öberg;Anna-Lena;05;0701740605;;anna@example.org;epost"
    assert load(clinic, line) == 1
    assert stored(clinic) == {
        "family_name": "Öberg",
        "given_name": "Anna-Lena",
        "region": "05",
        "mobile": "0701740605",
        "protection": "",
        "email": "anna@example.org",
        "channel": "epost",
    }
    clinic.start(UNKNOWN)
    for word in ("öb", "anna", "lena", "20000101", "0001012384"):
        with clinic.store.read(clinic.admin) as work:
            assert [row.personnummer for row in search_list(work, Tab.ALL, word)] == [UNKNOWN]


@pytest.mark.parametrize(
    ("cells", "channel"),
    [
        (";;;;", "ingen"),
        (";0701740605;;a@example.org;", "sms"),
        (";;;a@example.org;", "epost"),
        (";0701740605;;;ingen", "ingen"),
    ],
)
def test_without_a_word_of_it_an_avisering_goes_where_there_is_an_address(
    clinic: Clinic, cells: str, channel: str
) -> None:
    load(clinic, f"{UNKNOWN};Ny;Nils;{cells}")
    assert stored(clinic)["channel"] == channel


def test_columns_may_be_absent_and_in_any_order(clinic: Clinic) -> None:
    assert load(clinic, f"Nils;{UNKNOWN};Ny", header=" Fornamn ;PERSONNUMMER;efternamn") == 1
    assert stored(clinic)["family_name"] == "Ny"


def test_a_file_of_nobody(clinic: Clinic) -> None:
    assert load(clinic) == 0
    assert load(clinic, "", ";;;;;;;") == 0
    rows = clinic.log("SELECT action, details FROM log WHERE operation = 'import_residents'")
    assert rows == [("importerade", "0 rader")] * 2


def test_a_row_of_the_log_for_each(clinic: Clinic) -> None:
    assert load(clinic, f"{UNKNOWN};Ny;Nils;;;;;", f"{ADULT};Berg;Åsa;;;;;", by=clinic.admin) == 2
    rows = clinic.log("SELECT personnummer, resident_name, unit_id FROM log WHERE action = 'importerade' ORDER BY id")
    assert rows == [(UNKNOWN, "Ny, Nils", clinic.here), (ADULT, "Berg, Åsa", clinic.here)]


def test_many_lines_are_written_in_pieces(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.care.file_import.FIRST_PIECE", 7)
    steps: list[tuple[int, int]] = []
    lines = [f"{number};Efter{place};För;05;;;;" for place, number in enumerate(numbers(50))]
    content = "\n".join((HEADER, *lines[:20], "", *lines[20:])).encode()
    assert run_import(clinic, content, progress=lambda done, total: steps.append((done, total))).number == 50
    assert clinic.value("SELECT count(*) FROM resident WHERE family_name LIKE 'Efter%'") == 50
    assert clinic.value("SELECT count(*) FROM residentpart WHERE part LIKE 'efter%'") == 50
    assert steps == sorted(steps)
    assert steps[-1][0] == steps[-1][1]


@pytest.mark.parametrize("newline", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_files_of_all_systems(clinic: Clinic, newline: str, mark: str) -> None:
    content = mark + newline.join((HEADER, f"{UNKNOWN};Ny;Nils;;;;;", "fel;Ny;Nils;;;;;"))
    with pytest.raises(FaultyFile) as error:
        load_bytes(clinic, content.encode())
    assert [fault.line for fault in error.value.faults] == [3]


def test_quotes_hold_semicolons_quotes_and_lines_together(clinic: Clinic) -> None:
    load(clinic, f'{UNKNOWN};"Ny; ""Nya""\nNy";"Nils";;;;;')
    assert stored(clinic)["family_name"] == 'Ny; "Nya" Ny'


# --- hostile text ---


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("[/x] [@click=app.quit]", "[/x] [@click=app.quit]"),
        ("\x1b]52;c;aGVq\x07Nils", "Nils"),
        ("\u202eslIN\u202c \u200bX", "slIN X"),
        ("Ni\u2028ls\x85\x1cX", "Ni ls X"),
        ("'; DROP TABLE resident; --", "'; DROP TABLE resident; --"),
        ("=cmd|' /C calc'!A0", "=cmd|' /C calc'!A0"),
        ("Nils \U0001f469\u200d\U0001f467", "Nils \U0001f469\u200d\U0001f467"),
    ],
)
def test_names_are_cleaned_and_markup_is_left(clinic: Clinic, given: str, kept: str) -> None:
    cell = '"' + given.replace('"', '""') + '"'
    assert load(clinic, f"{UNKNOWN};Ny;{cell};;;;;") == 1
    assert stored(clinic)["given_name"] == kept


def test_what_is_no_name_is_refused(clinic: Clinic) -> None:
    long = "x" * 10_000
    found = faults(
        clinic, f"{UNKNOWN};{long};Nils;;;;;", f"{CHILD};\x1b[2J;Nils;;;;;", f"{HIDDEN};Ny;!?;;;;;", f"{ADULT};Ny;;;;;;"
    )
    assert found == [
        (2, "Efternamnet är för långt: högst 100 tecken, nu 10000."),
        (3, "Efternamnet saknas."),
        (4, "Förnamnet måste innehålla minst en bokstav."),
        (5, "Förnamnet saknas."),
    ]


def test_a_cell_beyond_all_measure_is_a_fault_of_its_line(clinic: Clinic) -> None:
    ((line, message),) = faults(clinic, f"{CHILD};Ny;Nils;;;;;", f"{UNKNOWN};{'x' * 200_000};Nils;;;;;")
    assert line == 3
    assert message.startswith("Raden kan inte läsas")


# --- faults ---


def test_every_fault_by_its_line(clinic: Clinic) -> None:
    lines = [
        "196109732394;Ny;Nils;;;;;",
        f"{UNKNOWN};Ny;Nils",
        f"{UNKNOWN};Ny;Nils;99;;;;",
        f"{UNKNOWN};Ny;Nils;;12;;;",
        f"{UNKNOWN};Ny;Nils;;;hemlig;;",
        f"{UNKNOWN};Ny;Nils;;;;nils;",
        f"{UNKNOWN};Ny;Nils;;;;;brev",
        f"{UNKNOWN};Ny;Nils;;;;;;",
        f"{UNKNOWN};Ny;Nils;;;;;",
        "000101-2384;Ny;Nils;;;;;",
    ]
    found = faults(clinic, *lines)
    assert [line for line, _ in found] == [2, 3, 4, 5, 6, 7, 8, 9, 11]
    starts = [
        "Personnumrets kontrollsiffra",
        "Raden har 3 kolumner, rubrikraden 8.",
        "Region anges",
        "Mobilnumret måste",
        "Kolumnen skydd kan vara sekretessmarkering, skyddad-folkbokforing eller tom.",
        "E-postadressen ska",
        "Kolumnen avisering kan vara sms, epost, ingen eller tom.",
        "Raden har 9 kolumner",
        "Samma person står redan på rad 10.",
    ]
    assert all(message.startswith(start) for (_, message), start in zip(found, starts, strict=True))


@pytest.mark.parametrize(
    "header",
    [
        *("", "personnummer", "personnummer;efternamn", "personnummer,efternamn,fornamn", '"x'),
        *(HEADER + ";x", HEADER + ";skydd"),
    ],
)
def test_a_header_that_is_none(clinic: Clinic, header: str) -> None:
    ((line, message),) = faults(clinic, f"{UNKNOWN};Ny;Nils;;;;;", header=header)
    assert line == 1
    assert message == f"Första raden ska vara kolumnernas namn, åtskilda av semikolon: {HEADER}."


def test_a_quote_without_an_end(clinic: Clinic) -> None:
    found = faults(clinic, f"{CHILD};Ny;Nils;;;;;", f'{UNKNOWN};"Ny;Nils;;;;;', f"{HIDDEN};Ny;Nils;;;;;")
    assert [line for line, _ in found] == [3]
    assert found[0][1].startswith("Raden kan inte läsas")


def test_a_file_that_is_not_utf_8(clinic: Clinic) -> None:
    content = f"{HEADER}\n{UNKNOWN};Ny;Nils;;;;;\n{CHILD};Åberg;Nils;;;;;\n".encode("latin-1")
    with pytest.raises(FaultyFile) as error:
        load_bytes(clinic, content)
    assert [(fault.line, fault.message[:22]) for fault in error.value.faults] == [(3, "Filen är inte UTF-8. S")]


def test_a_file_that_is_no_text(clinic: Clinic) -> None:
    for content in (b"", b"\x00" * 1000, b"PK\x03\x04" + bytes(range(256)), b"\xff\xfe" + HEADER.encode("utf-16-le")):
        with pytest.raises(FaultyFile):
            load_bytes(clinic, content)


def test_the_first_thousand_faults_are_enough(clinic: Clinic) -> None:
    assert len(faults(clinic, *["x;y;z;;;;;"] * 1500)) == 1000


def test_only_fictional_numbers_in_practice(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.foundation.fictional.SAFE_NUMBERS", frozenset())
    ((line, message),) = faults(clinic, "195009072553;Ny;Nils;;;;;")
    assert (line, message[:14]) == (2, "Övningsmiljön ")


# --- who is there already ---


def test_who_is_there_is_updated_and_keeps_what_an_empty_cell_leaves(clinic: Clinic) -> None:
    before = stored(clinic, ADULT)
    load(clinic, f"{ADULT};Berg;Åsa;;;;;")
    assert stored(clinic, ADULT) == before
    load(clinic, f"{ADULT};Berg;Åsa", header="personnummer;efternamn;fornamn")
    assert stored(clinic, ADULT) == before
    load(clinic, f"{ADULT};Ek;Åsa;12;;;asa@example.org;epost")
    assert stored(clinic, ADULT) == {
        **before,
        "family_name": "Ek",
        "region": "12",
        "email": "asa@example.org",
        "channel": "epost",
    }


def test_an_empty_cell_takes_no_protection_away_and_a_word_gives_it(clinic: Clinic) -> None:
    moments = [clinic.start(HIDDEN), clinic.start(ADULT)]
    load(clinic, f"{HIDDEN};Dold;Dan;;;;;", f"{ADULT};Berg;Åsa;;;skyddad-folkbokforing;;")
    assert stored(clinic, HIDDEN)["protection"] == "sekretessmarkering"
    assert stored(clinic, ADULT)["protection"] == "skyddad-folkbokforing"
    assert clinic.rows("SELECT id, sort_name FROM moment ORDER BY id") == [(moment, "~") for moment in moments]
    assert clinic.value("SELECT count(*) FROM residentpart WHERE resident_id = :id", id=clinic.adult) == 0


def test_an_update_is_an_event_on_each_moment_only_where_something_changed(clinic: Clinic) -> None:
    moment = clinic.start()
    load(clinic, f"{ADULT};Berg;Åsa;05;;;;")
    assert clinic.value("SELECT count(*) FROM event WHERE kind = 'invanare-rattad'") == 0
    before = clinic.store.change_no(clinic.here)
    load(clinic, f"{ADULT};Ek;Åsa;05;;;;")
    rows = clinic.rows("SELECT moment_id, facts FROM event WHERE kind = 'invanare-rattad'")
    assert rows == [(moment, '{"columns": ["family_name"]}')]
    assert clinic.store.change_no(clinic.here) == before + 1


def test_who_was_typed_by_hand_is_so_no_more(clinic: Clinic) -> None:
    clinic.start(UNKNOWN, new_resident=NewResident("Ny", "Nils", "05"))
    load(clinic, f"{UNKNOWN};Ny;Nils;;;;;")
    assert clinic.value("SELECT entered_by_hand FROM resident WHERE personnummer = :number", number=UNKNOWN) == 0


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_an_import_and_a_start_that_add_the_same_person_at_once(clinic: Clinic, order: Sequence[int]) -> None:
    together = threading.Barrier(2)

    def add_by_file() -> None:
        load(clinic, *(f"{number};Ny;Nils;05;;;;" for number in (*numbers(20), UNKNOWN)))

    def add_by_hand() -> None:
        with clinic.store.work(clinic.clinician) as work:
            start_moment(work, UNKNOWN, "prov", new_resident=NewResident("Ny", "Nils", "05"))

    def add(which: int) -> None:
        together.wait(15)
        (add_by_file, add_by_hand)[which]()

    with ThreadPoolExecutor(2) as pool:
        list(pool.map(add, order))
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = :number", number=UNKNOWN) == 1
    assert clinic.value("SELECT count(*) FROM moment") == 1


# --- whose it is ---


def attempt(clinic: Clinic, *lines: str, by: Actor) -> Imported:
    return run_import(clinic, "\n".join((HEADER, *lines)).encode(), by=by)


THEIRS = f"{ADULT};Kapad;Åsa;05;0701740699;;tjuv@example.org;epost"
SKIPPED = (LineFault(2, "Raden kan inte ändras härifrån"),)


def test_another_units_resident_is_left_and_told_and_the_rest_is_imported(clinic: Clinic) -> None:
    clinic.start()
    before = stored(clinic, ADULT)
    assert attempt(clinic, THEIRS, f"{UNKNOWN};Ny;Nils;;;;;", by=clinic.strange_admin) == Imported(1, SKIPPED)
    assert stored(clinic, ADULT) == before
    assert stored(clinic, UNKNOWN)["family_name"] == "Ny"
    rows = clinic.log(
        "SELECT unit_id, personnummer, resident_name, details, outcome FROM log"
        " WHERE action = 'importerade' ORDER BY id"
    )
    assert rows == [
        (clinic.there, UNKNOWN, "Ny, Nils", "", "gjort"),
        (clinic.there, ADULT, "Berg, Åsa", "Raden kan inte ändras härifrån", "nekat"),
    ]


def test_an_ended_moment_gives_no_right_to_change(clinic: Clinic) -> None:
    moment = clinic.start()
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, moment, "Övrigt", confirmed=True)
    for by in (clinic.admin, clinic.strange_admin):
        assert attempt(clinic, THEIRS, by=by) == Imported(0, SKIPPED)


def test_a_running_moment_here_gives_it_whatever_runs_elsewhere(clinic: Clinic) -> None:
    clinic.start()
    clinic.start(by=clinic.stranger, confirmed=True)
    assert attempt(clinic, THEIRS, by=clinic.admin) == Imported(1, ())
    assert stored(clinic, ADULT)["email"] == "tjuv@example.org"


def test_the_operator_may_change_all(clinic: Clinic) -> None:
    clinic.start()
    assert attempt(clinic, THEIRS, by=OPERATOR) == Imported(1, ())


def test_a_file_over_the_limit_is_refused_before_it_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("store.foundation.csv_file.MOST_BYTES", 1_000_000)
    content = (HEADER + "\n").encode().ljust(1_000_000, b"\n")
    assert read_residents(content, date(2026, 5, 4), is_practice=True) == []
    with pytest.raises(Refused, match=r"^Filen är för stor: högst 1 MB\. Dela den i flera\.$"):
        read_residents(content + b"\n", date(2026, 5, 4), is_practice=True)


AS_TEXT = "Formatera kolumnen som text i Excel, skriv in värdet igen och spara som «CSV UTF-8»."


@pytest.mark.parametrize(
    ("line", "told"),
    [
        ("1,98504E+11;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har gjort om värdet till ett tal med E+"),
        ("1.98504e+11;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har gjort om värdet till ett tal med E+"),
        ("2E+11;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har gjort om värdet till ett tal med E+"),
        (f"{UNKNOWN},0;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har gjort om värdet till ett tal med decimaler."),
        ("1012384;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har tagit bort nollor i början"),
        ("101012384;Ny;Nils;;;;;", "Kolumnen personnummer: Excel har tagit bort nollor i början"),
        (f"{UNKNOWN};Ny;Nils;5;;;;", "Kolumnen region: Excel har tagit bort nollor i början"),
        (f"{UNKNOWN};Ny;Nils;05;701740605;;;", "Kolumnen mobil: Excel har tagit bort nollor i början"),
        (f"{UNKNOWN};Ny;Nils;05;7,01741E+8;;;", "Kolumnen mobil: Excel har gjort om värdet till ett tal med E+"),
        (f"\u200b{UNKNOWN};Ny;Nils;;;;;", "Kolumnen personnummer: Ett osynligt tecken står i värdet"),
        (f"{UNKNOWN};Ny;Nils;\u20600\ufeff5;;;;", "Kolumnen region: Ett osynligt tecken står i värdet"),
        (f"'{UNKNOWN};Ny;Nils;;;;;", "Kolumnen personnummer: Excels tecken för text"),
        (f'"=""{UNKNOWN}""";Ny;Nils;;;;;', "Kolumnen personnummer: Excels tecken för text"),
    ],
)
def test_what_excel_has_spoilt_is_told_with_its_mend(clinic: Clinic, line: str, told: str) -> None:
    ((number, message),) = faults(clinic, line)
    assert number == 2
    assert message.startswith(told)
    assert any(mend in message for mend in (AS_TEXT, "Skriv in värdet igen.", "Ta bort det"))
    assert UNKNOWN not in message


@pytest.mark.parametrize("first", ["sep=;", "SEP=,", "\ufeffsep=;"])
def test_excels_first_line_is_named(clinic: Clinic, first: str) -> None:
    found = faults(clinic, HEADER, f"{UNKNOWN};Ny;Nils;;;;;", header=first)
    assert found == [(1, "Första raden är Excels sep=. Ta bort den: kolumnernas namn ska stå först.")]


@pytest.mark.parametrize(
    "header",
    [
        *("personnummer;efternamn;förnamn", "PERSONNUMMER;Efternamn;FÖRNAMN", "personnummer;efternamn;fo\u0308rnamn"),
        "\ufeffPersonnummer;Efternamn ;\u200bförnamn",
    ],
)
def test_a_header_may_be_written_as_swedish_is(clinic: Clinic, header: str) -> None:
    assert load(clinic, f"{UNKNOWN};Ny;Nils", header=header) == 1
    assert clinic.value("SELECT given_name FROM resident WHERE personnummer = :number", number=UNKNOWN) == "Nils"


def test_a_column_that_stands_twice_in_two_spellings_is_refused(clinic: Clinic) -> None:
    ((line, _),) = faults(clinic, f"{UNKNOWN};Ny;Nils;Nina", header="personnummer;efternamn;fornamn;förnamn")
    assert line == 1


def test_a_hyphen_of_excels_is_one(clinic: Clinic) -> None:
    assert load(clinic, "20000101\u20112384;Ny;Nils;;;;;") == 1
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = :number", number=UNKNOWN) == 1
