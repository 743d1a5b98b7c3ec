"""Starting a moment: every refusal and warning with its own sentence and field (domain.md §2, §3.1)."""

import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from stdnum import luhn

from store.care.endings import end_moment
from store.care.look_up import Echo, look_up_resident
from store.care.programs import install_program
from store.care.starting import start_moment
from store.foundation.access import OPERATOR, Role
from store.foundation.clock import iso_local
from store.foundation.errors import NeedsConfirmation, NotPermitted, Refused
from store.people.new_resident import NewResident
from store.people.residents import Guardian
from store.people.sign_in import StaffActor
from store.people.staff import AssignmentRole
from tests.clinics import (
    ADULT,
    CHILD,
    COLLEAGUE,
    ELSEWHERE,
    GUARDIAN,
    HIDDEN,
    INACTIVE,
    SMALL,
    UNKNOWN,
    Clinic,
    hsa_id_of,
    register,
)

NEW = NewResident(family_name="Ny", given_name="Nils", region="05")


def look_up(clinic: Clinic, identity: str) -> Echo:
    with clinic.store.read(clinic.clinician) as work:
        return look_up_resident(work, identity)


# --- what starting brings ---


def test_the_starter_is_responsible(clinic: Clinic) -> None:
    moment = clinic.start("8001022386")
    row = clinic.rows(
        "SELECT resident_id, unit_id, program, responsible_id, status, started_at, last_active_at, purge_by, sort_name,"
        " unread_forms, unread_messages, drafts, open_flags, priority_flags, severity_rank FROM moment"
    )
    who = clinic.clinician
    assert row == [
        (
            clinic.adult,
            clinic.here,
            "komigang-online",
            who.staff_id,
            "pagaende",
            clinic.clock.now,
            None,
            "2028-03-02",
            "berg  {sa",
            0,
            0,
            0,
            0,
            0,
            3,
        )
    ]
    assert clinic.rows("SELECT moment_id, kind, actor_name, facts FROM event") == [
        (moment, "startat", who.name, f'{{"responsible": "{who.name}"}}')
    ]


def test_all_modules_that_the_program_opens_are_opened(clinic: Clinic) -> None:
    whole, part = clinic.start(), clinic.start(program="prov")
    opened = clinic.rows("SELECT moment_id, module, opened_at FROM momentmodule ORDER BY moment_id, module")
    now = clinic.clock.now
    assert len([row for row in opened if row[0] == whole]) == 8
    assert [row for row in opened if row[0] == part] == [(part, "start", now)]


@pytest.mark.parametrize(
    ("now", "reminder"),
    [
        ((2026, 3, 2, 9), "2026-03-16T10:00:00+01:00"),
        ((2026, 3, 20, 9), "2026-04-03T10:00:00+02:00"),
        ((2026, 10, 20, 8), "2026-11-03T10:00:00+01:00"),
    ],
)
def test_an_avisering_goes_now_and_a_reminder_after_two_weeks(
    clinic: Clinic, now: tuple[int, ...], reminder: str
) -> None:
    """At the same time of day, whatever the clocks do meanwhile."""
    clinic.clock.set(*now)
    moment = clinic.start()
    due = clinic.rows("SELECT moment_id, unit_id, kind, state, due_at FROM notice ORDER BY due_at")
    assert [row[:4] for row in due] == [
        (moment, clinic.here, "program-startat", "vantar"),
        (moment, clinic.here, "paminnelse", "vantar"),
    ]
    assert [iso_local(row[4]) for row in due] == [iso_local(clinic.clock.now), reminder]


def test_a_program_without_reminders_sends_none(clinic: Clinic) -> None:
    clinic.start(program="prov")
    assert clinic.rows("SELECT kind FROM notice") == [("program-startat",)]


def test_a_new_moment_takes_the_newest_version(clinic: Clinic) -> None:
    first = clinic.start(program="prov")
    with clinic.store.work(OPERATOR) as work:
        newer = install_program(work, replace(SMALL, version="0.5", title="Ny titel"))
    second = clinic.start(CHILD, "prov")
    versions = dict(clinic.rows("SELECT id, version_id FROM moment"))
    assert versions[second] == newer != versions[first]


