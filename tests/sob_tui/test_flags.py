"""`sob flagga`, `att-gora`, `dygn`, `tid` and `oversikt`; and the flags in `lista` and `visa`."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from sob_tui.commands.todo import _age
from store.care.day_run import begin_day
from store.care.endings import end_moment
from store.care.flags import add_flag
from store.foundation.access import SYSTEM
from store.foundation.clock import days_after, local_day, wall_clock
from store.foundation.flag_kinds import MatterKind, Severity
from store.people.sign_in import StaffActor
from store.views.matters import Matter
from tests.clinics import COLLEAGUE, GUARDIAN, HIDDEN, MONDAY, Clinic
from tests.forms import given
from tests.sob_tui.conftest import ADMIN, CLINICIAN, Sob, Typed

TODAY = local_day(wall_clock())
"""The commands go by the wall's clock; what a test does beside them happened in March."""
LATER = TODAY + timedelta(7)
RISK = "Svar ”C” på fråga 3 i Mående (2 av 3) – Fråga 3"


def at_risk(clinic: Clinic) -> str:
    moment = clinic.start(program="prov")
    clinic.answer(moment, given(0, 0, 2))
    return str(moment)


def flag(clinic: Clinic, moment: str, severity: Severity = Severity.WARNING, by: StaffActor | None = None) -> str:
    with clinic.store.work(by or clinic.clinician) as work:
        return str(add_flag(work, int(moment), "Ring.", severity=severity))


def test_a_flag_is_taken_taken_over_and_given_up(clinic: Clinic, sob: Sob) -> None:
    moment = at_risk(clinic)
    taken = sob("flagga", "ta", "1", "--json")
    assert (taken.code, taken.json["id"]) == (0, "1")
    (flag,), (matter, *_) = sob("flagga", "lista", moment, "--json").json, sob("att-gora", "--json", som=COLLEAGUE).json
    for one in (flag, matter):
        assert (one["taken_by"], one["taken_until"]) == (CLINICIAN, taken.json["taken_until"])
    said = re.search(r"Kim tar den sedan \d\d\.\d\d · ", sob("att-gora", som=COLLEAGUE).out)
    assert said
    refused = sob("flagga", "ta", "1", som=COLLEAGUE)
    assert (refused.code, f"{clinic.clinician.name} tar den sedan" in refused.err) == (3, True)
    assert sob("flagga", "ta", "1", "--ja", som=COLLEAGUE).code == 0
    assert sob("flagga", "slapp", "1").out == "Du hade inte tagit flaggan.\n"
    assert sob("flagga", "slapp", "1", "--json", som=COLLEAGUE).json == {"id": "1", "released": True}
    assert sob("flagga", "lista", moment, "--json").json[0]["taken_by"] is None
    assert sob("flagga", "ta", "4711").code == 4


def test_who_was_not_reached_is_tried_again(clinic: Clinic, sob: Sob) -> None:
    moment = at_risk(clinic)
    tried = ("flagga", "hantera", "1", "--anteckning", "Inget svar.", "--utfall", "nadde-inte", "--nasta")
    said = sob(*tried, f"{LATER} 14.30")
    assert (said.code, said.out) == (0, "Försöket är registrerat. Flaggan väntar kvar.\n")
    (flag,) = sob("flagga", "lista", moment, "--json").json
    assert (flag["handled"], flag["outcome"], flag["next_attempt"][:16]) == (None, None, f"{LATER}T14:30")
    assert [(one["by"], one["note"]) for one in flag["attempts"]] == [(clinic.clinician.name, "Inget svar.")]
    assert f"Nästa försök {LATER} 14.30." in sob("flagga", "lista", moment).out
    assert f"1 försök, nästa {LATER} 14.30 · " in sob("att-gora").out
    with clinic.store.work(clinic.clinician) as work:
        work.db.run("UPDATE flag SET next_attempt_at = :at", at=MONDAY)
    assert "1 försök, dags att försöka igen sedan 2026-03-02 10.00 · " in sob("att-gora").out
    for value, word in (("halv tre", "ingen tid"), (f"{TODAY - timedelta(1)} 14.30", "senare än nu")):
        refused = sob(*tried, value)
        assert (refused.code, word in refused.err) == (3, True)
    assert sob("flagga", "hantera", "1", "--anteckning", "x", "--utfall", "klart").code == 3
    assert sob("flagga", "hantera", "1", "--anteckning", "Plan.", "--utfall", "plan").code == 0
    assert sob("flagga", "lista", moment, "--json").json[0]["outcome"] == "plan"


