"""`sob ovning resultat`: the table as text, JSON and PDF; going through what a trainee did; who may not see it."""

import re
import shutil
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
import typer

from sob_tui.commands import all_commands
from sob_tui.commands.exercises import runner
from store.foundation.access import OPERATOR
from store.foundation.errors import Refused
from store.foundation.store import Store
from store.opening import create_store, open_store
from store.people.sign_in import sign_in
from store.practice import NotPractice
from store.practice.courses import begin_anew, begin_course
from store.practice.exercises.beginning import begin_exercise
from store.practice.exercises.judging import Attempt, judge
from store.practice.exercises.keeping import keep
from store.practice.exercises.reading import shipped_exercises
from store.practice.exercises.solving import command_of, filled
from store.practice.passing import require_passed
from store.practice.results import results_of
from store.practice.walkthrough import go_through
from tests.sob_tui.conftest import Sob

TRAINEE, OTHER, TRAINER = "SE2321000040-OVK01", "SE2321000040-OVK02", "SE2321000040-OV05"
RUN = runner(typer.main.get_command(all_commands()))


def begun(store: Store, name: str, who: str = TRAINEE) -> Attempt:
    return begin_exercise(store, next(one for one in shipped_exercises() if one.id == name), who)


def done(store: Store, path: Path, attempt: Attempt, places: tuple[int, ...]) -> None:
    """Carry out lines of an exercise's solution, in an order of the test's own, and keep what came of it."""
    for place in places:
        step, line = attempt.exercise.steps[place], attempt.exercise.solution.lines[place]
        if step.question is not None:
            attempt = replace(attempt, answers={**attempt.answers, step.id: (1, step.question.right)})
            continue
        with store.lend() as db:
            command = filled(db, command_of(line), step, date(2026, 1, 2))
        words = (*command.words, "--som", attempt.exercise.as_)
        assert RUN(path, attempt.trainee, command._replace(words=words)) == ""
    keep(store, attempt, judge(store, attempt), worked=185_000, keys=42)