def test_another_program_and_an_ended_moment_need_no_confirmation(clinic: Clinic) -> None:
    first = clinic.start()
    clinic.start(program="prov")
    with clinic.store.work(clinic.clinician) as work:
        end_moment(work, first, "Övrigt")
    clinic.start()
    assert clinic.value("SELECT count(*) FROM moment") == 3


# --- who starts, and for whom ---


def test_an_admin_names_the_clinician(clinic: Clinic) -> None:
    clinic.start(by=clinic.admin, responsible=COLLEAGUE)
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.colleague.staff_id


def test_an_admin_who_is_no_clinician_must_name_one(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="Välj ansvarig behandlare") as error:
        clinic.start(by=clinic.admin)
    assert error.value.field == "behandlare"


def test_an_admin_who_is_a_clinician_need_not(clinic: Clinic) -> None:
    with clinic.store.work(OPERATOR) as work:
        row = AssignmentRole(staff_id=clinic.colleague.staff_id, unit_id=clinic.here, role=Role.RESIDENT_ADMIN.value)
        work.add(row)
    clinic.start(by=clinic.colleague)
    assert clinic.value("SELECT responsible_id FROM moment") == clinic.colleague.staff_id


def test_a_clinician_may_name_only_herself(clinic: Clinic) -> None:
    with pytest.raises(NotPermitted):
        clinic.start(responsible=COLLEAGUE)
    with pytest.raises(NotPermitted):
        clinic.start("nonsense", "nonsense", responsible=COLLEAGUE)
    clinic.start(responsible=clinic.clinician.hsa_id)


@pytest.mark.parametrize(
    "hsa_id", [INACTIVE, hsa_id_of(Role.DATA_ADMIN), hsa_id_of(Role.CLINICIAN).replace("T1", "T2"), "SE-nobody"]
)
def test_the_responsible_must_be_an_active_clinician_of_the_unit(clinic: Clinic, hsa_id: str) -> None:
    with pytest.raises(Refused, match="är inte aktiv behandlare på enheten") as error:
        clinic.start(by=clinic.admin, responsible=hsa_id)
    assert error.value.field == "behandlare"


def test_what_was_typed_is_never_repeated_with_escape_sequences(clinic: Clinic) -> None:
    for options in ({"program": "\x1b]52;c;x\x07p"}, {"by": clinic.admin, "responsible": "\x1b[2J\u202ex"}):
        with pytest.raises(Refused) as error:
            clinic.start(**options)
        assert error.value.message.isprintable()


# --- refusals ---


@pytest.mark.parametrize(
    ("identity", "sentence"),
    [
        ("198001022387", "kontrollsiffra"),
        ("19800102-0002", "000"),
        ("19800102 2386", "bindestreck eller plus"),
        ("198001-022386", "bindestreck eller plus"),
        ("19800102T386", "interimsnummer"),
        ("19800102TF86", "reservnummer"),
        ("991234567890", "reservnummer"),
        ("198013022386", "Födelsedatumet i personnumret finns inte"),
        ("203001012380", "i framtiden"),
        ("", "Fyll i personnumret"),
        ("19800102", "tio eller tolv siffror"),
    ],
)
def test_a_number_that_cannot_be_used(clinic: Clinic, identity: str, sentence: str) -> None:
    for by in (clinic.start, lambda number: look_up(clinic, number)):
        with pytest.raises(Refused, match=sentence) as error:
            by(identity)
        assert error.value.field == "personnummer"


def test_a_program_that_does_not_exist(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="Programmet nonsens finns inte") as error:
        clinic.start(program="nonsens")
    assert error.value.field == "program"


def test_a_program_that_is_not_open_to_the_unit_says_the_way_there(clinic: Clinic) -> None:
    with pytest.raises(
        Refused, match=r"inte öppet för enheten.*chef.*IT-kundservice på 14141.*Tjänstekatalogen"
    ) as error:
        clinic.start(program="prov", by=clinic.stranger)
    assert error.value.field == "program"


