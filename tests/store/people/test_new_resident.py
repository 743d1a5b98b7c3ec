"""A new resident's fields are declared once: the table, the dialog, the command and the import have each of them."""

from store.care.resident_import import COLUMNS
from store.people.new_resident import TYPED
from store.people.residents import Resident
from tests.test_contract import of_the_program


def test_every_field_is_a_column() -> None:
    assert {one.column for one in TYPED} <= Resident.model_fields.keys()


def test_the_command_and_the_import_take_every_field() -> None:
    assert {f"--{one.name}" for one in TYPED} <= of_the_program()["sob moment starta"].options.keys()
    assert {one.name for one in TYPED} <= set(COLUMNS)


def test_only_the_names_are_needed() -> None:
    assert [one.name for one in TYPED if one.is_needed] == ["efternamn", "fornamn"]
