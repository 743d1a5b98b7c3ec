"""`sob lista` and `sob visa`."""

import json
from typing import Any

import pytest

from store.foundation.access import Role
from store.foundation.errors import NotPermitted
from store.people.sign_in import sign_in
from tests.clinics import ADULT, CHILD, COLLEAGUE, HERE, HIDDEN, INACTIVE, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob

KEYS = [
    "id", "personnummer", "name", "protected", "program", "program_title", "status", "started", "last_active",
    "clinician", "unread_forms", "unread_messages", "open_flags", "purge_by",
]  # fmt: skip


def numbers(rows: list[dict[str, Any]]) -> list[str]:
    return [row["personnummer"] for row in rows]


def test_a_row_has_the_keys_of_the_contract(sob: Sob, clinic: Clinic) -> None:
    moment = clinic.start()
    (row,) = sob("lista", "--json").json
    assert list(row) == KEYS
    assert row == {
        "id": str(moment),
        "personnummer": ADULT,
        "name": "Berg, Åsa",
        "protected": False,
        "program": "komigang-online",
        "program_title": "KomIgång online",
        "status": "pagaende",
        "started": "2026-03-02T10:00:00+01:00",
        "last_active": None,
        "clinician": CLINICIAN,
        "unread_forms": 0,
        "unread_messages": 0,
        "open_flags": [],
        "purge_by": "2028-03-02",
    }


def test_the_text_has_the_guides_columns_and_words(sob: Sob, clinic: Clinic) -> None:
    moment = clinic.start()
    assert sob("lista").out.splitlines() == [
        "KomIgång online",
        "Pågående (1 st)",
        "  Moment  Namn       Personnummer   Momentstart  Senast aktiv     Flaggor       Att göra",
        f"  {moment:>6}  Berg, Åsa  19800102-2386  2026-03-02   Ingen aktivitet  Inga flaggor  –",
        "",
    ]


def test_an_empty_list_says_what_to_do(sob: Sob) -> None:
    assert sob("lista").out == "Inga moment. Starta ett med sob moment starta PERSONNUMMER --program ID.\n"
    assert sob("lista", "--json").json == []


def test_status_chooses_and_ended_ones_are_left_out_unless_asked_for(sob: Sob, clinic: Clinic) -> None:
    ended = str(clinic.start())
    running = str(clinic.start(program="prov"))
    assert sob("moment", "avsluta", ended, "--orsak", "Övrigt").code == 0
    assert [row["id"] for row in sob("lista", "--json").json] == [running]
    assert [row["id"] for row in sob("lista", "--json", "--status", "pagaende").json] == [running]
    assert sob("lista", "--json", "--status", "vidmakthallande").json == []
    assert [row["id"] for row in sob("lista", "--json", "--status", "avslutat").json] == [ended]


def test_all_is_the_units_for_the_admin_and_mine_is_ones_own(sob: Sob, clinic: Clinic) -> None:
    mine = str(clinic.start())
    theirs = str(clinic.start(program="prov", by=clinic.colleague))
    assert {row["id"] for row in sob("lista", "--alla", "--json", som=ADMIN).json} == {mine, theirs}
    assert sob("lista", "--alla", "--json").json == []  # another clinician's show only while a flag is prioriterad
    assert sob("lista", som=ADMIN).code == 4  # who is no clinician has none
    assert "Behandlare\n" in sob("lista", "--alla", som=ADMIN).out


def test_ended_ones_are_mine_unless_all_are_asked_for(sob: Sob, clinic: Clinic) -> None:
    clinic.run(
        "INSERT INTO assignmentrole (staff_id, unit_id, role) SELECT staff_id, unit_id, :role FROM assignmentrole"
        " WHERE staff_id = :id",
        role=Role.RESIDENT_ADMIN.value,
        id=clinic.clinician.staff_id,
    )
    mine, theirs = str(clinic.start()), str(clinic.start(program="prov", by=clinic.colleague))
    sob("moment", "avsluta", mine, "--orsak", "Övrigt")
    sob("moment", "avsluta", theirs, "--orsak", "Övrigt", som=COLLEAGUE)
    assert [row["id"] for row in sob("lista", "--status", "avslutat", "--json").json] == [mine]
    assert {row["id"] for row in sob("lista", "--status", "avslutat", "--alla", "--json").json} == {mine, theirs}


