"""Exercises: each is solved by its solution and by nothing less; what is wrong with a file is said with its line."""

import shutil
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import typer

from sob_tui.commands import all_commands
from sob_tui.commands.exercises import runner
from sob_tui.lone_trainee import FILE, begin_trainee
from sob_tui.settings import state_folder
from store.foundation.clock import local_day
from store.foundation.store import Store
from store.opening import open_store
from store.people.attempts import attempts_of
from store.practice.courses import begin_course
from store.practice.exercises.beginning import attempt_to_resume, begin_exercise
from store.practice.exercises.checking import check_exercise
from store.practice.exercises.judging import judge
from store.practice.exercises.keeping import keep, leave
from store.practice.exercises.reading import FaultyExercise, own_exercise_of, read_exercise, shipped_exercises
from store.practice.exercises.shelf import exercise_files
from store.practice.exercises.solving import Command, command_of, filled
from store.practice.seed import whole_cast
from store.practice.walkthrough import go_through
from tests.sob_tui.conftest import Sob

RUN = runner(typer.main.get_command(all_commands()))
SHIPPED = exercise_files(None)


@pytest.mark.parametrize("path", SHIPPED, ids=lambda path: path.stem)
def test_it_is_solved_by_its_solution_and_by_nothing_less(path: Path, practice_file: Path) -> None:
    assert check_exercise(read_exercise(path, whole_cast()), RUN, practice_file) == []


def test_what_another_session_does_counts_for_nobody_else(practice_file: Path, tmp_path: Path) -> None:
    """The trainee plays whoever of the cast there is, on several lines; somebody else does the same in vain."""
    exercise = next(one for one in shipped_exercises() if one.id == "meddelanden")
    path = Path(shutil.copy(practice_file, tmp_path / "ovning.sqlite"))
    store = open_store(path)
    attempt = begin_exercise(store, exercise, "anna")
    with store.lend() as db:
        line = filled(db, command_of(exercise.solution.lines[0]), exercise.steps[0], date(2026, 1, 2))
    for som in ("SE2321000040-OV01", "SE2321000040-OV02"):
        assert RUN(path, "bo", Command((*line.words, "--som", som), "")) == ""
    assert judge(store, attempt).done == frozenset()
    assert judge(store, replace(attempt, trainee="bo")).done == {"las"}
    assert judge(store, replace(attempt, answers={"avisering": (2, 1)})).done == {"avisering"}
    assert [one.explanation for one in judge(store, replace(attempt, answers={"avisering": (2,)})).mistakes] == [
        exercise.steps[2].question.explanation  # type: ignore[union-attr]
    ]
    store.close()


SEAT = "SE2321000040-OVK02"


def test_each_is_solved_by_its_solution_at_a_trainees_own_place(practice_file: Path, tmp_path: Path) -> None:
    """In the own unit, with residents and colleagues of the own: the other trainee's are left as they were."""
    path = Path(shutil.copy(practice_file, tmp_path / "kurs.sqlite"))
    store = open_store(path)
    begin_course(store, 2)
    theirs = deeds_on_units(store)
    for exercise in shipped_exercises():
        attempt = begin_exercise(store, exercise, SEAT)
        for step, line in zip(attempt.exercise.steps, attempt.exercise.solution.lines, strict=True):
            if step.question is not None:
                attempt = replace(attempt, answers={**attempt.answers, step.id: (step.question.right,)})
                continue
            with store.lend() as db:
                words, given = filled(db, command_of(line), step, local_day(store.clock()))
            words += () if "--som" in words else ("--som", attempt.exercise.as_, *_on(attempt.exercise.unit))
            refused = RUN(path, SEAT, Command(words, given))
            assert bool(refused) is (step.trace is not None and step.trace.is_refused), (exercise.id, line, refused)
        standing = judge(store, attempt)
        assert (standing.is_solved, standing.mistakes) == (True, ()), exercise.id
        assert (attempt.exercise.as_ == SEAT) is (exercise.as_ == "SE2321000040-OV01"), exercise.id
        keep(store, attempt, standing, worked=1, keys=1)
    assert deeds_on_units(store) == theirs
    with store.lend() as db:
        kept = attempts_of(db, SEAT)
    assert [one.exercise for one in kept] == [one.id for one in shipped_exercises()]
    assert all(one.finished_at and one.done_steps == one.all_steps and not one.left_at for one in kept)
    store.close()


def _on(unit: str) -> tuple[str, ...]:
    return ("--enhet", unit) if unit else ()


