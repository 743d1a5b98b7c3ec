"""One night's sleep, computed from a diary's answers."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from store.care.questionnaire.plan import DiaryRoles
from store.care.sleep_diary import ImplausibleNight, Night, check_day, check_overlap, sleep_of

ROLES = DiaryRoles("dag", "lade", "somnade", "vaken", "vaknade", "upp")


def answers(to_bed: object, onset: object, awake: object, woke: object, up: object) -> dict[str, object]:
    """A diary entry's answers by linkId."""
    return {"lade": to_bed, "somnade": onset, "vaken": awake, "vaknade": woke, "upp": up}


def clock(minutes: int) -> str:
    """Minutes after any midnight as HH:MM."""
    return f"{minutes // 60 % 24:02d}:{minutes % 60:02d}"


def test_a_night_over_midnight() -> None:
    assert sleep_of(ROLES, answers("22:30", 30, 30, "06:00", "06:30")) == Night(480, 390, 390 / 480)


ASKED = replace(ROLES, in_bed="sangs")


def test_the_time_in_bed_begins_where_the_person_went_to_bed_if_that_is_answered() -> None:
    entry = answers("23:00", 30, 30, "06:00", "06:30")
    without = sleep_of(ASKED, entry)
    assert without == sleep_of(ROLES, entry)
    assert without
    assert (without.in_bed_minutes, without.asleep_minutes) == (450, 360)
    assert sleep_of(ASKED, {**entry, "sangs": ""}) == without
    reading = sleep_of(ASKED, {**entry, "sangs": "21:30"})
    assert reading
    assert (reading.in_bed_minutes, reading.asleep_minutes, reading.efficiency) == (540, 360, 360 / 540)
    told = sleep_of(ASKED, {**entry, "sangs": "21:30", "dag": "2026-03-02"})
    assert told == reading
    assert told
    assert told.span
    assert told.span.to_bed.isoformat() == "2026-03-01T20:30:00+00:00"


@pytest.mark.parametrize(
    ("sangs", "message"),
    [
        ("23:01", "Du släckte innan du gick till sängs"),
        ("14:29", "Det blir 16 h 01 min i sängen"),
        ("halv tio", "halv tio är inte ett klockslag"),
    ],
)
def test_a_time_of_going_to_bed_that_cannot_be_is_refused_at_its_question(sangs: str, message: str) -> None:
    with pytest.raises(ImplausibleNight, match=message) as error:
        sleep_of(ASKED, {**answers("23:00", 30, 30, "06:00", "06:30"), "sangs": sangs})
    assert error.value.link == "sangs"
    assert sleep_of(ASKED, {**answers("23:00", 30, 30, "06:00", "06:30"), "sangs": "14:30"})


def test_a_night_after_midnight_and_times_with_seconds() -> None:
    assert sleep_of(ROLES, answers("00:30:00", 0, 0, "08:30:00", "08:30:00")) == Night(480, 480, 1.0)


@pytest.mark.parametrize("link", ["lade", "somnade", "vaken", "vaknade", "upp"])
@pytest.mark.parametrize("nothing", [None, ""])
def test_a_missing_answer_gives_no_night(link: str, nothing: object) -> None:
    assert sleep_of(ROLES, answers("22:30", 30, 30, "06:00", "06:30") | {link: nothing}) is None


@pytest.mark.parametrize(
    ("entry", "message"),
    [
        (answers("22:3O", 30, 0, "06:00", "06:30"), "22:3O är inte ett klockslag.*22:30"),
        (answers("22.30", 30, 0, "06:00", "06:30"), "22.30 är inte ett klockslag"),
        (answers("24:00", 30, 0, "06:00", "06:30"), "24:00 är inte ett klockslag"),
        (answers("22:30", -1, 0, "06:00", "06:30"), "-1 är inte ett antal minuter.*20"),
        (answers("22:30", True, 0, "06:00", "06:30"), "inte ett antal minuter"),
        (answers("22:30", 0, "tio", "06:00", "06:30"), "tio är inte ett antal minuter"),
        (answers("22:30", 0, 0, "06:30", "06:00"), "steg upp innan du vaknade"),
        (answers("22:30", 400, 51, "06:00", "06:30"), "fler vakna minuter än natten"),
        (answers("22:30", 0, 0, "22:30", "22:30"), "samma minut"),
    ],
)
def test_what_cannot_be_computed_says_why(entry: dict[str, object], message: str) -> None:
    with pytest.raises(ValueError, match=message):
        sleep_of(ROLES, entry)


@given(st.integers(0, 1439), st.lists(st.integers(0, 239), min_size=4, max_size=4))
def test_parts_of_a_night_add_up(to_bed: int, parts: list[int]) -> None:
    onset, awake, asleep, lingering = parts
    woke = to_bed + onset + awake + asleep
    up = woke + lingering + 1
    night = sleep_of(ROLES, answers(clock(to_bed), onset, awake, clock(woke), clock(up)))
    assert night == Night(up - to_bed, asleep, asleep / (up - to_bed))
    assert 0 <= night.efficiency <= 1