def test_many_rows_come_page_by_page_and_all_of_them(sob: Sob, clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sob_tui.commands.lists.PAGE", 2)
    for _ in range(5):
        clinic.start(confirmed=True)
    assert len(sob("lista", "--json").json) == 5
    assert sob("lista").out.count("Berg, Åsa") == 5
    assert sob("lista").out.count("Personnummer") == 1


def test_a_protected_resident_is_masked_until_somebody_chooses_and_that_is_logged(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(HIDDEN))
    both: list[tuple[str, ...]] = [("lista",), ("visa", moment)]
    for words in both:
        masked = sob(*words, "--json").json
        row = masked[0] if isinstance(masked, list) else masked
        assert (row["personnummer"], row["name"], row["protected"]) == (None, None, True)
        text = sob(*words).out
        assert "Skyddade personuppgifter" in text
        assert "Dold" not in text
        assert "20000125" not in text
    revealing = "SELECT count(*) FROM log WHERE operation = 'reveal_protected' AND personnummer = :number"
    assert clinic.log_value(revealing, number=HIDDEN) == 0
    for times, words in enumerate(both, 1):
        answer = sob(*words, "--json", "--visa-skyddade").json
        row = answer[0] if isinstance(answer, list) else answer
        assert (row["personnummer"], row["name"], row["protected"]) == (HIDDEN, "Dold, Dan", True)
        assert clinic.log_value(revealing, number=HIDDEN) == times
    assert "Dold, Dan" in sob("lista", "--visa-skyddade").out


def test_opening_a_list_is_logged_once_however_many_pages_and_so_is_everyone_in_it(
    sob: Sob, clinic: Clinic, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sob_tui.commands.lists.PAGE", 1)
    clinic.start()
    clinic.start(confirmed=True)
    clinic.start(CHILD, "prov")
    before = clinic.value("SELECT count(*) FROM log")
    sob("lista")
    rows = clinic.log("SELECT operation, personnummer FROM log ORDER BY id")[before:]
    assert rows == [("open_list", None), ("list_page", ADULT), ("list_page", CHILD)]


def test_a_moment_is_a_lists_row_with_its_modules(sob: Sob, clinic: Clinic) -> None:
    moment = str(clinic.start(program="prov"))
    (row,) = sob("lista", "--json").json
    page = sob("visa", moment, "--json").json
    assert {key: page[key] for key in row} == row
    assert (page["mobile"], page["channel"], page["clinician_name"]) == ("0701740605", "sms", "Kim T1clinician")
    start, more = page["modules"]
    assert (start["id"], start["number"], start["opened"]) == ("start", None, "2026-03-02T10:00:00+01:00")
    assert (more["id"], more["opened"], more["hidden"]) == ("mer", None, False)
    assert [section["id"] for section in more["sections"]] == ["ett", "tva"]
    assert start["sections"][0]["steps"][0] == {"id": "hej", "title": "Hej", "read": None}


def test_a_moment_as_text(sob: Sob, clinic: Clinic) -> None:
    text = sob("visa", str(clinic.start(program="prov"))).out
    for line in (
        "Berg, Åsa · 19800102-2386",
        "Ångest – prov · Pågående",
        "Momentet startade       2026-03-02",
        "Senast aktiv            Ingen aktivitet",
        "Invånarens mobilnummer  0701740605",
        f"Ansvarig behandlare     Kim T1clinician ({CLINICIAN})",
        "Gallras senast          2028-03-02",
        "  start  Börja här  läst 0 av 2",
        "  mer    1 Mer      inte öppnad",
    ):
        assert line in text.splitlines()


@pytest.mark.parametrize(
    "som",
    ["SE2321000040-NOBODY", INACTIVE, hsa_id_of(Role.ACCESS_ADMIN), PROVIDER_ADMIN, "' OR 1=1 --"],
)
@pytest.mark.parametrize("words", [("lista",), ("lista", "--alla"), ("visa", "1")])
def test_who_may_not_gets_the_one_sentence(sob: Sob, clinic: Clinic, words: tuple[str, ...], som: str) -> None:
    clinic.start()
    said = sob(*words, som=som)
    assert (said.code, said.out, said.err) == (4, "", NotPermitted.SENTENCE + "\n")


@pytest.mark.parametrize("moment", ["99", "0", "9" * 30, "ett", "1.0", "١", " 1", "1 --", "", "-"])
def test_an_unknown_moment_and_another_units_are_the_same(sob: Sob, clinic: Clinic, moment: str) -> None:
    clinic.start()
    assert (sob("visa", moment).code, sob("visa", moment).err) == (4, NotPermitted.SENTENCE + "\n")
    stranger = sob("visa", "1", som=hsa_id_of(Role.CLINICIAN, THERE))
    assert (stranger.code, stranger.err) == (4, NotPermitted.SENTENCE + "\n")


def test_a_status_that_is_none_is_a_refused_value(sob: Sob) -> None:
    said = sob("lista", "--status", "klar")
    assert (said.code, said.err) == (3, "Status kan vara pagaende, vidmakthallande, avslutat.\n")
    assert sob("lista", "--status", "klar", som=hsa_id_of(Role.ACCESS_ADMIN)).code == 4


def test_who_is_on_several_units_says_on_which(sob: Sob, clinic: Clinic) -> None:
    clinic.run("INSERT INTO assignment (staff_id, unit_id, active) VALUES (:staff, :unit, 1)",
               staff=clinic.clinician.staff_id, unit=clinic.there)  # fmt: skip
    assert sob("lista").code == 2
    assert "--enhet" in sob("lista").err
    assert sob("lista", "--enhet", HERE).code == 0
    assert sob("lista", "--enhet", "SE2321000040-NOWHERE").code == 4
    assert sign_in(clinic.store, CLINICIAN, HERE).unit_id == clinic.here


def test_the_store_and_the_actor_are_needed(sob: Sob, nowhere: Sob) -> None:
    assert sob("lista", som=None).code == 2
    assert sob("lista", som=None).err == "Ange vem du är med --som HSA-ID.\n"
    assert nowhere("lista").code == 2
    assert nowhere("lista").err.startswith("Ingen databas är vald. Öva med «sob ovning»")
    assert json.loads(sob("lista", "--json").out) == []
