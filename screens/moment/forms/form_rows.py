"""*Formulär* under *HANTERA HÄNDELSER* as rows: what is unread, and the measurements (guide; domain.md §4)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from screens.widgets.cells import Ink, Tone
from screens.widgets.row import Row
from screens.wording import list_day, list_time
from store.care.measurements import Measurement
from store.care.questionnaire.plan import FormKind
from store.care.questionnaire.schedule import OccasionState
from store.foundation.clock import Instant
from store.views.moment import MomentPage, WaitingForm

NOTHING = "Inga formulär att hantera."
FORMS = "Formulär"
MEASUREMENTS = "Mätningar"
MARK_READ = "Markera som läst"

_HEADINGS = {
    FormKind.BATTERY: ("OLÄST FORMULÄR I MÄTBATTERI", "OLÄSTA FORMULÄR I MÄTBATTERI"),
    FormKind.HOMEWORK: ("OLÄST HEMUPPGIFT", "OLÄSTA HEMUPPGIFTER"),
    FormKind.DIARY: ("OLÄST DAGBOKSRAD", "OLÄSTA DAGBOKSRADER"),
}
"""The guide's heading, and ours for homework and diaries, which stand apart."""


@dataclass(frozen=True)
class FormRow(Row):
    """A row about a form. `unread` are the ids of the answers that `m` marks as read."""

    answer: int | None = None
    """What Enter opens, None where it is the diary or nothing."""
    unread: tuple[int, ...] = ()
    is_diary: bool = False
    form: str = ""


def form_rows(page: MomentPage, *, may_mark: bool) -> tuple[FormRow, ...]:
    """Return the rows: the battery's forms, homework, diaries; then the measurements."""
    waiting = [row for kind in FormKind for row in _waiting(kind, page.waiting_forms, may_mark=may_mark)]
    if not waiting:
        waiting = [FormRow("", NOTHING, tone="muted")]
    measured = [_measured(measurement) for measurement in page.measurements]
    heading = [FormRow("", ""), FormRow("", MEASUREMENTS, is_heading=True)] if measured else []
    return (FormRow("", FORMS, is_heading=True), *waiting, *heading, *measured)


def measurement_id(form: str) -> str:
    """Return the id of the row of what is measured with a form."""
    return f"mätning {form}"


def unread_heading(number: int, kind: FormKind = FormKind.BATTERY) -> str:
    """Return the guide's heading: `1 OLÄST FORMULÄR I MÄTBATTERI`."""
    return f"{number} {_HEADINGS[kind][number != 1]}"


def _waiting(kind: FormKind, forms: Sequence[WaitingForm], *, may_mark: bool) -> Iterator[FormRow]:
    found = [form for form in forms if form.kind == kind]
    if found:
        yield FormRow("", unread_heading(len(found), kind), tone="waiting", is_heading=True)
    if kind is FormKind.DIARY:
        for form_id in dict.fromkeys(form.form for form in found):
            yield _diary([form for form in found if form.form == form_id], may_mark=may_mark)
        return
    for form in found:
        yield FormRow(
            id=f"svar {form.id}",
            text=form.title,
            state=_saved(form.saved_at, may_mark=may_mark),
            answer=form.id,
            unread=(form.id,),
            form=form.form,
        )


def _diary(forms: list[WaitingForm], *, may_mark: bool) -> FormRow:
    return FormRow(
        id=f"dagbok {forms[0].form}",
        text=forms[0].title,
        state=_saved(forms[-1].saved_at, may_mark=may_mark),
        unread=tuple(form.id for form in forms),
        is_diary=True,
        form=forms[0].form,
    )


def _saved(at: int, *, may_mark: bool) -> tuple[Ink, ...]:
    saved = Ink(f"Sparat: {list_time(Instant(at))}")
    return (saved, Ink("   "), Ink(MARK_READ, "accent")) if may_mark else (saved,)


def _measured(measurement: Measurement) -> FormRow:
    answered = measurement.in_state(OccasionState.ANSWERED)
    latest = answered[-1].answer if answered else None
    return FormRow(
        id=measurement_id(measurement.form),
        text=measurement.title,
        state=tuple(_states(measurement)),
        answer=latest.id if latest else None,
        form=measurement.form,
    )


def _states(measurement: Measurement) -> Iterator[Ink]:
    """Say what is due, missing and to come, the most urgent first."""
    said: list[tuple[str, Tone]] = []
    if due := measurement.in_state(OccasionState.DUE):
        said.append((f"○ väntar på svar sedan {list_day(due[0].due_at)}", "waiting"))
    if missing := measurement.in_state(OccasionState.MISSING):
        said.append((f"! {len(missing)} saknas", "waiting"))
    if answered := measurement.in_state(OccasionState.ANSWERED):
        said.append((f"✓ {len(answered)} besvarade" if len(answered) > 1 else "✓ besvarad", "done"))
    if planned := measurement.in_state(OccasionState.PLANNED):
        said.append((f"nästa {list_day(planned[0].due_at)}", "muted"))
    for place, (text, tone) in enumerate(said):
        if place:
            yield Ink("  ")
        yield Ink(text, tone)