def deeds_on_units(store: Store) -> list[tuple[str, int]]:
    """Return how many rows of the log there are of each unit but the second trainee's."""
    with store.lend() as db:
        return db.pairs(
            "SELECT unit_hsa_id, count(*) FROM log WHERE unit_hsa_id NOT LIKE '%K02' AND unit_hsa_id <> ''"
            " GROUP BY unit_hsa_id ORDER BY unit_hsa_id"
        )


def test_an_attempt_goes_on_where_the_app_was_closed_until_it_is_left(practice_file: Path, tmp_path: Path) -> None:
    store = open_store(shutil.copy(practice_file, tmp_path / "ovning.sqlite"))
    exercise = next(one for one in shipped_exercises() if one.id == "logga-in")
    begun = replace(begin_exercise(store, exercise, "anna"), answers={"las": (1, 2)})
    keep(store, begun, judge(store, begun), worked=61_000, keys=17)
    found = attempt_to_resume(store, "anna")
    assert found is not None
    attempt, kept = found
    assert (attempt.id, attempt.answers, kept.worked, kept.keys) == (begun.id, begun.answers, 61_000, 17)
    assert judge(store, attempt).done == {"las"} == set(kept.done_steps)
    assert kept.wrong_turns == ((0, exercise.steps[0].question.explanation),)  # type: ignore[union-attr]
    assert attempt_to_resume(store, "bo") is None
    path = tmp_path / "egen.toml"
    path.write_text(SMALL, "utf-8")
    own = begin_exercise(store, own_exercise_of(path), "bo")
    path.unlink()  # what was begun goes on, and is gone through, without its file
    resumed = attempt_to_resume(store, "bo")
    assert resumed is not None
    assert (resumed[0].exercise.id, resumed[0].exercise.steps) == ("egna/egen", own.exercise.steps)
    assert go_through(store, own.id).left == tuple(step.text for step in own.exercise.steps)
    leave(store, attempt)
    assert attempt_to_resume(store, "anna") is None
    store.close()


def test_who_practises_alone_is_the_same_the_next_time(practice_file: Path, tmp_path: Path) -> None:
    store = open_store(shutil.copy(practice_file, tmp_path / "ovning.sqlite"))

    def name() -> str:
        begin_trainee(store)
        return store.access_log.trainee

    first = name()
    assert name() == first
    (state_folder() / FILE).write_text("a/b", "utf-8")
    assert (name() == first, name() == name()) == (False, True)
    begin_course(store, 1)  # many may share the machine's user there
    assert name() != name()
    store.close()


