"""The choice of person: a line each, with the roles, and nobody's protected name."""

from screens.sign_in import line_of
from store.foundation.access import Role
from store.practice import CastMember


def test_a_line_says_the_roles_or_that_there_are_none_and_hides_who_protected() -> None:
    one = CastMember("SE2321000040-OV01", "Karin Lind", "SE2321000040-OVN1", "Eken", (Role.CLINICIAN, Role.TRAINER))
    assert str(line_of(0, one)) == "1 Karin Lind               OV01   Eken · behandlare, utbildare"
    assert str(line_of(0, one._replace(roles=()))).endswith("Eken · ingen roll än")
    hidden = str(line_of(0, one._replace(protected=True)))
    assert "Karin" not in hidden
    assert hidden.startswith("1 ⛨ Skyddade uppgifter")
    assert "OV01" in hidden
