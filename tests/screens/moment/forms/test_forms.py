"""Forms on the resident's page: what waits, reading it, the graph, the diary, the text for the record."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
from textual.widgets import Input, Static, TextArea

from screens.moment.forms.diary import DiaryDocument, draw_diaries
from screens.moment.forms.form_screen import FormScreen
from screens.moment.forms.graph_document import GraphDocument
from screens.moment.journal import EDITED, JournalScreen
from screens.whom import Whom
from store.care.contacts import ContactSort, note_contact
from store.care.endings import end_moment
from store.care.maintenance import maintain_moment
from store.care.modules import open_module
from store.care.programs import install_program
from store.care.sleep_diary import Night
from store.care.switching import switch_clinician
from store.foundation.access import OPERATOR
from store.opening import open_store
from store.people.units import OpenProgram
from store.views.diary import Diary, DiaryRow
from tests import forms
from tests.app.driver import move
from tests.clinics import COLLEAGUE, SMALL, Clinic
from tests.forms import NIGHT
from tests.screens.moment.host import (
    SIZES,
    do,
    document,
    focus,
    keys,
    notices,
    opened,
    page,
    press,
    settled,
    shown,
    told,
    until,
)


def unread(clinic: Clinic) -> int:
    return int(clinic.value("SELECT sum(unread_forms) FROM moment"))


def measured(clinic: Clinic, *occasions: tuple[int, ...]) -> tuple[int, list[int]]:
    """A moment with answers on days that follow each other; the moment's id, and theirs."""
    moment = clinic.start(program="prov")
    answers = []
    for day, weights in enumerate(occasions, 3):
        clinic.clock.set(2026, 3, day, 12)
        answers.append(clinic.answer(moment, forms.given(*weights)))
    return moment, answers


@SIZES
async def test_what_waits_stands_first_with_the_guides_words(filed: Clinic, size: tuple[int, int]) -> None:
    moment, _ = measured(filed, (1, 1, 0))
    do(filed, filed.clinician, open_module, moment, "mer")
    filed.answer(moment, '{"text": "klart"}', "uppgift")
    filed.answer(moment, json.dumps([NIGHT, {**NIGHT, "dag": "2026-03-03"}]), "dagbok")
    async with opened(filed, moment, size=size) as pilot:
        painted = shown(pilot)
        assert focus(pilot) == "forms"
        for words in ("1 OLÄST FORMULÄR I MÄTBATTERI", "Mående", "Sparat: 2026-03-03 13:00", "Markera som läst"):
            assert words in painted
        assert painted.index("1 OLÄST FORMULÄR I MÄTBATTERI") < painted.index("1 OLÄST HEMUPPGIFT")
        assert painted.index("1 OLÄST HEMUPPGIFT") < painted.index("2 OLÄSTA DAGBOKSRADER")
        assert {key: keys(pilot)[key] for key in ("Enter", "m", "r", "d")} == {
            "Enter": "Öppna",
            "m": "Läst",
            "r": "Begär mätning",
            "d": "Dagbok",
        }


async def test_m_marks_as_read_and_shift_m_takes_it_back(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0))
    async with opened(filed, moment) as pilot:
        await press(pilot, "m")
        assert "OLÄST FORMULÄR" not in shown(pilot)
        assert "Inga formulär att hantera." in shown(pilot)
        assert unread(filed) == 0
        await press(pilot, "M")
        assert "1 OLÄST FORMULÄR I MÄTBATTERI" in shown(pilot)
        assert "M" not in keys(pilot)


async def test_opening_a_form_handles_it_and_it_can_be_unread_again(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "enter")
        assert isinstance(pilot.app.screen, FormScreen)
        for words in (
            "Tillfälle 1 av 1",
            "✓ läst",
            "▲ RISKSVAR",
            "3. Fråga 3",
            "Mående: 3 av 9, egen nivå: en del (egna gränser)",
        ):
            assert words in shown(pilot)
        assert unread(filed) == 0
        await press(pilot, "M")
        assert "● oläst" in shown(pilot)
        assert unread(filed) == 1
        await press(pilot, "m", "escape")
        await told(pilot)
        assert "Inga formulär att hantera." in shown(pilot)