def test_a_list_and_a_moment_have_their_open_flags(clinic: Clinic, sob: Sob) -> None:
    moment = at_risk(clinic)
    flag(clinic, moment)
    expected = [
        {"severity": "prioriterad", "reason": RISK},
        {"severity": "varning", "reason": "Ring."},
    ]
    assert sob("lista", "--json").json[0]["open_flags"] == expected
    assert sob("visa", moment, "--json").json["open_flags"] == expected
    for said in (sob("lista"), sob("visa", moment)):
        assert f"▲ prioriterad: {RISK} (och 1 till)" in said.out


def test_flags_are_listed_raised_and_handled(clinic: Clinic, sob: Sob) -> None:
    moment = at_risk(clinic)
    made = sob("flagga", "ny", moment, "--text", "Ring i dag", "--datum", str(TODAY), "--json")
    assert (made.code, made.err) == (0, "")
    risk, own = sob("flagga", "lista", moment, "--json").json
    assert risk == {
        "id": "1",
        "severity": "prioriterad",
        "reason": RISK,
        "raised": "2026-03-02T10:00:00+01:00",
        "handled": None,
        "note": None,
        "taken_by": None,
        "taken_until": None,
        "outcome": None,
        "next_attempt": None,
        "attempts": [],
    }
    assert (own["id"], own["severity"], own["reason"]) == (made.json["id"], "varning", "Ring i dag")
    lines = sob("flagga", "lista", moment).out.splitlines()
    assert f"  Satt {TODAY} av {clinic.clinician.name}, gäller från {TODAY}" in lines
    assert "  Satt 2026-03-02" in lines, "a rule's has neither"
    assert not [line for line in lines if line.startswith("Inga ") and "betyder inte" not in line]
    assert sob("flagga", "hantera", "1", "--anteckning", "Ringde.\nTid i morgon.").code == 0
    *_, handled = sob("flagga", "lista", moment, "--json").json
    assert (handled["handled"][:10], handled["note"]) == (str(TODAY), "Ringde.\nTid i morgon.")
    assert sob("flagga", "hantera", "1", "--anteckning", "Igen").err == "Flaggan är redan hanterad.\n"


def test_the_text_has_the_caution_and_the_units_instruction(clinic: Clinic, sob: Sob) -> None:
    moment = str(clinic.start(program="prov"))
    said = sob("flagga", "lista", moment)
    assert said.out.startswith("Inga flaggor\n\nInga flaggor betyder inte att det inte finns någon risk.")
    clinic.run("UPDATE unit SET risk_instruction = 'Ring samma dag.' WHERE id = :id", id=clinic.here)
    flag(clinic, moment, Severity.PRIORITY)
    assert "Så gör enheten" not in said.out
    seen = sob("flagga", "las", moment)
    assert (seen.code, seen.out) == (0, sob("flagga", "lista", moment).out)
    lines = sob("flagga", "lista", moment).out.splitlines()
    assert lines[:3] == [
        "▲ prioriterad: Ring. (flagga 1)",
        f"  Satt 2026-03-02 av {clinic.clinician.name}",
        f"  Sedd av {clinic.clinician.name} {TODAY}",
    ]
    assert lines[-1] == "Så gör enheten vid risk: Ring samma dag."
    sob("flagga", "hantera", "1", "--anteckning", "Ringde.")
    lines = sob("flagga", "lista", moment).out.splitlines()
    assert lines[3:6] == [
        f"  Hanterad {TODAY} av {clinic.clinician.name}, nådde invånaren",
        "    Ringde.",
        "Inga ohanterade flaggor",
    ]


