"""What a refusal carries."""

import pytest

from store.foundation import errors


@pytest.mark.parametrize(
    ("error", "code"),
    [
        (errors.Refused("Nej."), 3),
        (errors.NeedsConfirmation(["Ett.", "Två."]), 3),
        (errors.StoreTooNew(), 3),
        (errors.NotPermitted(), 4),
        (errors.StoreUnreachable(), 5),
        (errors.StoreMissing(), 5),
    ],
)
def test_each_has_its_exit_code_and_sentences(error: errors.DomainError, code: int) -> None:
    """One line, ending in a full stop (contract.md §1)."""
    assert error.exit_code == code
    assert str(error) == error.message
    assert error.message.endswith(".")
    assert "\n" not in error.message


def test_warnings_are_kept_one_by_one() -> None:
    """The message is all of them."""
    error = errors.NeedsConfirmation(["Ett.", "Två."])
    assert (error.warnings, error.message) == (("Ett.", "Två."), "Ett. Två.")


def test_a_refusal_names_its_field() -> None:
    """Or None."""
    assert errors.Refused("Nej.", field="mobil").field == "mobil"
    assert errors.NotPermitted().field is None