@given(*[st.integers(0, 1439)] * 3, *[st.integers(0, 600)] * 2)
def test_any_entry_is_a_possible_night_or_refused(to_bed: int, woke: int, up: int, onset: int, awake: int) -> None:
    try:
        night = sleep_of(ROLES, answers(clock(to_bed), onset, awake, clock(woke), clock(up)))
    except ValueError:
        return
    assert night is not None
    assert 0 <= night.asleep_minutes <= night.in_bed_minutes <= 16 * 60


# What can hardly be a night


@pytest.mark.parametrize(
    ("entry", "link", "said"),
    [
        (("10:30", 20, 10, "06:30", "06:45"), "lade", "Det blir 20 h 15 min i sängen. Menade du 22:30?"),
        (("11:00", 30, 0, "07:00", "07:15"), "lade", "Menade du 23:00?"),
        (("12:30", 0, 0, "07:00", "07:15"), "lade", "Menade du 00:30?"),
        (("22:30", 0, 0, "18:30", "06:45"), "vaknade", "Du steg upp innan du vaknade. Menade du 06:30?"),
        (("22:30", 0, 0, "06:30", "18:45"), "upp", "Det blir 20 h 15 min i sängen. Menade du 06:45?"),
        (("22:30", 0, 0, "06:30", "06:00"), "upp", "Du steg upp innan du vaknade. Se över tiderna"),
        (("08:00", 0, 0, "00:00", "00:01"), "lade", "Det blir 16 h 01 min i sängen. Menade du 20:00?"),
        (("22:30", 20, 10, "06:30", "22:30"), "upp", "samma minut"),
        (("22:30", 500, 10, "06:30", "07:00"), "vaken", "fler vakna minuter än natten räcker till"),
    ],
)
def test_it_is_refused_at_its_question_with_what_was_probably_meant(
    entry: tuple[str, int, int, str, str], link: str, said: str
) -> None:
    with pytest.raises(ImplausibleNight) as refused:
        sleep_of(ROLES, answers(*entry))
    assert (refused.value.link, said in str(refused.value)) == (link, True), str(refused.value)


@pytest.mark.parametrize("entry", [("08:00", 20, 10, "14:30", "15:00"), ("08:00", 0, 0, "23:59", "00:00")])
def test_who_sleeps_in_the_day_and_sixteen_hours_pass(entry: tuple[str, int, int, str, str]) -> None:
    assert sleep_of(ROLES, answers(*entry))


@pytest.mark.parametrize(
    ("day", "in_bed", "asleep"),
    [("2026-03-28", 480, 390), ("2026-03-29", 420, 330), ("2026-10-25", 540, 450), ("2026-10-26", 480, 390)],
)
def test_a_night_in_which_the_clock_is_moved_has_its_real_hours(day: str, in_bed: int, asleep: int) -> None:
    night = sleep_of(ROLES, {**answers("22:30", 30, 30, "06:00", "06:30"), "dag": day})
    assert night == Night(in_bed, asleep, asleep / in_bed)


def test_it_is_moved_for_who_goes_to_bed_after_midnight_too_and_not_for_who_slept_before() -> None:
    late = sleep_of(ROLES, {**answers("00:30", 0, 0, "06:00", "06:30"), "dag": "2026-03-29"})
    assert late == Night(300, 270, 0.9)
    day = sleep_of(ROLES, {**answers("08:00", 0, 0, "14:30", "15:00"), "dag": "2026-03-29"})
    assert day == Night(420, 390, 390 / 420)


@pytest.mark.parametrize("up", ["02:30", "03:00", "03:10"])
def test_a_time_that_the_clock_never_showed_breaks_nothing(up: str) -> None:
    for to_bed in ("01:30", "02:00", "02:29"):
        night = sleep_of(ROLES, {**answers(to_bed, 0, 0, up, up), "dag": "2026-03-29"})
        assert night
        assert 0 < night.in_bed_minutes <= 100


@pytest.mark.parametrize(
    ("day", "is_right"), [("2026-03-01", False), ("2026-03-02", True), ("2026-03-09", True), ("2026-03-10", False)]
)
def test_the_day_is_from_the_moments_start_to_today(day: str, is_right: bool) -> None:
    first, last = date(2026, 3, 2), date(2026, 3, 9)
    if is_right:
        check_day(ROLES, {"dag": day}, first, last)
        return
    with pytest.raises(ImplausibleNight, match=day) as refused:
        check_day(ROLES, {"dag": day}, first, last)
    assert refused.value.link == "dag"


def on(day: str, to_bed: str, up: str) -> Night:
    night = sleep_of(ROLES, {**answers(to_bed, 0, 0, up, up), "dag": day})
    assert night
    return night


def test_nobody_is_in_bed_twice_at_once() -> None:
    before = {"2026-03-02": on("2026-03-02", "08:00", "16:00")}
    for right in (
        on("2026-03-03", "16:00", "07:00"),
        on("2026-03-01", "23:00", "07:00"),
        on("2026-03-02", "23:00", "08:00"),
    ):
        check_overlap(ROLES, right, before)
    for wrong in (on("2026-03-03", "15:59", "07:00"), on("2026-03-02", "23:00", "08:01")):
        with pytest.raises(
            ImplausibleNight, match="Natten går in i den till 2026-03-02, då du steg upp 2026-03-02 16:00"
        ):
            check_overlap(ROLES, wrong, before)
