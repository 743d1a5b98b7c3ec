"""The choice of person: a line each, with the roles, and nobody's protected name."""

from screens.sign_in import line_of
from store.foundation.access import Role
from store.practice import CastMember


def test_a_line_says_the_roles_or_that_there_are_none_and_hides_who_protected() -> None:
    one = CastMember("SE2321000040-OV01", "Karin Lind", "SE2321000040-OVN1", "Eken", (Role.CLINICIAN, Role.TRAINER))
    assert line_of(one).plain == "Karin Lind               OV01   Eken · behandlare, utbildare"
    assert line_of(one._replace(roles=())).plain.endswith("Eken · ingen roll än")
    hidden = line_of(one._replace(protected=True)).plain
    assert "Karin" not in hidden
    assert hidden.startswith("⛨ Skyddade uppgifter")
    assert "OV01" in hidden