async def test_a_risk_answer_opened_from_the_page_is_handled_where_it_is_read(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1), (1, 1, 0))
    flags = "SELECT kind, note FROM flag WHERE handled_at IS NOT NULL"
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "enter")
        await until(pilot, lambda: "▲ RISKSVAR" in shown(pilot))
        await press(pilot, "greater_than_sign")
        await until(pilot, lambda: "Tillfälle 2 av 2" in shown(pilot))
        assert "h" not in keys(pilot), "no flag came of this answer"
        await press(pilot, "less_than_sign")
        await until(pilot, lambda: "▲ RISKSVAR" in shown(pilot))
        assert keys(pilot)["h"] == "Hantera flagga"
        await press(pilot, "h")
        await until(pilot, lambda: "Vad har du gjort?" in shown(pilot))
        await press(pilot, *"Ringde", "ctrl+s")
        await until(pilot, lambda: bool(filed.rows(flags)))
        await until(pilot, lambda: "h" not in keys(pilot))
        assert isinstance(pilot.app.screen, FormScreen)
    assert filed.rows(flags) == [("svar", "Ringde")]


async def test_an_administrator_reads_and_marks_by_hand(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    async with opened(filed, moment, by=filed.admin) as pilot:
        await press(pilot, "enter")
        assert "● oläst" in shown(pilot)
        assert unread(filed) == 1
        await press(pilot, "m")
        assert unread(filed) == 0


async def test_occasions_are_turned_without_going_back(filed: Clinic) -> None:
    moment, answers = measured(filed, (1, 1, 0), (1, 1, 1), (3, 3, 1))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        pilot.app.push_screen(
            FormScreen(page(pilot).client, moment, answers[-1], "Berg, Åsa", whom=Whom("Berg, Åsa", "Sov gott"))
        )
        await settled(pilot)
        assert "! +4 sedan förra (2026-03-04): pålitlig försämring" in shown(pilot)
        assert ">" not in keys(pilot)
        await press(pilot, "less_than_sign")
        assert "Tillfälle 2 av 3" in shown(pilot)
        assert "+1 sedan första (2026-03-03): ingen pålitlig förändring" in shown(pilot)
        await press(pilot, "less_than_sign")
        assert "Inget risksvar betyder inte att det inte finns någon risk." in shown(pilot)
        assert "<" not in keys(pilot)
        await press(pilot, "greater_than_sign", "greater_than_sign")
        assert "Tillfälle 3 av 3" in shown(pilot)


async def test_what_the_resident_answers_meanwhile_shows_by_itself(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    async with opened(filed, moment) as pilot:
        assert "Inga formulär att hantera." in shown(pilot)
        filed.answer(moment, forms.given(1, 1, 1))
        await told(pilot)
        assert "1 OLÄST FORMULÄR I MÄTBATTERI" in shown(pilot)


async def test_down_walks_from_the_forms_into_the_modules(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0))
    async with opened(filed, moment) as pilot:
        await press(pilot, "down", "down")
        assert focus(pilot) == "modules"
        await press(pilot, "up")
        assert focus(pilot) == "forms"


async def test_a_measurement_is_asked_for(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    async with opened(filed, moment) as pilot:
        await press(pilot, "r")
        await until(pilot, lambda: "Begär en mätning" in shown(pilot))
        await press(pilot, "enter")
        await until(pilot, lambda: filed.value("SELECT count(*) FROM formrequest") == 1)
        assert filed.value("SELECT form FROM formrequest") == "dagbok"
        await press(pilot, "r", "enter")
        await until(pilot, lambda: "redan begärt" in shown(pilot))


async def test_where_there_is_no_form_to_ask_for_it_says_so_and_keys_go_on(filed: Clinic) -> None:
    with filed.store.work(OPERATOR) as work:
        install_program(work, replace(SMALL, id="tom", forms=(), plans=()))
        work.add(OpenProgram(unit_id=filed.here, program="tom"))
    async with opened(filed, filed.start(program="tom")) as pilot:
        await press(pilot, "r")
        await until(pilot, lambda: "Programmet har inga formulär" in shown(pilot))
        await press(pilot, "3")
        assert "Momentet startade" in shown(pilot)


async def test_nothing_is_asked_for_in_maintenance_and_nothing_marked_by_others(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0))
    do(filed, filed.clinician, maintain_moment, moment)
    async with opened(filed, moment) as pilot:
        assert "r" not in keys(pilot)
        assert "m" in keys(pilot)


async def test_an_ended_moments_forms_can_be_read(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    do(filed, filed.clinician, end_moment, moment, "Klart", confirmed=True)
    async with opened(filed, moment) as pilot:
        await press(pilot, "enter")
        assert "Tillfälle 1 av 1" in shown(pilot)


async def test_hostile_answers_are_shown_as_they_stand(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, forms.given(0, 0, 0, **{"5": "[/x] [@click=app.quit]klick[/]" + " å" * 4_000}))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "enter")
        assert "[/x] [@click=app.quit]klick[/]" in shown(pilot)


# The graph


async def test_the_graph_has_bands_points_and_a_table(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0), (1, 1, 1), (3, 3, 1))
    async with opened(filed, moment, size=(140, 40)) as pilot:
        await press(pilot, "g")
        assert isinstance(document(pilot), GraphDocument)
        painted = shown(pilot)
        for words in (
            "● Mående: 7 av 9, egen nivå: mycket",
            "6 mycket┤",
            "3 en del┤",
            "Moduler ▾",
            "2026-03-05  7 av 9  +4",
        ):
            assert words in painted
        await press(pilot, "escape")
        assert "INFORMATION OM MOMENTET" in shown(pilot)


