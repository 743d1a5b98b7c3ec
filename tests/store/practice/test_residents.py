"""The residents beside the cast: every state that the product knows is there to be seen, and the cast is left alone."""

import re
from collections import Counter
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from store.data import data_folder
from store.foundation.clock import instant, local_day
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.opening import open_store
from store.practice import make_practice
from store.practice.reading import read_cast, read_residents
from store.practice.seed import CAST_FILE, RESIDENTS_FILE
from tests.clinics import Clock
from tests.conftest import Stores
from tests.store.practice.conftest import Contents

CAST = read_cast(data_folder() / CAST_FILE)
BOTH = read_residents(data_folder() / RESIDENTS_FILE, CAST)
TEXT = (data_folder() / RESIDENTS_FILE).read_text(encoding="utf-8")


def rows(store: Store, sql: str, **parameters: object) -> list[Any]:
    with store.lend() as db:
        found = db.rows(sql, **parameters)
    return [row[0] if len(row) == 1 else row for row in found]


def test_both_databases_hold_the_same(stores: Stores, practice: Store, contents: Contents) -> None:
    url = stores.postgresql("monday")
    made = open_store(url, clock=Clock())
    assert contents(made) == contents(practice)
    made.close()
    stores.discard(url)


def test_the_day_counts_not_the_hour(tmp_path: Path, practice: Store, contents: Contents) -> None:
    late = make_practice(tmp_path / "ovning.db", clock=Clock(instant(datetime(2026, 3, 2, 21, 30, tzinfo=UTC))))
    assert contents(late) == contents(practice)
    late.close()


@pytest.mark.parametrize("day", [(2026, 12, 25), (2028, 2, 29)])
def test_it_can_be_made_on_any_day(tmp_path: Path, day: tuple[int, int, int]) -> None:
    """A holiday, and the day that comes every fourth year: no deed of the files falls on a day it may not."""
    make_practice(tmp_path / "ovning.db", clock=Clock(instant(datetime(*day, 7, tzinfo=UTC)))).close()


def test_thirty_live_here_besides_the_cast_in_every_program() -> None:
    mine = BOTH.lives[1].moments
    assert len({moment.resident for moment in mine}) >= 30
    assert min(Counter(moment.program for moment in mine).values()) >= 6
    assert {moment.clinician[-4:] for moment in mine} == {"OV02", "OV12"}, "OV01's days are the cast's"


def test_no_text_says_the_same_as_another() -> None:
    said = [act.message for moment in BOTH.moments for act in moment.acts if act.message and len(act.message) > 20]
    assert len(set(said)) == len(said)