@pytest.fixture(scope="module")
def course_file(practice_file: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A course in which one trainee has solved an exercise with wrong turns, given up one and is at a third."""
    path = Path(shutil.copy(practice_file, tmp_path_factory.mktemp("kurs") / "kurs.sqlite"))
    store = open_store(path)
    begin_course(store, 2)
    done(store, path, begun(store, "logga-in"), (0,))
    done(store, path, begun(store, "prioriterad-flagga"), (2, 3))
    done(store, path, begun(store, "prioriterad-flagga"), (0, 1, 2))
    done(store, path, begun(store, "overlamna"), (0,))
    store.close()
    return path


@pytest.fixture
def course(course_file: Path, tmp_path: Path) -> Iterator[Store]:
    store = open_store(shutil.copy(course_file, tmp_path / "kurs.sqlite"))
    yield store
    store.close()


def test_the_table_tells_of_each_trainee_and_exercise(nowhere: Sob, course: Store, tmp_path: Path) -> None:
    words = ("ovning", "resultat", "--store", str(tmp_path / "kurs.sqlite"))
    said = nowhere(*words, som=None)
    rows = [re.split(" {2,}", line) for line in said.out.splitlines()]
    assert rows[:3] == [
        ["", "1", "2", "3"],
        [f"Deltagare 01 ({TRAINEE})", "· 1/2 !1", "· 3/4 !1", "› 1/2"],
        [f"Deltagare 02 ({OTHER})", "–", "–", "–"],
    ]
    assert rows[5] == ["2", "Hantera en prioriterad flagga (prioriterad-flagga)"]
    first, second = nowhere(*words, "--json", som=TRAINER).json["trainees"]
    assert (first["trainee"], first["round"], second["exercises"]) == (TRAINEE, 1, [])
    assert first["exercises"][0] == {
        "exercise": "logga-in",
        "title": "Gå ifrån skärmen",
        "state": "lämnad",
        "done": 1,
        "steps": 2,
        "wrong_turns": 1,
        "seconds": 185,
        "keys": 42,
    }
    for som in (TRAINEE, "SE2321000040-OV01"):
        assert nowhere(*words, som=som).err.endswith("Deltagarnas resultat är för utbildaren och driften.\n")
    begin_anew(course, TRAINEE)
    rows = [re.split(" {2,}", line) for line in nowhere(*words, som=None).out.splitlines()]
    assert rows[1] == [f"Deltagare 01 ({TRAINEE})", "–", "–", "–"]


def test_the_table_is_written_as_a_pdf_with_its_own_font(nowhere: Sob, course: Store, tmp_path: Path) -> None:
    file = tmp_path / "resultat.pdf"
    words = ("ovning", "resultat", "--store", course.engine.url, "--pdf")
    assert nowhere(*words, str(file), som=None).out.startswith(f"Resultaten är skrivna i {file}.")
    content = file.read_bytes()
    assert content.startswith(b"%PDF-")
    assert b"DejaVuSans" in content
    streams = re.findall(rb"stream\r?\n(.*?)\r?\nendstream", content, re.DOTALL)
    assert any(b" Tj" in zlib.decompress(stream) for stream in streams if stream[:1] == b"x")
    for place, why in ((file, "finns redan"), (tmp_path / "ingen" / "x.pdf", "går inte att skriva")):
        refused = nowhere(*words, str(place), som=None)
        assert (refused.code, why in refused.err) == (3, True)
    assert file.read_bytes() == content


def test_going_through_tells_each_thing_that_was_done_and_marks_what_was_wrong(course: Store) -> None:
    result = results_of(course).trainees[0].results["prioriterad-flagga"]
    through = go_through(course, result.attempt)
    assert (through.title, through.round, through.result) == ("Hantera en prioriterad flagga", 1, result)
    assert len(through.others) == 2
    assert through.left == (through_step(3),)
    first, *_, wrong, right = through.things
    assert (first.what, first.by, first.whom.split()[:2]) == (
        "Säga att man tar en flagga",
        "Deltagare 01",
        ["Ståhl,", "Robin"],
    )
    assert (first.events, first.step[:21]) == (("Tar flaggan",), "Säg till kollegorna a")
    assert (bool(wrong.wrong_turns), wrong.step, right.wrong_turns, bool(right.step)) == (True, "", (), True)
    before = go_through(course, through.others[0], sign_in(course, TRAINER))
    turned = [(one.what, one.wrong_turns[0][:26]) for one in before.things if one.at and one.wrong_turns]
    assert turned == [("Hantera en flagga", "Flaggan hanterades innan s")]


def through_step(place: int) -> str:
    return next(one for one in shipped_exercises() if one.id == "prioriterad-flagga").steps[place].text


def test_only_a_set_that_is_solved_is_passed(course: Store) -> None:
    with pytest.raises(Refused, match=r"Deltagare 01 har inte löst \d+ av \d+ övningar: .*; .*; .* och \d+ till\."):
        require_passed(course, TRAINEE, ["behandlare"], shipped_exercises())
    attempt = begun(course, "logga-in")
    attempt = replace(attempt, answers={"las": (2,), "dolj": (2,)})
    keep(course, attempt, judge(course, attempt), worked=0, keys=0)
    assert [one.id for one in require_passed(course, TRAINEE.lower(), ["x"], shipped_exercises(), ["logga-in"])] == [
        "logga-in"
    ]
    begun(course, "logga-in")  # once more: it stays solved
    assert require_passed(course, TRAINEE, ["x"], shipped_exercises(), ["logga-in"])
    with pytest.raises(Refused, match="loga-in finns inte"):
        require_passed(course, TRAINEE, ["x"], shipped_exercises(), ["loga-in"])


def test_a_real_store_has_no_results(tmp_path: Path) -> None:
    real = create_store(tmp_path / "skarp.sqlite", kind="real")
    for asked in (lambda: results_of(real), lambda: go_through(real, 1, OPERATOR)):
        with pytest.raises(NotPractice):
            asked()
    real.close()