async def test_keys_show_a_part_of_the_time_and_the_nights_stand_on_the_same_axis(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0), (3, 3, 1))
    filed.answer(moment, json.dumps([NIGHT]), "dagbok")
    filed.clock.set(2026, 4, 2, 12)
    offered = {"z", "Z", "<", ">"}
    async with opened(filed, moment, size=(80, 60)) as pilot:
        await press(pilot, "g")
        assert "▲ Sömneffektivitet: " in shown(pilot)
        assert offered & {*keys(pilot)} == {"z"}
        await press(pilot, "z")
        assert "Graf   17 mars – 2 april" in shown(pilot)
        assert "Inga poäng under den här tiden." in shown(pilot)
        assert "2026-03-04  7 av 9  +5" in shown(pilot)  # the table is of all the time
        assert offered & {*keys(pilot)} == {"z", "Z", "<"}
        await press(pilot, "less_than_sign", "less_than_sign")
        assert "Graf   2 mars – 17 mars" in shown(pilot)
        assert offered & {*keys(pilot)} == {"z", "Z", ">"}
        assert "● Mående: 7 av 9" in shown(pilot)
        await press(pilot, "greater_than_sign", "Z")
        assert "mars" not in shown(pilot).split("\n")[0]
        assert offered & {*keys(pilot)} == {"z"}


async def test_without_scores_the_graph_says_what_will_fill_it(filed: Clinic) -> None:
    moment = filed.start(program="prov")
    filed.clock.set(2026, 4, 2, 12)
    async with opened(filed, moment) as pilot:
        await press(pilot, "g")
        assert "Inga poäng att visa än." in shown(pilot)
        assert "z" not in keys(pilot), "of nothing there is no part"


# The diary