def test_a_units_own_support_is_named_there(clinic: Clinic) -> None:
    clinic.run("UPDATE unit SET support = 'Anna, 040-1.'")
    with pytest.raises(Refused, match=r"när du har fått ok, vänd dig till: Anna, 040-1\.$"):
        clinic.start(program="prov", by=clinic.stranger)


def test_a_unit_for_its_own_region_refuses_others(clinic: Clinic) -> None:
    with pytest.raises(Refused, match=r"annan region.*Personalverktyget 1177") as error:
        clinic.start(ELSEWHERE, by=clinic.stranger, confirmed=True)
    assert error.value.field == "personnummer"
    clinic.start(ELSEWHERE)
    clinic.start(ADULT, by=clinic.stranger, confirmed=True)


def test_a_unit_for_its_own_region_wants_to_know_the_region(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="inte känt var invånaren är skriven") as error:
        clinic.start(UNKNOWN, by=clinic.stranger, confirmed=True, new_resident=replace(NEW, region=""))
    assert error.value.field == "region"
    with pytest.raises(Refused, match="annan region"):
        clinic.start(UNKNOWN, by=clinic.stranger, confirmed=True, new_resident=replace(NEW, region="12"))
    clinic.start(UNKNOWN, by=clinic.stranger, confirmed=True, new_resident=NEW)


# --- warnings ---


def untrain(clinic: Clinic, somebody: StaffActor) -> None:
    clinic.run("DELETE FROM training WHERE staff_id = :staff", staff=somebody.staff_id)


def test_a_clinician_without_training_is_warned(clinic: Clinic) -> None:
    untrain(clinic, clinic.stranger)
    with pytest.raises(NeedsConfirmation) as error:
        clinic.start(by=clinic.stranger)
    assert error.value.warnings == (
        f"{clinic.stranger.name} har ingen registrerad utbildning för KomIgång online. "
        "För alla program krävs utbildning.",
    )
    clinic.start(by=clinic.stranger, confirmed=True)


def test_training_is_asked_of_the_responsible_not_of_the_starter(clinic: Clinic) -> None:
    clinic.start(by=clinic.admin, responsible=COLLEAGUE)
    untrain(clinic, clinic.colleague)
    with pytest.raises(NeedsConfirmation, match="colleague"):
        clinic.start(CHILD, by=clinic.admin, responsible=COLLEAGUE)


def test_a_program_may_say_that_it_needs_no_training(clinic: Clinic) -> None:
    clinic.start(program="prov")


@pytest.mark.parametrize("status", ["pagaende", "vidmakthallande"])
def test_a_second_moment_of_one_program_needs_a_yes(clinic: Clinic, status: str) -> None:
    moment = clinic.start()
    clinic.run("UPDATE moment SET status = :status", status=status)
    with pytest.raises(NeedsConfirmation) as error:
        clinic.start(by=clinic.colleague)
    assert error.value.warnings == (
        f"Invånaren har redan KomIgång online pågående hos {clinic.clinician.name}, startat 2026-03-02.",
    )
    assert clinic.start(by=clinic.colleague, confirmed=True) > moment


def test_a_moment_on_another_unit_is_nobodys_business(clinic: Clinic) -> None:
    clinic.start()
    untrain(clinic, clinic.stranger)
    with pytest.raises(NeedsConfirmation) as error:
        clinic.start(by=clinic.stranger)
    assert len(error.value.warnings) == 1
    assert "utbildning" in error.value.warnings[0]


def test_all_warnings_come_at_once(clinic: Clinic) -> None:
    clinic.start(by=clinic.stranger)
    untrain(clinic, clinic.stranger)
    with pytest.raises(NeedsConfirmation) as error:
        clinic.start(by=clinic.stranger)
    assert len(error.value.warnings) == 2
    assert clinic.value("SELECT count(*) FROM moment") == 1


def test_a_refusal_comes_before_a_warning(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="annan region"):
        clinic.start(ELSEWHERE, by=clinic.stranger)


