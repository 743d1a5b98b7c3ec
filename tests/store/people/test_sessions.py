"""Signing in to a real store: invitations, enrolment, sessions and their clocks, and each way in refused."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from store.care.day_run import run_day
from store.care.drafts import save_draft
from store.care.staffing import inactivate_staff, take_role
from store.care.starting import start_moment
from store.foundation.access import OPERATOR, Actor, Role
from store.foundation.clock import Instant
from store.foundation.errors import NotPermitted, Refused
from store.people.enrolment import REVIEWED, enrol, look_at_invitation
from store.people.invitations import InvitationRefused, invite, reset_account
from store.people.own_account import new_backup_codes, replace_passphrase
from store.people.session_clock import Clocks, Over, SessionOver
from store.people.sessions import Opened, sign_in_by, sign_out, unlock
from store.people.sign_in import StaffActor, sign_in
from store.people.signed_in import at_work, at_work_above, note_presence, session_by
from store.people.throttling import Throttled
from store.people.ways_in import PassphraseAndCode, ProofRefused
from tests.clinics import ADULT, COLLEAGUE, HERE, INACTIVE, PREFIX, PROVIDER_ADMIN, THERE, Clinic, hsa_id_of
from tests.signing_in import KEPT, PASSPHRASE, code_now, give_account, let_in

MINUTE = 60_000
HOUR = 60 * MINUTE
DAY = 24 * HOUR
ADMIN = hsa_id_of(Role.ACCESS_ADMIN)
SECRET = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
NEW = "nya korrekta hästar"


@pytest.fixture
def real(clinic: Clinic) -> Clinic:
    """The clinic as a real store."""
    clinic.run("UPDATE store_info SET kind = 'real'")
    clinic.store.kind = "real"
    return clinic


@pytest.fixture
def known(real: Clinic) -> Clinic:
    """A real store where the colleague has an account."""
    with real.store.work(OPERATOR) as work:
        give_account(work, COLLEAGUE, SECRET)
    return real


def pass_(clinic: Clinic, milliseconds: int) -> None:
    clinic.clock.now = Instant(clinic.clock.now + milliseconds)


def do(clinic: Clinic, act: Callable[..., Any], *arguments: Any, by: Actor = OPERATOR, **options: Any) -> Any:
    with clinic.store.work(by) as work:
        return act(work, *arguments, **options)


def come_in(clinic: Clinic, passphrase: str = PASSPHRASE, code: str | None = None, who: str = COLLEAGUE) -> Opened:
    code = code_now(clinic.store, SECRET) if code is None else code
    return sign_in_by(clinic.store, who, PassphraseAndCode(passphrase, code), "dator")


def assign(clinic: Clinic, staff: int, unit: int) -> None:
    """Let somebody work on a unit too, without a role."""
    clinic.run("INSERT INTO assignment (staff_id, unit_id, active) VALUES (:staff, :unit, 1)", staff=staff, unit=unit)


def enrol_by(clinic: Clinic, invitation: str, who: str = COLLEAGUE, code: str | None = None) -> Opened:
    visitor = look_at_invitation(clinic.store, who, invitation, "dator")
    with clinic.store.work(visitor) as work:
        return enrol(work, who, "dator", invitation, KEPT, SECRET, code=code)


def works(clinic: Clinic, actor: StaffActor) -> bool:
    """Whether somebody can do something now."""
    try:
        with clinic.store.read(actor):
            return True
    except NotPermitted:
        return False


def log(clinic: Clinic, number: int = 1) -> list[tuple[Any, ...]]:
    rows = clinic.rows("SELECT operation, actor_hsa_id, outcome, reason FROM log ORDER BY id DESC")
    return rows[:number][::-1]


# --- from invitation to session ---


def test_an_invitation_becomes_an_account_and_a_session_once(real: Clinic) -> None:
    admin = let_in(real.store, real.someone(Role.ACCESS_ADMIN))
    invitation = do(real, invite, COLLEAGUE.lower(), by=admin)
    opened = enrol_by(real, invitation.lower().replace("-", ""), code=code_now(real.store, SECRET))
    assert (opened.hsa_id, len(set(opened.backup_codes))) == (COLLEAGUE, 10)
    assert works(real, at_work(real.store, COLLEAGUE, opened.id))
    assert session_by(real.store, opened.token) == (opened.id, COLLEAGUE)
    assert log(real, 3) == [("invite", ADMIN, "gjort", "")] + [("enrol", COLLEAGUE, "gjort", "")] * 2
    with pytest.raises(InvitationRefused):
        enrol_by(real, invitation)
    with pytest.raises(Refused, match="redan ett konto"):
        do(real, invite, COLLEAGUE)


def test_no_secret_is_in_the_store_or_its_log(real: Clinic) -> None:
    invitation = do(real, invite, COLLEAGUE)
    opened = enrol_by(real, invitation)
    come_in(real)
    kept = str([real.rows(f"SELECT * FROM {table}") for table in ("log", "invitation", "backupcode", "staffsession")])
    kept += str(real.rows("SELECT passphrase FROM account"))
    secrets = [invitation, invitation.replace("-", ""), opened.token, *opened.backup_codes, PASSPHRASE, SECRET]
    assert [secret for secret in secrets if secret in kept] == []


def test_the_authenticators_secret_lies_sealed_in_a_store_with_keys(sealed: Clinic) -> None:
    invitation = do(sealed, invite, COLLEAGUE)
    enrol_by(sealed, invitation)
    assert SECRET not in sealed.value("SELECT totp_secret FROM account")
    assert come_in(sealed).hsa_id == COLLEAGUE


@pytest.mark.parametrize("case", ["wrong", "another's", "old", "replaced", "unknown name"])
def test_an_invitation_is_refused_with_one_sentence(real: Clinic, case: str) -> None:
    invitation, who = do(real, invite, COLLEAGUE), COLLEAGUE
    if case == "wrong":
        invitation = invitation[:-1] + ("0" if invitation[-1] != "0" else "1")
    elif case == "another's":
        who = hsa_id_of(Role.CLINICIAN)
    elif case == "unknown name":
        who = f"{PREFIX}INGEN"
    elif case == "old":
        pass_(real, 7 * DAY)
    else:
        do(real, invite, COLLEAGUE)
    with pytest.raises(InvitationRefused):
        enrol_by(real, invitation, who)
    assert log(real) == [("see_invitation", who, "nekat", "inbjudan")]


def test_an_invitation_is_good_for_seven_days(real: Clinic) -> None:
    invitation = do(real, invite, COLLEAGUE)
    pass_(real, 7 * DAY - 1)
    assert enrol_by(real, invitation)


def test_who_may_invite_whom(real: Clinic) -> None:
    here, there = (let_in(real.store, real.someone(Role.ACCESS_ADMIN, unit)) for unit in (HERE, THERE))
    with pytest.raises(NotPermitted, match="har inte behörighet"):
        do(real, invite, COLLEAGUE, by=there)
    with pytest.raises(Refused, match="inaktiv på enheten"):
        do(real, invite, INACTIVE, by=here)
    with pytest.raises(Refused, match="inte aktiv på någon enhet"):
        do(real, invite, INACTIVE)
    with pytest.raises(Refused, match="Ingen har HSA-id"):
        do(real, invite, f"{PREFIX}INGEN")
    assign(real, real.provider_admin.staff_id, real.here)
    with pytest.raises(NotPermitted, match="görs av driften"):
        do(real, invite, PROVIDER_ADMIN, by=here)
    opened = enrol_by(real, do(real, invite, PROVIDER_ADMIN), PROVIDER_ADMIN)
    assert at_work_above(real.store, PROVIDER_ADMIN, opened.id).roles == {Role.PROVIDER_ADMIN}


def test_enrolment_asks_for_a_code_of_the_secret(real: Clinic) -> None:
    invitation = do(real, invite, COLLEAGUE)
    with pytest.raises(Refused, match="hemliga nyckeln"):
        enrol_by(real, invitation, code="000000")
    code = code_now(real.store, SECRET)
    enrol_by(real, invitation, code=code)
    with pytest.raises(Refused, match="redan använd"):
        come_in(real, code=code)


# --- each way in, refused ---

REFUSED: dict[str, tuple[str, str, str]] = {
    "wrong passphrase": (COLLEAGUE, PASSPHRASE + "!", ""),
    "wrong code": (COLLEAGUE, PASSPHRASE, "000000"),
    "no code": (COLLEAGUE, PASSPHRASE, " "),
    "a code on paper that is none": (COLLEAGUE, PASSPHRASE, "AAAAA-AAAAA-AAAAA"),
    "unknown name": (f"{PREFIX}INGEN", PASSPHRASE, ""),
    "no account": (hsa_id_of(Role.CLINICIAN), PASSPHRASE, ""),
}


@pytest.mark.parametrize("case", REFUSED)
def test_a_proof_that_is_wrong_is_refused_with_one_sentence(known: Clinic, case: str) -> None:
    who, passphrase, code = REFUSED[case]
    with pytest.raises(ProofRefused) as error:
        come_in(known, passphrase, code or code_now(known.store, SECRET), who)
    assert error.value.message == "HSA-id, lösenfras eller kod stämmer inte. Kontrollera dem och försök igen."
    assert log(known) == [("open_session", who, "nekat", "inloggning")]
    assert known.rows("SELECT id FROM staffsession") == []


def test_a_code_is_used_once_by_authenticator_and_on_paper(known: Clinic) -> None:
    code = code_now(known.store, SECRET)
    come_in(known, code=code)
    with pytest.raises(Refused, match="redan använd"):
        come_in(known, code=code)
    known.run("DELETE FROM account")
    known.run("DELETE FROM backupcode")
    with known.store.work(OPERATOR) as work:
        _, (paper, *_) = give_account(work, COLLEAGUE, SECRET)
    assert come_in(known, code=paper).news[0].startswith("Du loggade in med en reservkod. Kvar finns 9.")
    with pytest.raises(ProofRefused):
        come_in(known, code=paper)


def test_what_is_no_hsa_id_is_refused_and_logged_nowhere(known: Clinic) -> None:
    """A passphrase may be typed in the wrong field."""
    before = known.value("SELECT count(*) FROM log")
    with pytest.raises(Refused, match="Ett HSA-id är"):
        come_in(known, who=PASSPHRASE)
    assert known.value("SELECT count(*) FROM log") == before


@pytest.mark.parametrize("who", [COLLEAGUE, f"{PREFIX}INGEN"])
def test_failures_make_waits_that_grow_whether_the_name_is_known_or_not(known: Clinic, who: str) -> None:
    waits: list[str] = []
    while len(waits) < 7:
        try:
            come_in(known, "fel lösenfras", who=who)
        except Throttled as refusal:
            waits.append(refusal.message.split("Vänta ")[1].split(" och")[0])
            with pytest.raises(Throttled):  # also with what is right, and without counting
                come_in(known, who=who)
            pass_(known, 30_000 << len(waits) - 1 if len(waits) < 6 else 15 * MINUTE)
        except ProofRefused:
            pass
    assert waits == ["30 s", "60 s", "2 minuter", "4 minuter", "8 minuter", "15 minuter", "15 minuter"]


def test_the_waits_end_are_of_one_name_and_are_forgotten_by_a_success(known: Clinic) -> None:
    for _ in range(4):
        with pytest.raises(ProofRefused):
            come_in(known, "fel lösenfras")
    with pytest.raises(Throttled):
        come_in(known)
    with pytest.raises(ProofRefused):
        come_in(known, who=f"{PREFIX}INGEN")
    pass_(known, 30_000)
    come_in(known)
    for _ in range(4):
        with pytest.raises(ProofRefused):
            come_in(known, "fel lösenfras")


def test_a_place_waits_too_whatever_names_are_tried_there(known: Clinic) -> None:
    for number in range(20):
        with pytest.raises(ProofRefused):
            come_in(known, who=f"{PREFIX}A{number}")
    with pytest.raises(Throttled):
        come_in(known)
    assert sign_in_by(known.store, COLLEAGUE, PassphraseAndCode(PASSPHRASE, code_now(known.store, SECRET)), "annan")


# --- the session ---


@pytest.mark.parametrize(
    ("age", "idle", "minutes", "over"),
    [
        (0, 0, 60, None),
        (HOUR, HOUR - 1, 60, None),
        (HOUR, HOUR, 60, Over.IDLE),
        (HOUR, 20 * MINUTE, 20, Over.IDLE),
        (12 * HOUR - 1, 0, 60, None),
        (12 * HOUR, 0, 60, Over.AGE),
        (13 * HOUR, 2 * HOUR, 60, Over.AGE),
    ],
)
def test_the_clocks_of_a_session(age: int, idle: int, minutes: int, over: Over | None) -> None:
    now = Instant(100 * DAY)
    assert Clocks(Instant(now - age), Instant(now - idle), minutes).over(now) is over


def test_nobody_works_in_a_real_store_without_a_session_of_its_own(known: Clinic) -> None:
    opened = come_in(known)
    assert works(known, at_work(known.store, COLLEAGUE, opened.id))
    assert not works(known, sign_in(known.store, COLLEAGUE)), "as the cast of a practice store does"
    assert not works(known, at_work(known.store, hsa_id_of(Role.CLINICIAN), opened.id)), "another's session"
    with pytest.raises(NotPermitted):
        at_work(known.store, COLLEAGUE, opened.id, THERE)
    with pytest.raises(SessionOver), known.store.work(sign_in(known.store, COLLEAGUE)):
        pass
    assert log(known) == [("act", COLLEAGUE, "nekat", "session")]


def test_a_session_ends_by_idle_time_and_age_and_lives_on_by_what_is_done(known: Clinic) -> None:
    opened = come_in(known)
    actor = at_work(known.store, COLLEAGUE, opened.id)
    known.run("UPDATE unit SET idle_minutes = 30 WHERE id = :here", here=known.here)
    for _ in range(24):
        pass_(known, 30 * MINUTE - 1)
        assert works(known, actor)
        note_presence(known.store, opened.id)
    pass_(known, 24)
    assert not works(known, actor), "twelve hours"
    other = at_work(known.store, COLLEAGUE, come_in(known).id)
    pass_(known, 30 * MINUTE)
    note_presence(known.store, "ingen")
    with pytest.raises(SessionOver, match="ingenting har hänt"), known.store.read(other):
        pass


def test_a_role_that_is_taken_bites_at_the_next_operation_and_inactivation_ends_the_session(known: Clinic) -> None:
    admin = let_in(known.store, known.someone(Role.ACCESS_ADMIN))
    actor = at_work(known.store, COLLEAGUE, come_in(known).id)
    do(known, take_role, COLLEAGUE, Role.CLINICIAN, "x", by=admin)
    with pytest.raises(NotPermitted, match="inte längre rollen behandlare"):
        do(known, start_moment, ADULT, "prov", by=actor)
    do(known, inactivate_staff, COLLEAGUE, by=admin)
    with pytest.raises(SessionOver, match="uppdrag är inaktiverat"), known.store.read(actor):
        pass
    with pytest.raises(NotPermitted):
        come_in(known, code=code_now(known.store, SECRET, 1))


def test_signing_out_ends_that_session_and_the_lock_is_left_by_the_passphrase(known: Clinic) -> None:
    first, second = come_in(known), come_in(known, code=code_now(known.store, SECRET, 1))
    actor = at_work(known.store, COLLEAGUE, first.id)
    with pytest.raises(ProofRefused):
        unlock(known.store, actor, "fel lösenfras", "dator")
    unlock(known.store, actor, PASSPHRASE, "dator")
    sign_out(known.store, COLLEAGUE, first.id)
    assert not works(known, actor)
    assert works(known, at_work(known.store, COLLEAGUE, second.id))
    with pytest.raises(SessionOver):
        unlock(known.store, actor, PASSPHRASE, "dator")
    with pytest.raises(SessionOver):
        session_by(known.store, "ingen")


def test_a_new_passphrase_is_asked_for_the_old_and_ends_the_other_sessions(known: Clinic) -> None:
    own, other = come_in(known), come_in(known, code=code_now(known.store, SECRET, 1))
    actor = at_work(known.store, COLLEAGUE, own.id)
    for field, words in (
        ("gammal", ("fel lösenfras", NEW)),
        ("losenfras", (PASSPHRASE, "kort")),
        ("losenfras", (PASSPHRASE, PASSPHRASE)),
    ):
        with pytest.raises(Refused) as refused:
            replace_passphrase(known.store, actor, *words, "dator")
        assert refused.value.field == field
    replace_passphrase(known.store, actor, PASSPHRASE, NEW, "dator", again=NEW)
    assert log(known) == [("change_passphrase", COLLEAGUE, "gjort", "")]
    assert works(known, actor)
    assert not works(known, at_work(known.store, COLLEAGUE, other.id))
    pass_(known, MINUTE)
    with pytest.raises(ProofRefused):
        come_in(known)
    assert come_in(known, NEW)


def test_new_codes_on_paper_are_asked_for_a_code_and_replace_those_of_before(known: Clinic) -> None:
    known.run("DELETE FROM account")
    known.run("DELETE FROM backupcode")
    with known.store.work(OPERATOR) as work:
        _, before = give_account(work, COLLEAGUE, SECRET)
    own, other = come_in(known), come_in(known, code=before[0])
    actor = at_work(known.store, COLLEAGUE, own.id)
    with pytest.raises(Refused, match="En reservkod räcker inte"):  # who has found the paper can't have another
        new_backup_codes(known.store, actor, PASSPHRASE, before[1], "dator")
    with pytest.raises(Refused, match="redan använd"):
        new_backup_codes(known.store, actor, PASSPHRASE, code_now(known.store, SECRET), "dator")
    pass_(known, MINUTE)
    with pytest.raises(Refused, match="Lösenfrasen eller koden"):
        new_backup_codes(known.store, actor, "fel lösenfras", code_now(known.store, SECRET), "dator")
    codes = new_backup_codes(known.store, actor, PASSPHRASE, code_now(known.store, SECRET), "dator")
    assert log(known) == [("renew_backup_codes", COLLEAGUE, "gjort", "")]
    assert not works(known, at_work(known.store, COLLEAGUE, other.id))
    with pytest.raises(ProofRefused):
        come_in(known, code=before[1])
    assert come_in(known, code=codes[0]).news[0].startswith("Du loggade in med en reservkod. Kvar finns 9.")
    assert len(set(codes)) == 10
    sign_out(known.store, COLLEAGUE, own.id)
    pass_(known, MINUTE)
    with pytest.raises(SessionOver):
        new_backup_codes(known.store, actor, PASSPHRASE, code_now(known.store, SECRET), "dator")


def test_the_days_run_removes_what_signing_in_has_left_behind(known: Clinic) -> None:
    """A session thirty days after its end, by a hand or by its age; an invitation when it is good no more."""
    sign_out(known.store, COLLEAGUE, come_in(known).id)
    pass_(known, HOUR)
    come_in(known)  # nobody ends it
    do(known, invite, ADMIN)
    do(known, invite, ADMIN)  # the one before is good no longer
    kept = "SELECT (SELECT count(*) FROM staffsession), (SELECT count(*) FROM invitation)"
    found = []
    for later in (MINUTE, 7 * DAY, 23 * DAY - 2 * MINUTE - HOUR, 2 * MINUTE, 13 * HOUR):
        pass_(known, later)
        run_day(known.store)
        found += known.rows(kept)
    assert found == [(2, 1), (2, 0), (2, 0), (1, 0), (0, 0)]


def test_the_only_administrator_comes_back_by_the_operator_and_drafts_survive(known: Clinic) -> None:
    """The colleague is a clinician of the unit, and its only administrator."""
    known.run("UPDATE assignmentrole SET role = 'loggranskare' WHERE role = 'behörighetsadministratör'")
    known.run(
        "INSERT INTO assignmentrole (staff_id, unit_id, role) VALUES (:staff, :unit, 'behörighetsadministratör')",
        staff=known.colleague.staff_id,
        unit=known.here,
    )
    actor = at_work(known.store, COLLEAGUE, come_in(known).id)
    moment = do(known, start_moment, ADULT, "prov", by=actor)
    draft, _ = do(known, save_draft, moment, "Hej, så här tänker jag", by=actor)
    with pytest.raises(Refused, match="Ange beslutet"):
        do(known, reset_account, COLLEAGUE, " ")
    with pytest.raises(Refused, match="Ditt eget konto"):
        do(known, reset_account, COLLEAGUE, "Telefonen är borta", by=actor)
    operator = replace(OPERATOR, person="Drift Ek")
    invitation = do(known, reset_account, COLLEAGUE, "Telefonen är borta, chefen 2 mars", by=operator)
    assert not works(known, actor)
    with pytest.raises(ProofRefused):
        come_in(known)
    opened = enrol_by(known, invitation)
    assert [news.replace(COLLEAGUE, "X") for news in opened.news] == [
        "2026-03-02 nollställde driften (Drift Ek) kontot för X. Beslut: Telefonen är borta, chefen 2 mars",
        REVIEWED,
    ]
    assert known.value("SELECT seen_at FROM staffnews WHERE text = :text", text=REVIEWED) == known.clock.now
    assert works(known, at_work(known.store, COLLEAGUE, opened.id))
    assert known.value("SELECT text FROM draft WHERE id = :id", id=draft) == "Hej, så här tänker jag"
    ((unit, details),) = known.log(
        "SELECT unit_id, details FROM log WHERE operation = 'reset_account' AND details <> ''"
    )
    assert (unit, details) == (known.here, f"{COLLEAGUE}: kontot nollställt: Telefonen är borta, chefen 2 mars")
    again = enrol_by(known, do(known, reset_account, COLLEAGUE, "Igen", by=operator))
    assert REVIEWED not in again.news  # it is told once


def test_the_administrators_of_all_the_persons_units_are_told_of_a_reset(known: Clinic) -> None:
    assign(known, known.colleague.staff_id, known.there)
    do(known, reset_account, COLLEAGUE, "Beslut", by=let_in(known.store, known.someone(Role.ACCESS_ADMIN)))
    told = known.rows("SELECT s.hsa_id FROM staffnews n JOIN staff s ON s.id = n.staff_id")
    assert {who for (who,) in told} == {COLLEAGUE, ADMIN, hsa_id_of(Role.ACCESS_ADMIN, THERE)}