SMALL = """\
format = 1
titel = "T"
mal = "M"
varfor = "V"
som = "SE2321000040-OV01"
klart = "K"

[[steg]]
id = "a"
gor = "G"
operation = ["open_moment"]
invanare = "198001022386"
ledtradar = ["L"]

[[steg]]
id = "b"
gor = "G"
handelse = "vidmakthallande"
invanare = "198001022386"
efter = ["a"]
ledtradar = ["L"]

[losning]
rader = [
  "sob visa {moment}",
  "sob moment vidmakthallande {moment}",
]
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    path = tmp_path / "liten.toml"
    path.write_text(SMALL, encoding="utf-8")
    return path


def changed(path: Path, old: str, new: str) -> Path:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")
    return path


UNREADABLE = {
    "unknown key": ("titel =", "tittel =", 2, "nyckeln tittel är okänd. Menade du titel?"),
    "newer": ("format = 1", "format = 2", 1, "nyare version av programmet (format 2, det här läser 1). Uppdatera"),
    "too long": ('mal = "M"', f'mal = "{"x" * 401}"', 3, "mal är för lång (401 tecken). Skriv högst 400."),
    "no TOML": ("mal =", "mal", 3, "går inte att tolka som TOML"),
    "resident": ("198001022386", "199999999999", 8, "invånaren 199999999999 finns inte. Lägg till"),
    "operation": ("open_moment", "open_momment", 8, "open_momment finns inte. Menade du open_moment?"),
    "event": ("vidmakthallande", "vidmakt", 15, "vidmakt finns inte. Menade du vidmakthallande?"),
    "nothing to see": ('operation = ["open_moment"]\n', "", 8, "Det som inte lämnar spår blir en fråga"),
    "cycle": ('id = "a"', 'id = "a"\nefter = ["b"]', 8, "Steget a kan aldrig göras: det ska komma efter sig självt"),
    "after nothing": ('efter = ["a"]', 'efter = ["aa"]', 15, "steget aa finns inte. Menade du a?"),
    "too few lines": ('  "sob visa {moment}",\n', "", 23, "Lösningen har 1 rader, och övningen 2 steg"),
    "no command": ("sob visa", "visa", 25, "ett kommando som börjar med sob"),
    "a real store": ("sob visa {moment}", "sob visa {moment} --store skarp.db", 25, "utan --store"),
    "a quote": ("sob visa {moment}", "sob visa 'x", 25, "citattecken som inte avslutas"),
    "nobody": ("OV01", "OV77", 5, "ingen i rollistan har HSA-id SE2321000040-OV77"),
    "hostile": ('id = "b"', 'id = "\\u001b]52;c;x"', 15, "id ska vara en text"),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_a_fault_of_the_file_is_named_with_its_line(small: Path, name: str) -> None:
    old, new, line, told = UNREADABLE[name]
    with pytest.raises(FaultyExercise) as refused:
        read_exercise(changed(small, old, new), whole_cast())
    found = {(one.line, told in one.message) for one in refused.value.faults}
    assert (line, True) in found, refused.value.faults


def test_several_faults_are_named_at_once(small: Path) -> None:
    changed(changed(small, "open_moment", "x"), "titel =", "tittel =")
    with pytest.raises(FaultyExercise) as refused:
        read_exercise(changed(small, "198001022386", "199999999999"), whole_cast())
    assert len(refused.value.faults) > 1


UNSOLVED = {
    "not seen": ("visa {moment}", "lista", 8, "Steget a räknas inte som gjort när lösningen är körd"),
    "refused": ("moment vidmakthallande", "moment ateruppta", 26, "Raden nekas: "),
    "no such id": ("visa {moment}", "flagga ta {flagga}", 25, "Raden nekas: {flagga} finns inte i invånarens moment"),
    "no such name": ("visa {moment}", "visa {flaga}", 25, "Raden nekas: {flaga} finns inte. De som finns är {moment}"),
    "needless": ('efter = ["a"]\n', "", 0, ""),
    "a wrong turn": (
        "[losning]",
        '[[felsteg]]\noperation = ["open_moment"]\nforklaring = "Inte så."\n\n[losning]',
        27,
        "Lösningen gör ett felsteg: Inte så.",
    ),
    "a start that can't be": (
        "[[steg]]",
        '[[moments]]\nresident = "200001012384"\nprogram = "sovhjalpen"\nunit = "SE2321000040-OVN1"\n'
        'clinician = "SE2321000040-OV01"\n'
        'acts = [{ do = "write", days_ago = 1, time = "10:00", heading = "x", message = "x" }]\n\n[[steg]]',
        8,
        "Starten går inte att göra: invånaren har inget pågående moment i sovhjalpen",
    ),
}


@pytest.mark.parametrize("name", UNSOLVED)
def test_what_the_solution_does_not_do_is_named_with_its_line(small: Path, practice_file: Path, name: str) -> None:
    old, new, line, told = UNSOLVED[name]
    faults = check_exercise(read_exercise(changed(small, old, new), whole_cast()), RUN, practice_file)
    assert [(one.line, told in one.message) for one in faults] == ([(line, True)] if told else [])


def test_the_command_tells_of_each_file(
    nowhere: Sob, small: Path, monkeypatch: pytest.MonkeyPatch, practice_file: Path
) -> None:
    monkeypatch.setattr(
        "store.practice.opening._made", lambda url, *_, **__: open_store(shutil.copy(practice_file, url))
    )
    bad = changed(Path(shutil.copy(small, small.with_name("fel.toml"))), "visa {moment}", "lista")
    said = nowhere("ovning", "kontrollera", str(small), str(bad), som=None)
    assert (said.code, said.err) == (3, "Övningarna har 1 fel.\n")
    assert said.out.splitlines()[0] == "liten.toml: inga fel. T, 2 steg, löst av lösningen och inte av mindre."
    assert said.out.splitlines()[1].startswith("fel.toml:8: Steget a räknas inte som gjort")


@pytest.mark.parametrize("name", ["", "a/b", "å", "x" * 41])
def test_a_trainee_has_a_plain_name(
    nowhere: Sob, practice_file: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    monkeypatch.setenv("SOB_DELTAGARE", name)
    said = nowhere("lista", "--store", str(practice_file), som="SE2321000040-OV01")
    assert (said.code, "SOB_DELTAGARE ska vara ett namn" in said.err) == ((3, True) if name else (0, False))