def test_another_clinician_handles_a_priority_flag(clinic: Clinic, sob: Sob) -> None:
    moment = at_risk(clinic)
    (row,) = sob("lista", "--alla", "--json", som=COLLEAGUE).json
    assert row["open_flags"][0]["severity"] == "prioriterad"
    assert sob("lista", "--alla", som=COLLEAGUE).out.startswith("Prioriterade flaggor på enheten\n\nÅngest – prov\n")
    assert "Prioriterade flaggor på enheten" not in sob("lista", "--alla", som=ADMIN).out
    assert sob("visa", moment, som=COLLEAGUE).code == 0
    assert sob("att-gora", "--json", som=COLLEAGUE).json[0]["source"] == "formular-1"
    assert sob("flagga", "ny", moment, "--text", "x", som=COLLEAGUE).code == 4
    handled = sob("flagga", "hantera", "1", "--anteckning", "Ringde.", som=COLLEAGUE)
    assert (handled.code, handled.err) == (0, ""), "who may read no more is offered no text for the record"
    assert sob("visa", moment, som=COLLEAGUE).code == 4
    assert sob("lista", "--alla", "--json", som=COLLEAGUE).json == []


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("flagga", "hantera", "1", "--anteckning", " "), 3, "Skriv vad som har gjorts"),
        (("flagga", "hantera", "1"), 2, "Flaggan --anteckning saknas"),
        (("flagga", "hantera", "x", "--anteckning", "x"), 4, "Du har inte behörighet"),
        (("flagga", "hantera", "4711", "--anteckning", "x"), 4, "Du har inte behörighet"),
        (("flagga", "ny", "1", "--text", " "), 3, "Flaggan behöver en text"),
        (("flagga", "ny", "1", "--text", "x", "--datum", "2026-03-01"), 3, "Dagen har redan varit"),
        (("flagga", "ny", "1", "--text", "x", "--datum", "i morgon"), 3, ""),
        (("flagga", "ny", "1", "--text", "x", "--allvar", "akut"), 3, "--allvar är prioriterad, varning, upplysning."),
        (("flagga", "lista", "2"), 4, "Du har inte behörighet"),
        (("att-gora", "--skjut-upp", "flagga-1"), 2, "Ange --skjut-upp, --till och --skal tillsammans."),
        (("att-gora", "--skjut-upp", "flagga-1", "--till", "2026-03-09", "--skal", "x"), 3, "En prioriterad flagga"),
        (("att-gora", "--skjut-upp", "flagga-9", "--till", "2026-03-09", "--skal", "x"), 4, "Du har inte behörighet"),
        (("att-gora", "--for", COLLEAGUE), 4, "Du har inte behörighet"),
        (("dygn",), 4, "Du har inte behörighet"),
        (("oversikt",), 4, "Du har inte behörighet"),
        (("tid", "1", "--ratta", "2026-v99", "5"), 3, "2026-v99 är ingen vecka"),
        (("tid", "1", "--ratta", "2026-v10", "x"), 3, "Ange 0 till 2400 minuter."),
        (("tid", "2", "--ratta", "2026-v10", "x"), 4, "Du har inte behörighet"),
        (("tid", "1", "--ratta", "2026-v10"), 2, "Flaggan --ratta behöver ett värde"),
    ],
)
def test_refusals(clinic: Clinic, sob: Sob, words: tuple[str, ...], code: int, said: str) -> None:
    at_risk(clinic)
    found = sob(*words)
    assert (found.code, found.out) == (code, "")
    assert found.err.startswith(said)
    assert found.err.count("\n") == 1