@SIZES
async def test_the_diary_computes_and_shows_what_was_refused(filed: Clinic, size: tuple[int, int]) -> None:
    moment = filed.start(program="prov")
    filed.answer(moment, json.dumps(NIGHT), "dagbok")
    with filed.store.work(filed.resident()) as work:
        from store.care.form_answers import answer_form

        assert answer_form(work, moment, "dagbok", json.dumps({**NIGHT, "dag": "2026-03-01", "lade": "22.3O"}))
    async with opened(filed, moment, size=size) as pilot:
        assert "1 OLÄST DAGBOKSRAD" in shown(pilot)
        await press(pilot, "enter")
        assert isinstance(document(pilot), DiaryDocument)
        painted = shown(pilot)
        told = ("8 h 00", "6 h 30", "81 %", "✗ togs inte emot", "lade 22.3O; ", "klockslag", "Morgonen 2 mars. 1 natt")
        for words in (*told, "från att invånaren släckte till uppstigningen (Carney m.fl. 2012"):
            assert words in " ".join(painted.split())
        assert "(lade)" not in painted
        assert "{" not in painted
        assert unread(filed) == 0


def test_of_a_diary_only_what_is_filled_in_has_a_column_and_numbers_stand_under_each_other() -> None:
    nights = [
        DiaryRow("2026-03-02", 2, ("5", "", "Bra"), 2, Night(480, 390, 0.8125)),
        DiaryRow("2026-03-01", 1, ("120", "", "Varken bra eller dåligt"), 1),
    ]
    diary = Diary("dagbok", "Dagbok", "", (), ("Somna, min", "Vaknade, ggr", "Sömnen"), tuple(nights))
    drawn = [line.plain for line in draw_diaries((diary,), 80)]
    assert drawn[-3:] == [
        "Morgon      I säng    Sömn  Effektivitet  Somna, min  Sömnen",
        "2026-03-02  8 h 00  6 h 30          81 %           5  Bra",
        "2026-03-01       –       –             –         120  Varken bra eller dåligt",
    ]
    assert [line.plain for line in draw_diaries((diary,), 60)][-3:] == [
        "Morgon      I säng    Sömn  Effektivitet  Somna, min",
        "2026-03-02  8 h 00  6 h 30          81 %           5",
        "2026-03-01       –       –             –         120",
    ]


async def test_what_may_not_be_seen_any_longer_goes_from_the_screen(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 0))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "enter")
        assert "Tillfälle 1 av 1" in shown(pilot)
        do(filed, filed.admin, switch_clinician, moment, COLLEAGUE)
        await pilot.app.screen.changed()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "Du har inte längre tillgång till momentet." in shown(pilot)
        assert "Tillfälle 1 av 1" not in shown(pilot)
        assert "Berg" not in shown(pilot)


# Journalunderlag


async def test_one_key_copies_the_text_and_that_is_logged(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "j")
        assert isinstance(pilot.app.screen, JournalScreen)
        assert "Mående. Fråga 3: B" in shown(pilot)
        await press(pilot, "c")
        await until(pilot, lambda: "Kom den fram?" in shown(pilot))
        said = str(pilot.app.screen.query_one("#said", Static).content)
        assert "Journalunderlaget har skickats till terminalens urklipp (" in said
        assert "börjar «Stöd och behandling (1177): Ångest – prov Period:" in said
        assert f"sob visa {moment} --journal" in said
        assert "> FIL" in said
        assert pilot.app.clipboard.startswith("Stöd och behandling (1177): Ångest – prov\n")
        assert "Kom den fram?" in shown(pilot)
        assert focus(pilot) == "cancel"
        await press(pilot, "escape")
        assert filed.value("SELECT count(*) FROM event WHERE kind = 'journal-kopierad'") == 0
        assert "s" not in keys(pilot)
    row = "SELECT action, moment_id, details FROM log WHERE operation = 'copy_journal'"
    assert filed.log(row) == [("kopierade", moment, "skickat till terminalens urklipp")]