STATES = {
    "aldrig aktiv": "SELECT 1 FROM flag WHERE kind = 'aldrig' AND handled_at IS NULL",
    "tyst": "SELECT 1 FROM flag WHERE kind = 'tyst' AND handled_at IS NULL",
    "sämre": "SELECT 1 FROM flag WHERE kind = 'forsamring' AND handled_at IS NULL",
    "sent formulär": "SELECT 1 FROM flag WHERE kind = 'saknas' AND handled_at IS NULL",
    "begärt formulär": "SELECT 1 FROM formrequest",
    "risksvar som är hanterat": "SELECT 1 FROM flag WHERE kind = 'svar' AND outcome = 'plan' AND attempts = 1",
    "prioriterad, inte nådd": "SELECT 1 FROM flag WHERE kind = 'egen' AND handled_at IS NULL AND attempts = 1",
    "någon har tagit den": "SELECT 1 FROM event WHERE kind = 'flagga-tagen'",
    "egen flagga med en dag": "SELECT 1 FROM flag WHERE kind = 'egen' AND due_on > :today",
    "kontakt": "SELECT 1 FROM event WHERE kind = 'kontakt'",
    "oläst meddelande": "SELECT 1 FROM moment WHERE unread_messages > 0",
    "obesvarat": "SELECT 1 FROM flag WHERE kind = 'obesvarat' AND handled_at IS NULL",
    "utkast": "SELECT 1 FROM moment WHERE drafts > 0",
    "hemuppgift": "SELECT 1 FROM formanswer WHERE form = 'mina-mal' AND read_at IS NULL",
    "plan": "SELECT 1 FROM activityplan WHERE ended_at IS NULL AND follow_up_on <= :today",
    "plan följd": "SELECT 1 FROM activitymark WHERE done = 0 AND note <> ''",
    "säkerhetsplan": "SELECT 1 FROM flag WHERE kind = 'sakerhetsplan' AND handled_at IS NULL",
    "vidmakthållande": "SELECT 1 FROM moment WHERE status = 'vidmakthallande' AND program = 'nedstamdhet'",
    "avslutat": "SELECT 1 FROM moment WHERE status = 'avslutat' AND end_reason = 'Hänvisning till annan vård'",
    "erbjudet": "SELECT 1 FROM handover WHERE state = 'erbjuden'",
    "avvisat": "SELECT 1 FROM flag WHERE kind = 'avvisad' AND handled_at IS NULL",
    "skulle ha gallrats": "SELECT 1 FROM moment WHERE purge_by < :today AND status = 'pagaende'",
    "skyddad": "SELECT 1 FROM moment m JOIN resident r ON r.id = resident_id WHERE protection = 'sekretessmarkering'",
    "barn med ombud": "SELECT 1 FROM message WHERE author = 'Leila Ahmadi'",
    "ställföreträdare": "SELECT 1 FROM substitution WHERE first_day < :today AND last_day > :today",
}


@pytest.mark.parametrize("state", STATES)
def test_there_is_one_of_every_kind(practice: Store, state: str) -> None:
    assert rows(practice, STATES[state], today=local_day(practice.clock()).isoformat())


def test_nobody_but_the_cast_has_an_open_risk_on_the_first_unit(practice: Store) -> None:
    """It would stand before what the cast's queue begins with (contract.md §4)."""
    assert rows(practice, "SELECT r.family_name FROM flag f JOIN moment m ON m.id = f.moment_id"
                " JOIN resident r ON r.id = m.resident_id JOIN unit u ON u.id = m.unit_id WHERE u.hsa_id LIKE '%OVN1'"
                " AND f.severity = 'prioriterad' AND f.handled_at IS NULL") == ["Håkansson"]  # fmt: skip


FAULTS = [
    ('do = "contact", days_ago = 37', 'do = "kontakt", days_ago = 37', "do kan vara start, read"),
    ('sort = "telefon", minutes = 35', 'sort = "brev", minutes = 35', "sort kan vara telefon, video, besok."),
    ('minutes = 35', 'minutes = 0', "minutes ska vara ett heltal från 1 till 600."),
    ('outcome = "plan"', 'outcome = "bra"', "outcome kan vara nadde, plan, larmat, nadde-inte."),
    ('severity = "prioriterad"', 'severity = "akut"', "severity kan vara prioriterad, varning, upplysning."),
    ('done = "nej"', 'done = "kanske"', "done kan vara ja, nej."),
    ('by = "SE2321000040-OV11", message', 'message', "nyckeln by saknas."),
    ('parts = { varningstecken', 'parts = { tecken', "nyckeln tecken är okänd."),
    ('substitute = "SE2321000040-OV11"', 'substitute = "SE2321000040-OV99"', "behandlaren finns inte i filen."),
    ('days_left = 4', 'days_left = 4000', "days_left ska vara ett heltal från 0 till 366."),
    (TEXT[TEXT.index('"19') + 1 :][:12], "200001012384", "invånaren står redan tidigare."),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new", "sentence"), FAULTS)
def test_a_fault_is_said_with_its_place(tmp_path: Path, old: str, new: str, sentence: str) -> None:
    assert old in TEXT
    path = tmp_path / "residents.toml"
    path.write_text(TEXT.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(Refused) as refused:
        read_residents(path, CAST)
    assert sentence in refused.value.message
    assert re.match(r"Övningsmiljöns invånare residents.toml: rad \d+", refused.value.message)