def test_the_queue(clinic: Clinic, sob: Sob, typed: Typed) -> None:
    moment = at_risk(clinic)
    hidden = str(clinic.start(HIDDEN, "prov"))
    own = flag(clinic, hidden)
    typed(b"Hej")
    assert sob("invanare", "skriv", GUARDIAN, "--program", "prov", som=None).code != 0
    rows: list[dict[str, Any]] = sob("att-gora", "--json").json
    assert rows == [
        {
            "matter": "flagga-1",
            "moment": moment,
            "name": "Berg, Åsa",
            "kind": "flagga",
            "severity": "prioriterad",
            "reason": RISK,
            "since": "2026-03-02T10:00:00+01:00",
            "source": "formular-1",
            "stands_in_for": None,
            "taken_by": None,
            "taken_until": None,
        },
        {
            "matter": f"flagga-{own}",
            "moment": hidden,
            "name": None,
            "kind": "flagga",
            "severity": "varning",
            "reason": "Ring.",
            "since": "2026-03-02T10:00:00+01:00",
            "source": f"flagga-{own}",
            "stands_in_for": None,
            "taken_by": None,
            "taken_until": None,
        },
    ]
    said = sob("att-göra").out
    assert "Dold" not in said
    assert re.search(rf"flagga-1 +\d+ +Berg, Åsa +▲ prioriterad +{re.escape(RISK)} +\d+ dag", said)
    assert sob("att-gora", "--json", som=ADMIN).json == rows[:1]
    assert sob("att-gora", "--för", CLINICIAN, "--json", som=ADMIN).json == rows


def test_a_matter_is_set_aside(clinic: Clinic, sob: Sob) -> None:
    matter = f"flagga-{flag(clinic, str(clinic.start(program='prov')))}"
    said = sob("att-gora", "--skjut-upp", matter, "--till", str(LATER), "--skal", "Semester", "--json")
    assert (said.code, said.json) == (0, {"matter": matter, "until": str(LATER)})
    assert sob("att-gora", "--json").json == []
    assert sob("att-gora").out == "Inget väntar.\n"


def test_the_days_run(clinic: Clinic, sob: Sob) -> None:
    clinic.start(program="prov")
    said = sob("dygn", "--json", som=None)
    assert (said.code, list(said.json)) == (0, ["day", "raised", "left"])
    assert said.json["raised"] > 0  # by the wall's clock, long after the start
    assert re.fullmatch(
        r"Dygnets regler är körda för \d{4}-\d\d-\d\d: 0 flaggor är satta\.\n", sob("dygn", som=None).out
    )


def test_moments_that_the_days_run_had_to_leave_are_named_by_id_alone(clinic: Clinic, sob: Sob, home: Path) -> None:
    left = [clinic.start(program="prov"), clinic.start(GUARDIAN, "prov")]
    clinic.run("UPDATE moment SET last_active_at = :at", at=-(10**17))
    said = sob("dygn", "--json", som=None)
    assert (said.code, said.json["left"]) == (1, [str(moment) for moment in left])
    codes = re.findall(r"Felkod ([0-9a-f]{8})", said.err)
    assert said.err.splitlines() == [
        f"Moment {moment}: dygnets regler kunde inte köras. Felkod {codes[0]}. Uppge felkoden när du anmäler felet."
        for moment in left
    ]
    (log,) = home.rglob("crash.log")
    assert log.read_text("utf-8").count(codes[0]) == 1


def test_a_second_run_is_refused(clinic: Clinic, sob: Sob) -> None:
    clinic.clock.now = wall_clock()
    with clinic.store.work(SYSTEM) as work:
        begin_day(work)
    said = sob("dygn", som=None)
    assert (said.code, said.err) == (3, "Dygnskörningen pågår redan. Vänta tills den är klar.\n")


