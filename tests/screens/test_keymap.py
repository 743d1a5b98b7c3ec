"""A person's own keys are checked before Textual takes them, and no command is ever left without a key."""

import importlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from screens.key_places import bindings_of, classes, defaults
from screens.keymap import check, fault_of, lost

importlib.import_module("sob_tui.app")

FAULTY = {
    "app.lock": "f10",
    "lst.start": "t",
    "list.start": "f",
    "list.sort": "ctrl+1",
    "app.help": "",
    "dialog.submit": "x",
    "moment.back": "f11",
}
"""Five faults among two that are none."""
TOLD = (
    "kommandot lst.start finns inte. Menade du list.start?",
    "list.start (Starta nytt moment) kan inte ha f: den har redan list.filter (Filtrera) på samma ställe. n gäller.",
    "list.sort (Sortera): ctrl+1 kan en terminal inte skicka. s gäller.",
    "app.help (Hjälp) skulle bli utan tangent. F1 gäller.",
    "dialog.submit (Utför) kan inte ha x: den behövs för att skriva i textfält. ctrl+s gäller.",
)


def reachable(keymap: dict[str, str]) -> bool:
    """Whether every command has a key once Textual has taken a keymap."""
    return not any(lost(one, keymap) for one in classes())


def test_five_faults_are_told_and_every_command_has_a_key() -> None:
    found = check(FAULTY)
    assert tuple(fault.message for fault in found.faults) == TOLD
    assert found.keymap == {"app.lock": "f10", "moment.back": "f11"}
    assert reachable(found.whole)
    assert not reachable({"todo.take": "y"}), "what Textual does by itself"


@pytest.mark.parametrize(
    ("name", "keys", "words"),
    [
        ("app.lock", 9, 'ska ha en tangent inom citattecken: "app.lock" = "f10"'),
        ("app.lock", " , ", "skulle bli utan tangent"),
        ("app.lock", "f10,", "ingenting är ingen tangent"),
        ("app.lock", "F10", "F10 är ingen tangent. Menade du f10?"),
        ("app.lock", "ctrl+i", "ctrl+i är samma tangent som Tab i en terminal"),
        ("app.lock", "ctrl+shift+x", "ctrl+shift+x kan en terminal inte skicka"),
        ("app.lock", "x" * 10_000, f"{'x' * 20} är ingen tangent"),
        ("app.lock", "\x1b]52;c;eA==\x07", "är ingen tangent"),
        ("app.lock", "[/x]", "[/x] är ingen tangent"),
        ("app.lock", "l", "den behövs för att skriva i textfält"),
        ("app.lock", "delete", "den flyttar, väljer eller skriver något"),
        ("app.lock", "f1", "den har redan app.help (Hjälp)"),
        ("app.lock", "ctrl+c", "på samma ställe"),
        ("choose.choose", "down", "den flyttar, väljer eller skriver något"),
        ("moment.end", "1", "den har redan moment.hantera"),
        ("moment.end", "h", "den har redan"),
        ("dialog.submit", "escape", "den har redan dialog.cancel"),
        ("[/x]", "a", "kommandot [/x] finns inte."),
    ],
)
def test_what_can_not_be_is_told(name: str, keys: object, words: str) -> None:
    (fault,) = check({name: keys}).faults
    assert words in fault.message
    assert name not in defaults() or fault.message.endswith("gäller.")


@pytest.mark.parametrize(
    "wanted",
    [
        {"app.lock": "f10,ctrl+l", "app.mask": "f9"},
        {"list.sort": "f", "list.filter": "s"},
        {"todo.take": "y"},
        {"list.search": "?", "catalog.back": "q"},
        {"flags.new": "x"},
        {"moment.end": "å"},
    ],
)
def test_what_can_be_is_taken_and_leaves_every_command_a_key(wanted: dict[str, str]) -> None:
    found = check(wanted)
    assert found.faults == ()
    assert found.keymap.keys() == wanted.keys()
    assert reachable(found.whole)


def test_of_two_for_one_key_the_first_has_it_and_a_kept_key_is_not_given_away() -> None:
    found = check({"list.sort": "y", "list.filter": "y"})
    assert (found.keymap, [fault.id for fault in found.faults]) == ({"list.sort": "y"}, ["list.filter"])
    found = check({"list.sort": "f", "list.filter": "ctrl+1"})
    assert (found.keymap, [fault.id for fault in found.faults]) == ({}, ["list.sort", "list.filter"])


def test_a_key_is_judged_beside_the_others_of_the_person() -> None:
    assert fault_of("app.mask", "f9", {}) is not None
    assert fault_of("app.mask", "f9", {"app.lock": "f10"}) is None
    assert fault_of("app.lock", "f9", {"app.lock": "f10"}) is None


def test_every_command_may_have_the_keys_that_it_has() -> None:
    assert check({name: ",".join(one.key for one in own) for name, own in defaults().items()}).faults == ()


KEYS = (
    "a",
    "h",
    "å",
    "1",
    "/",
    "f1",
    "f2",
    "f9",
    "f11",
    "ctrl+s",
    "ctrl+b",
    "escape",
    "enter",
    "tab",
    "down",
    "delete",
)


@settings(max_examples=15)
@given(st.dictionaries(st.sampled_from(sorted(defaults())), st.sampled_from(KEYS), max_size=12))
def test_whatever_is_wanted_no_command_is_lost(wanted: dict[str, str]) -> None:
    found = check(wanted)
    assert {fault.id for fault in found.faults} | found.keymap.keys() == wanted.keys()
    whole = found.whole
    assert reachable(whole)
    for one in classes():
        for key, binding in bindings_of(one):
            assert binding.id in found.keymap or key in whole.get(binding.id or "", key).split(",")