def test_two_that_start_the_same_at_once_get_one_moment_and_one_sentence(clinic: Clinic) -> None:
    together = threading.Barrier(2)
    actors = (clinic.clinician, clinic.colleague)

    def start(which: int) -> str:
        together.wait(15)
        try:
            with clinic.store.work(actors[which]) as work:
                start_moment(work, UNKNOWN, "komigang-online", new_resident=NEW)
        except NeedsConfirmation as warning:
            return warning.message
        return "started"

    with ThreadPoolExecutor(2) as pool:
        said = sorted(pool.map(start, range(2)))
    assert said[1] == "started"
    assert said[0].startswith("Invånaren har redan KomIgång online pågående hos Kim ")
    assert clinic.rows("SELECT count(*), count(DISTINCT resident_id) FROM moment") == [(1, 1)]
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = :number", number=UNKNOWN) == 1


# --- a resident whom the register does not know ---


def test_somebody_unknown_must_be_named(clinic: Clinic) -> None:
    with pytest.raises(Refused, match="finns inte i registret") as error:
        clinic.start(UNKNOWN)
    assert error.value.field == "efternamn"


@pytest.mark.parametrize(
    ("typed", "written"),
    [
        (NEW, ("Ny", "Nils", "05", "", "", "ingen")),
        (replace(NEW, mobile="0701740606", email="nils@example.org"), ("Ny", "Nils", "05", "0701740606",
         "nils@example.org", "sms")),
        (replace(NEW, region="", email="nils@example.org"), ("Ny", "Nils", "", "", "nils@example.org", "epost")),
        (replace(NEW, family_name="  \x1b[31mNy\u202e \n Ny ", given_name="[/x]"),
         ("Ny Ny", "[/x]", "05", "", "", "ingen")),
    ],
)  # fmt: skip
def test_somebody_unknown_is_added_as_typed(clinic: Clinic, typed: NewResident, written: tuple[str, ...]) -> None:
    clinic.start(UNKNOWN, new_resident=typed)
    columns = "family_name, given_name, region, mobile, email, channel, protection, entered_by_hand"
    assert clinic.rows(f"SELECT {columns} FROM resident WHERE personnummer = :number", number=UNKNOWN) == [
        (*written, "", 1)
    ]
    logged = clinic.log_value("SELECT resident_name FROM log WHERE operation = 'start_moment'")
    assert logged == f"{written[0]}, {written[1]}"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"family_name": ""}, "efternamn"),
        ({"family_name": "x" * 10_000}, "efternamn"),
        ({"given_name": "\x1b[2J"}, "fornamn"),
        ({"mobile": "12"}, "mobil"),
        ({"email": "nobody"}, "epost"),
        ({"region": "99"}, "region"),
    ],
)
def test_what_is_typed_wrongly_is_refused_at_its_field(clinic: Clinic, change: dict[str, str], field: str) -> None:
    with pytest.raises(Refused) as error:
        clinic.start(UNKNOWN, new_resident=replace(NEW, **change))
    assert error.value.field == field
    assert clinic.value("SELECT count(*) FROM resident WHERE personnummer = :number", number=UNKNOWN) == 0


def test_what_is_typed_of_somebody_known_changes_nothing(clinic: Clinic) -> None:
    clinic.start(new_resident=NEW)
    assert clinic.rows("SELECT family_name, entered_by_hand FROM resident WHERE id = :id", id=clinic.adult) == [
        ("Berg", 0)
    ]


# --- the echo ---


def test_the_echo_says_whom_the_number_means(clinic: Clinic) -> None:
    echo = look_up(clinic, "800102-2386")
    assert (echo.number.value, echo.display, echo.age, echo.sex, echo.name) == (
        ADULT,
        "19800102-2386",
        46,
        "kvinna",
        "Berg, Åsa",
    )
    assert (echo.is_protected, echo.said) == (False, ())


def test_an_exact_hit_is_logged_and_a_miss_is_not(clinic: Clinic) -> None:
    look_up(clinic, ADULT)
    assert look_up(clinic, UNKNOWN).name is None
    rows = clinic.log("SELECT personnummer, unit_id, operation FROM log WHERE action = 'läste'")
    assert rows == [(ADULT, clinic.here, "look_up_resident")]


