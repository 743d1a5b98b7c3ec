"""Searching one's own residents' messages."""

import pytest

from store.care.conversations import Sender
from store.care.switching import switch_clinician
from store.foundation.errors import NotPermitted, Refused
from store.people.sign_in import StaffActor
from store.views import message_search
from store.views.message_search import MessageHit, search_messages
from tests.clinics import ADULT, COLLEAGUE, GUARDIAN, HIDDEN, Clinic
from tests.store.letters import later, newest, send, write


def search(clinic: Clinic, query: str, by: StaffActor | None = None, limit: int = 100) -> list[MessageHit]:
    with clinic.store.read(by or clinic.clinician) as work:
        return search_messages(work, query, limit)


def excerpts(clinic: Clinic, query: str, limit: int = 100) -> list[str]:
    return [hit.excerpt for hit in search(clinic, query, limit=limit)]


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("ångest", True),
        ("Ångest", True),
        ("ÅNGEST", True),
        ("A\u030angest", True),
        ("angest", False),
        ("ngest", True),
        ("ångesten", True),
        ("sömn ÅNG", True),
        ("ång sömn", True),
        ("ångest oro", False),
        ("café", True),
        ("cafe", True),
        ("é", False),
        ("100 %", True),
        ("100_%", False),
        ("[b]", True),
    ],
)
def test_what_is_found(clinic: Clinic, query: str, found: bool) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "Ångesten och sömnen\npå ett [b]café[/b] till 100 %.")
    if query == "é":
        with pytest.raises(Refused):
            search(clinic, query)
    else:
        assert bool(search(clinic, query)) is found


@pytest.mark.parametrize("query", ["", "  ", "a", "a b c", "\x1b"])
def test_too_little_is_refused(clinic: Clinic, query: str) -> None:
    with pytest.raises(Refused, match=r"^Skriv minst 2 tecken att söka efter\.$") as refusal:
        search(clinic, query)
    assert refusal.value.field == "sok"


def test_a_hit_says_where_it_stands(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    message = write(clinic, moment, "Jag sover dåligt.")
    (hit,) = search(clinic, "SOVER")
    assert hit == MessageHit(
        moment,
        newest(clinic, moment),
        message,
        "Berg, Åsa",
        False,
        "Ångest – prov",
        Sender.RESIDENT,
        "Jag sover dåligt.",
        clinic.clock.now,
    )


def test_the_newest_stand_first_and_no_more_than_the_limit(clinic: Clinic) -> None:
    moments = [clinic.start(program="prov"), clinic.start()]
    for number in range(6):
        later(clinic)
        send(clinic, moments[number % 2], f"hej {number}")
    assert excerpts(clinic, "hej") == [f"hej {number}" for number in reversed(range(6))]
    assert excerpts(clinic, "hej", limit=2) == ["hej 5", "hej 4"]
    assert excerpts(clinic, "hej 1") == ["hej 1"]


def test_it_goes_on_through_any_number(clinic: Clinic, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(message_search, "_BATCH", 2)
    moment = clinic.start(program="prov")
    for number in range(5):
        send(clinic, moment, f"hej {number}")
    assert excerpts(clinic, "hej 0") == ["hej 0"]
    assert len(excerpts(clinic, "hej")) == 5


def test_only_the_own_residents_messages_are_searched(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, "hej härifrån")
    theirs = clinic.start(GUARDIAN, by=clinic.stranger, confirmed=True)
    send(clinic, theirs, "hej därifrån", by=clinic.stranger)
    assert excerpts(clinic, "hej") == ["hej härifrån"]
    assert search(clinic, "hej", clinic.colleague) == []
    assert [hit.excerpt for hit in search(clinic, "hej", clinic.stranger)] == ["hej därifrån"]
    with clinic.store.work(clinic.clinician) as work:
        switch_clinician(work, moment, COLLEAGUE)
    assert search(clinic, "hej") == []
    assert len(search(clinic, "hej", clinic.colleague)) == 1
    with pytest.raises(NotPermitted):
        search(clinic, "hej", clinic.admin)


def test_a_protected_residents_hit_says_so(clinic: Clinic) -> None:
    send(clinic, clinic.start(HIDDEN, "prov"), "hej")
    send(clinic, clinic.start(program="prov"), "hej")
    assert [hit.protected for hit in search(clinic, "hej")] == [False, True]


def test_the_excerpt_is_one_line_around_the_first_word(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, f"{'före ' * 50}\n\nnålen i höet\n\n{'efter ' * 50}")
    (excerpt,) = excerpts(clinic, "nålen höet")
    assert excerpt.startswith("…")
    assert excerpt.endswith("…")
    assert "före nålen i höet efter" in excerpt
    assert len(excerpt) < 130


def test_the_excerpt_is_as_long_wherever_the_word_stands(clinic: Clinic) -> None:
    moment = clinic.start(program="prov")
    send(clinic, moment, f"först {'mitt ' * 100} sist")
    ends = {word: excerpts(clinic, word)[0] for word in ("först", "mitt", "sist")}
    assert [excerpt.strip("…")[:5] for excerpt in ends.values()][:2] == ["först", "först"]
    assert ends["sist"].endswith("mitt sist")
    assert all(100 < len(excerpt) < 115 for excerpt in ends.values())


def test_a_search_is_in_the_log_without_the_words(clinic: Clinic) -> None:
    send(clinic, clinic.start(program="prov"), "hej")
    search(clinic, "hej")
    rows = clinic.log("SELECT action, details, personnummer FROM log WHERE operation = 'search_messages'")
    assert rows == [("listade", "", ADULT), ("listade", "meddelanden, sökning: 1 träffar", None)]


def test_others_messages_are_not_looked_through(filed: Clinic) -> None:
    """The cause of the budget: only index ranges, however much others have written (ARCHITECTURE.md §Budgets)."""
    send(filed, filed.start(program="prov"), "hej")
    with filed.store.read(filed.clinician) as work:
        places = message_search._PLACES.format(own=filed.clinician.own_moments)
        steps = work.db.rows(f"EXPLAIN QUERY PLAN {places}", unit=filed.here)
    assert not [step for *_, step in steps if str(step).startswith("SCAN")]