def test_time_is_shown_and_put_right(clinic: Clinic, sob: Sob) -> None:
    moment = str(clinic.start(program="prov"))
    assert sob("tid", moment).out == "Ingen tid är noterad.\n"
    assert sob("tid", moment, "--rätta", "2026-v08", "25").code == 0
    assert sob("tid", moment, "--ratta", "2026-v09", "15", som=ADMIN).code == 0
    assert sob("tid", moment, "--json").json == [
        {"week": "2026-W09", "minutes": 15, "own": 0},
        {"week": "2026-W08", "minutes": 25, "own": 25},
    ]
    assert sob("tid", moment).out.splitlines()[0] == "Vecka     Minuter  Dina"


def test_the_units_overview(clinic: Clinic, sob: Sob) -> None:
    at_risk(clinic)
    first, second = sob("översikt", "--json", som=ADMIN).json
    assert first == {
        "clinician": CLINICIAN,
        "name": clinic.clinician.name,
        "active": True,
        "moments": 1,
        "waiting": 1,
        "priority_flags": 1,
        "oldest": "2026-03-02T10:00:00+01:00",
        "minutes": 0,
        "stands_in_for": [],
        "substitute": None,
        "lost_substitute": False,
    }
    assert (second["clinician"], second["waiting"], second["oldest"]) == (COLLEAGUE, 0, None)
    assert sob("oversikt", som=ADMIN).out.splitlines()[0].split() == [
        "HSA-id", "Behandlare", "Moment", "Väntar", "Prioriterade", "Äldsta", "Minuter", "i", "veckan",
    ]  # fmt: skip


def test_a_hostile_reason_reaches_no_terminal(clinic: Clinic, sob: Sob) -> None:
    moment = str(clinic.start(program="prov"))
    made = sob("flagga", "ny", moment, "--text", "[/x]\x1b]52;c;aGVq\x07 \u202eRing")
    assert made.code == 0
    for words in (("flagga", "lista", moment), ("att-gora",), ("lista",), ("visa", moment)):
        out = sob(*words).out
        assert "[/x]" in out
        assert "\x1b" not in out
        assert "\u202e" not in out


def test_the_practice_cast_has_something_of_everything(practice: str, capsys: pytest.CaptureFixture[str]) -> None:
    sob = Sob(capsys, practice)
    karin = "SE2321000040-OV01"
    rows = sob("att-gora", "--json", som=karin).json
    assert rows[0]["severity"] == "prioriterad"
    kinds = {row["kind"] for row in rows}
    assert kinds >= {"flagga", "meddelande", "hemuppgift", "forsamring", "formular", "tyst", "saknas"}
    (lena,) = (row for row in sob("lista", "--json", som=karin).json if row["personnummer"] == "198001022386")
    assert (lena["unread_forms"], lena["unread_messages"]) == (0, 0)
    said = sob("flagga", "lista", rows[0]["moment"], "--enhet", "SE2321000040-OVN1", som="SE2321000040-OV12")
    assert "Så gör enheten vid risk: Ring" in said.out


def test_what_a_rule_closed_is_not_said_to_be_handled(clinic: Clinic, sob: Sob) -> None:
    moment = str(clinic.start(program="prov"))
    flag(clinic, moment)
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, int(moment), "Klart", confirmed=True)
    lines = sob("flagga", "lista", moment).out.splitlines()
    assert "  Stängd 2026-03-02 av systemet" in lines
    assert "    Momentet avslutades." in lines
    assert not [line for line in lines if "Hanterad" in line]


@pytest.mark.parametrize(
    ("days", "working_days", "said"),
    [(0, 0, "i dag"), (1, 0, "1 dag"), (2, 0, "2 dagar"), (5, 1, "1 arbetsdag"), (5, 3, "3 arbetsdagar")],
)
def test_how_long_a_matter_has_waited(days: int, working_days: int, said: str) -> None:
    since = days_after(MONDAY, -days)
    matter = Matter(
        "m-1", 1, 1, "Berg, Åsa", False, "Prov", "SE1", MatterKind.MESSAGE, "", since, working_days=working_days
    )
    assert _age(matter, MONDAY) == said