PROXY = "Invånaren är under 13 år. Vårdnadshavare kan agera ombud om programmets syfte kräver det."
PROTECTED = "Invånaren har skyddade personuppgifter. Program kan startas, men inget ombud kan agera."
NO_CHANNEL = "Invånaren tar inte emot aviseringar i 1177. Ingen avisering om programmet når fram."
NO_PROXY_TOLD = "Inget ombud tar emot aviseringar i 1177. Ingen avisering om programmet når fram."
NO_MOBILE = "Invånaren tar emot aviseringar som sms, men mobilnumret saknas. Ingen avisering om programmet når fram."
HIDDEN_GUARDIAN = "Invånaren är under 13 år, men vårdnadshavaren har skyddade personuppgifter och kan inte agera ombud."


@pytest.mark.parametrize(
    ("number", "said"),
    [
        (ADULT, ()),
        (UNKNOWN, ()),
        ("202001022389", (PROXY,)),
        (CHILD, (PROXY, NO_PROXY_TOLD)),
        (HIDDEN, (PROTECTED, NO_CHANNEL)),
        ("196109732393", ()),
    ],
)
def test_what_is_only_said(clinic: Clinic, number: str, said: tuple[str, ...]) -> None:
    assert look_up(clinic, number).said == said


@pytest.mark.parametrize(
    ("number", "change", "said"),
    [
        (CHILD, {GUARDIAN: "channel = 'sms', mobile = '0701740605'"}, (PROXY,)),
        (ADULT, {ADULT: "channel = 'sms', mobile = ''"}, (NO_MOBILE,)),
    ],
)
def test_what_counts_is_whether_a_notice_reaches_anybody(
    clinic: Clinic, number: str, change: dict[str, str], said: tuple[str, ...]
) -> None:
    for whose, what in change.items():
        clinic.run(f"UPDATE resident SET {what} WHERE personnummer = :whose", whose=whose)
    assert look_up(clinic, number).said == said


def test_who_turns_thirteen_today_needs_no_ombud(clinic: Clinic) -> None:
    clinic.clock.set(2032, 12, 31, 22, 59)
    assert look_up(clinic, CHILD).said[0] == PROXY
    clinic.clock.set(2032, 12, 31, 23)
    assert look_up(clinic, CHILD).said == (NO_CHANNEL,)


def test_an_unknown_birth_date_is_said(clinic: Clinic) -> None:
    number = "19610060980"  # a samordningsnummer without a month or a day; the serial is nobody's
    echo = look_up(clinic, number + luhn.calc_check_digit(number[2:]))
    assert (echo.age, echo.said) == (None, ("Samordningsnumret saknar känt födelsedatum.",))


def test_a_protected_guardian_cannot_be_ombud(clinic: Clinic) -> None:
    clinic.run("UPDATE resident SET protection = 'sekretessmarkering' WHERE personnummer = :number", number=GUARDIAN)
    assert look_up(clinic, CHILD).said[0] == HIDDEN_GUARDIAN
    assert not clinic.resident(CHILD).is_proxy
    with clinic.store.work(OPERATOR) as work:
        ((child,),) = work.db.rows("SELECT id FROM resident WHERE personnummer = :number", number=CHILD)
        work.add(Guardian(child_id=child, guardian_id=register(work, "189001019802")))
    assert look_up(clinic, CHILD).said[0] == PROXY
    assert clinic.resident(CHILD).is_proxy


def test_a_protected_child_starts_and_has_no_ombud(clinic: Clinic) -> None:
    clinic.run("UPDATE resident SET protection = 'skyddad-folkbokforing' WHERE personnummer = :number", number=CHILD)
    assert look_up(clinic, CHILD).said[0] == PROTECTED
    clinic.start(CHILD)
    assert clinic.value("SELECT sort_name FROM moment") == "~"
    assert not clinic.resident(CHILD).is_proxy


@pytest.mark.parametrize(("year", "is_said"), [(2000, False), (2001, True)])
def test_an_age_over_110_is_pointed_out(clinic: Clinic, year: int, is_said: bool) -> None:
    clinic.clock.set(year, 1, 2)
    with clinic.store.work(clinic.clinician) as work:
        said = " ".join(look_up_resident(work, "189001019802").said)
    assert ("Kontrollera århundradet" in said) is is_said
