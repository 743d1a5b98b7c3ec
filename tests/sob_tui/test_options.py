"""The options that every command takes."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sob_tui.options import Common, UsageFault, plain, take_common

GIVEN = {"--store": "a.db", "--som": "SE2321000040-A", "--enhet": "SE2321000040-E"}


@given(st.lists(st.sampled_from(["lista", "moment", "--alla", "-x", "--status", "--till=åäö", "", "-"])), st.data())
def test_they_are_found_wherever_they_stand(words: list[str], data: st.DataObject) -> None:
    line = list(words)
    for option, value in GIVEN.items():
        place = data.draw(st.integers(0, len(line)))
        line[place:place] = [f"{option}={value}"]
    assert take_common([*line, "--ja"]) == (Common("a.db", "SE2321000040-A", "SE2321000040-E", ja=True), words)


def test_a_value_may_follow_or_be_joined() -> None:
    apart = take_common(["--store", "a.db", "lista", "--som", "X", "--json"])
    assert apart == take_common(["lista", "--som=X", "--json", "--store=a.db"])
    assert apart == (Common(store="a.db", som="X", json=True), ["lista"])


def test_the_last_one_counts() -> None:
    assert take_common(["--som", "A", "--som", "B"])[0].som == "B"


def test_what_follows_a_bare_double_dash_is_left_alone() -> None:
    assert take_common(["--ja", "--", "--json", "--som"]) == (Common(ja=True), ["--", "--json", "--som"])


def test_an_hsa_id_is_cleaned() -> None:
    assert take_common(["--som", " SE\x1b[31m2321\u202e\udcff "])[0].som == "SE2321"


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        (["lista", "--som"], "Flaggan --som behöver ett värde."),
        (["--store", "--json"], "Flaggan --store behöver ett värde."),
        (["--enhet="], "Flaggan --enhet behöver ett värde."),
        (["--store", ""], "Flaggan --store behöver ett värde."),
        (["--ja=nej"], "Flaggan --ja tar inget värde."),
    ],
)
def test_a_missing_value_and_one_too_many_are_told(line: list[str], sentence: str) -> None:
    with pytest.raises(UsageFault) as told:
        take_common(line)
    assert (told.value.message, told.value.exit_code) == (sentence, 2)


@pytest.mark.parametrize("word", ["övning", "o\u0308vning", "ovning", "ÖVNING"])
def test_both_spellings_are_one_word(word: str) -> None:
    assert plain(word).lower() == "ovning"
