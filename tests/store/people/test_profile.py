"""Min profil: where staff are told of what waits (guide)."""

import pytest

from store.care.delivery import claim_notice, notice_failed, notice_sent
from store.foundation.access import OPERATOR
from store.foundation.errors import Refused
from store.people.channels import EMAIL
from store.people.profile import Profile, my_profile, save_profile
from store.people.sign_in import StaffActor
from tests.clinics import Clinic
from tests.store.letters import later, write


def profile(clinic: Clinic, by: StaffActor | None = None) -> Profile:
    with clinic.store.read(by or clinic.clinician) as work:
        return my_profile(work)


def change(clinic: Clinic, mobile: str = "", *, email: bool = True, sms: bool = False) -> None:
    with clinic.store.work(clinic.clinician) as work:
        save_profile(work, mobile, {"epost": email, "sms": sms})


def test_until_it_is_changed_notices_come_by_email(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    who = clinic.clinician
    assert profile(clinic) == Profile(
        who.hsa_id or "", who.name, "kim@example.org", "", {"epost": True, "sms": False}, ""
    )


def test_mobile_and_wishes_are_saved_and_the_email_stays(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    change(clinic, " 0701740606 ", email=False, sms=True)
    found = profile(clinic)
    assert (found.email, found.mobile) == ("kim@example.org", "0701740606")
    assert found.wishes == {"epost": False, "sms": True}
    assert profile(clinic, clinic.colleague).mobile == ""
    assert clinic.log("SELECT action, details, actor_hsa_id FROM log WHERE operation = 'save_profile'") == [
        ("ändrade", "profil", clinic.clinician.hsa_id)
    ]
    change(clinic, "  ")
    assert profile(clinic).mobile == ""


@pytest.mark.parametrize(
    ("mobile", "sms", "sentence"),
    [
        ("+46701740606", False, "Mobilnumret måste anges i formatet 07XXXXXXXX."),
        ("070-1740606", True, "Mobilnumret måste anges i formatet 07XXXXXXXX."),
        (" ", True, "Ange ett mobilnummer för att ta emot notifieringar som sms."),
    ],
)
def test_what_cannot_be_sent_to_is_refused_and_nothing_is_saved(
    clinic: Clinic, mobile: str, sms: bool, sentence: str
) -> None:
    with pytest.raises(Refused) as refusal:
        change(clinic, mobile, email=False, sms=sms)
    assert (refusal.value.message, refusal.value.field) == (sentence, "mobil")
    assert profile(clinic).wishes["epost"]


def test_a_provider_admin_has_a_profile_too(clinic: Clinic) -> None:
    assert profile(clinic, clinic.provider_admin).hsa_id == clinic.provider_admin.hsa_id


def test_why_the_latest_notice_did_not_arrive_is_said_until_one_does(clinic: Clinic) -> None:
    clinic.run("UPDATE staff SET email = 'kim@example.org' WHERE id = :id", id=clinic.clinician.staff_id)
    moment = clinic.start(program="prov")
    clinic.run("DELETE FROM notice")
    for is_sent in (False, True):
        later(clinic)
        write(clinic, moment)
        with clinic.store.work(OPERATOR) as work:
            notice = claim_notice(work, frozenset({EMAIL}))
        assert notice
        with clinic.store.work(OPERATOR) as work:
            if is_sent:
                notice_sent(work, notice.id)
            else:
                notice_failed(work, notice.id, (), "adressen finns inte")
        assert profile(clinic).fault == ("" if is_sent else "adressen finns inte")
        assert profile(clinic, clinic.colleague).fault == ""