async def test_what_was_edited_is_copied_and_since_the_latest_copy_is_offered_once_confirmed(
    filed: Clinic,
) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "j", "e")
        area = pilot.app.screen.query_one("#text", TextArea)
        area.text = f"Egna ord [/x]\n{'å' * 10_000}"
        await press(pilot, "ctrl+s")
        assert "Egna ord [/x]" in shown(pilot)
        assert isinstance(pilot.app.screen, JournalScreen)
        await press(pilot, "escape")  # which would lose the words
        assert isinstance(pilot.app.screen, JournalScreen)
        assert notices(pilot) == [EDITED]
        await press(pilot, "c")
        await until(pilot, lambda: "Kom den fram?" in shown(pilot))
        assert pilot.app.clipboard == area.text
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: filed.value("SELECT count(*) FROM event WHERE kind = 'journal-kopierad'") == 1)
        await until(pilot, lambda: "s" in keys(pilot))  # there is a latest copy now
        await press(pilot, "escape")
        filed.clock.set(2026, 3, 4, 9)
        do(filed, filed.clinician, note_contact, moment, ContactSort.PHONE, 7, "Efteråt")
        await press(pilot, "j")
        assert "Mående" in shown(pilot)
        await press(pilot, "s")
        await until(pilot, lambda: "en del" not in shown(pilot))
        assert "Telefon, 7 min, Kim T1clinician: Efteråt" in shown(pilot)
        assert keys(pilot)["s"] == "Hela momentet"
        assert filed.value("SELECT count(*) FROM event WHERE facts LIKE '%Egna ord%'") == 0, "never saved as a record"


async def test_a_contact_is_noted_from_the_page(filed: Clinic) -> None:
    moment = filed.start()
    async with opened(filed, moment) as pilot:
        await press(pilot, "K")
        for words in ("Notera kontakt", "Berg, Åsa · KomIgång online", "Telefon"):
            assert words in shown(pilot)
        await press(pilot, "ctrl+s")
        assert "Skriv minuterna med siffror" in shown(pilot)
        await press(pilot, "1", "5", "tab", *"Bra [/x]", "shift+tab", "shift+tab", *"[/x]", "ctrl+s")
        assert "[/x] är ingen tid." in shown(pilot)
        await press(pilot, *["backspace"] * 4, *"2020-01-01 10.00", "ctrl+s")
        await until(pilot, lambda: "Ange då eller en" in shown(pilot))
        await press(pilot, *["backspace"] * 16, "ctrl+s")
        await until(pilot, lambda: bool(notices(pilot)))
        assert notices(pilot) == ["Kontakten är noterad."]
        assert "15 min (10–20)" in shown(pilot)
        await press(pilot, "3")
        assert "Kontakt, telefon, 15 min: Bra [/x]" in shown(pilot)


async def test_a_period_is_chosen_and_a_wrong_day_said_where_it_stands(filed: Clinic) -> None:
    moment, _ = measured(filed, (1, 1, 1), (1, 1, 2))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, "j", "p")
        pilot.app.screen.query_one("#first", Input).value = "4/3"
        await press(pilot, "ctrl+s")
        assert "4/3 är inget datum." in shown(pilot)
        assert pilot.app.screen.query_one("#first", Input).value == "4/3"
        pilot.app.screen.query_one("#first", Input).value = "2026-03-04"
        await press(pilot, "ctrl+s")
        await until(pilot, lambda: "Period: 2026-03-04–2026-03-04" in shown(pilot))
        assert focus(pilot) == "document"


@pytest.mark.parametrize("key", ["enter", "g", "d", "j"])
async def test_a_lost_database_is_said_and_what_stands_stays(filed: Clinic, key: str) -> None:
    moment, _ = measured(filed, (1, 1, 1))
    path = Path(filed.store.engine.url.removeprefix("sqlite:///"))
    async with opened(filed, moment, size=(100, 40)) as pilot:
        await press(pilot, key)
        before = shown(pilot)
        away = move(path, "borta")
        await pilot.app.screen.changed()  # type: ignore[attr-defined]
        await settled(pilot)
        if key == "j":
            assert shown(pilot) == before  # it stands as it was seen
        else:
            assert "Ingen kontakt med databasen." in shown(pilot)
        move(away, path.name)
        await pilot.app.screen.changed()  # type: ignore[attr-defined]
        await settled(pilot)
        assert "Ingen kontakt" not in shown(pilot)
    open_store(filed.store.engine.url).close()
