"""The recovery key: what is typed wrong from the paper is seen, and the right paper opens the keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.foundation.errors import Refused
from store.foundation.keys import new_keys
from store.foundation.recovery import (
    ALPHABET,
    GROUP,
    GROUPS,
    new_recovery_key,
    on_paper,
    public_half,
    read_recovery_key,
    recovered,
    sealed_keys,
)
from tests.properties import examples

KEYS = st.text(ALPHABET, min_size=GROUPS * GROUP, max_size=GROUPS * GROUP)


@examples(20)
@given(KEYS, st.sampled_from(["", " ", "-", " - ", "\n"]), st.booleans())
def test_what_is_on_paper_is_read_however_it_is_spaced(key: str, between: str, is_small: bool) -> None:
    typed = between.join(on_paper(key))
    assert read_recovery_key(typed.lower() if is_small else typed) == key


@examples(60)
@given(KEYS, st.data())
def test_a_letter_that_is_wrong_or_changed_places_is_seen_in_its_group(key: str, data: st.DataObject) -> None:
    typed = list("".join(on_paper(key)))
    at = data.draw(st.integers(0, len(typed) - 2))
    if data.draw(st.booleans()) and typed[at] != typed[at + 1]:
        typed[at], typed[at + 1] = typed[at + 1], typed[at]
        groups = {at // (GROUP + 1) + 1, (at + 1) // (GROUP + 1) + 1}
    else:
        typed[at] = data.draw(st.sampled_from(f"{ALPHABET}01IOUÅ?").filter(lambda letter: letter != typed[at]))
        groups = {at // (GROUP + 1) + 1}
    with pytest.raises(Refused) as refused:
        read_recovery_key("".join(typed))
    assert any(f"Grupp {group} " in refused.value.message for group in groups)


@examples(20)
@given(KEYS, st.integers(0, GROUPS - 2))
def test_groups_that_changed_places_are_seen(key: str, at: int) -> None:
    groups = list(on_paper(key))
    groups[at], groups[at + 1] = groups[at + 1], groups[at]
    with pytest.raises(Refused, match=f"Grupp {at + 1} "):
        read_recovery_key(" ".join(groups))


@pytest.mark.parametrize("typed", ["", "ABCD", "A" * 41, "x" * 10_000, "\x1b[31m"])
def test_what_is_no_key_is_told_by_its_length(typed: str) -> None:
    with pytest.raises(Refused, match="8 grupper om 5 tecken"):
        read_recovery_key(typed)


def test_the_paper_opens_both_keys_and_no_other_paper_does() -> None:
    old, new, paper = new_keys(), new_keys(), new_recovery_key()
    content = sealed_keys(public_half(paper), "uuid", [new.data, old.data], old.log)
    store, found = recovered(content, paper)
    assert (store, [one.data for one in found], {one.log for one in found}) == ("uuid", [new.data, old.data], {old.log})
    with pytest.raises(Refused, match="annan databas"):
        recovered(content, new_recovery_key())
    with pytest.raises(Refused, match="annan databas"):
        recovered(content.replace('"uuid"', '"other"'), paper)


@pytest.mark.parametrize("content", ["", "{}", "[]", "null", '{"kind": "sob-aterstallning", "format": 2}'])
def test_a_file_that_is_none_is_told(content: str) -> None:
    with pytest.raises(Refused, match="går inte att läsa"):
        recovered(content, new_recovery_key())
