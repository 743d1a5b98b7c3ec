"""What a preview tells of a matter or a moment, drawn for its width: what waits first, each in its own words."""

from __future__ import annotations

from collections.abc import Iterator

from textual.content import Content

from screens.marks import flag_lines
from screens.moment.forms.diary import draw_diaries
from screens.moment.forms.form_text import draw_form
from screens.moment.messages.conversation_rows import when
from screens.moment.messages.thread_lines import lines_of
from screens.moment.modules.module_rows import read_mark
from screens.moment.plans.plan_rows import day_words, when_words
from screens.moment.safety_plan.plan_text import draw_plan
from screens.widgets.cells import Tone, wrap
from screens.widgets.painted import TONES
from screens.wording import age, attempted, days_ago, list_day
from store.care.conversations import Sender
from store.care.drafts import DraftText
from store.care.safety_plan_text import TITLE
from store.foundation.clock import Instant, local_day
from store.views.conversations import MessageLine, Thread
from store.views.flags import FlagRow
from store.views.moment import ModuleState
from store.views.plans import PlanRow
from store.views.preview import Preview

NOTHING = "Inget väntar i momentet."
NEVER = "Ingen aktivitet än."
_UNDER = 2
"""Where what is said of a flag begins: under its word."""


def draw_preview(preview: Preview, now: Instant, width: int) -> list[Content]:
    """Return the lines of a preview, an empty one between its parts."""
    lines: list[Content] = []
    for part in _parts(preview, now, width):
        lines += [Content(""), *part] if lines else part
    return lines


def _parts(preview: Preview, now: Instant, width: int) -> Iterator[list[Content]]:
    if preview.flags:
        yield [line for flag in preview.flags for line in _flag(flag, now, width)]
    for thread in preview.threads:
        yield list(_thread(thread, now, width))
    for draft in preview.drafts:
        yield list(_draft(draft, now, width))
    for answer in preview.answers:
        yield draw_form(answer, (), Content(), "", now, width)
    if preview.diaries:
        yield draw_diaries(preview.diaries, width)
    for plan in preview.plans:
        yield list(_plan(plan, now, width))
    if preview.safety_plan is not None:
        written = draw_plan(preview.safety_plan, preview.safety_plan.newest, width)
        yield [Content.styled(TITLE, "bold"), *written]
    for module in preview.modules:
        yield list(_module(module, now, width))
    if not (preview.flags or preview.threads or preview.drafts or preview.answers or preview.diaries):
        yield list(_wrapped(NOTHING, width, "muted"))
    yield list(_active(preview.last_active_at, now, width))


def _flag(flag: FlagRow, now: Instant, width: int) -> Iterator[Content]:
    """Yield how urgent a flag is and why, since when, who is on it, and what was tried."""
    yield from flag_lines(flag.severity, flag.reason, width)
    said = [f"Väntat {age(Instant(min(flag.waiting_since, now)), now)}"]
    if flag.raised_by:
        said.append(f"satt för hand av {flag.raised_by}")
    if flag.taken is not None:
        said.append(flag.taken.said)
    yield from _wrapped(" · ".join(said), width, "accent" if flag.taken else "muted", _UNDER)
    for tried in flag.attempts:
        at = "".join(when(tried.at, now))
        yield from _wrapped(f"Nådde inte {at}, {tried.made_by}: {tried.note}", width, indent=_UNDER)
    if flag.attempts and flag.handled_at is None:
        yield from _wrapped(attempted(len(flag.attempts), flag.next_attempt_at, now), width, "waiting", _UNDER)


def _thread(thread: Thread, now: Instant, width: int) -> Iterator[Content]:
    """Yield what waits for an answer, the oldest first, and under it what was written before."""
    waiting, before = _parted(thread)
    yield from (line.stylize("bold") for line in _wrapped(f"✉ {thread.conversation.heading}", width))
    yield from lines_of(waiting, width, now)
    if before is not None:
        yield Content("")
        yield from _wrapped("Dessförinnan", width, "muted")
        yield from lines_of([before], width, now)


def _parted(thread: Thread) -> tuple[list[MessageLine], MessageLine | None]:
    """Return the resident's messages since the clinician's last, and the one before; else the latest by itself."""
    messages = list(thread.messages)
    place = len(messages)
    while place and messages[place - 1].sender is Sender.RESIDENT:
        place -= 1
    if place == len(messages):
        place = max(0, place - 1)
    return messages[place:], messages[place - 1] if place else None


def _draft(draft: DraftText, now: Instant, width: int) -> Iterator[Content]:
    yield from _wrapped(f"✎ Ditt utkast, sparat {''.join(when(draft.saved_at, now))}", width, "accent")
    for paragraph in draft.text.split("\n"):
        yield from _wrapped(paragraph, width) if paragraph.strip() else (Content(""),)


def _plan(plan: PlanRow, now: Instant, width: int) -> Iterator[Content]:
    today = local_day(now)
    yield from (line.stylize("bold") for line in _wrapped(plan.title, width))
    if plan.follow_up_on is not None:
        is_due = plan.follow_up_on <= today
        yield from _wrapped(f"Följs upp {day_words(plan.follow_up_on, today)}", width, "waiting" if is_due else "muted")
    for activity in plan.current:
        yield from _wrapped(f"{activity.description} · {when_words(activity)}", width, indent=2)
        marks = [f"{'✓' if mark.is_done else '✗'} {day_words(mark.day, today)}" for mark in activity.marks[-3:]]
        yield from _wrapped("  ".join(marks), width, "muted", indent=4)
    for done in plan.follow_ups[:1]:
        yield from _wrapped(f"Uppföljd {''.join(when(done.at, now))} av {done.by}: {done.note}", width)


def _module(module: ModuleState, now: Instant, width: int) -> Iterator[Content]:
    title = module.title if module.number is None else f"{module.number} {module.title}"
    yield from (line.stylize("bold") for line in _wrapped(title, width))
    for step in module.steps:
        mark = read_mark(step, local_day(now))
        yield from _wrapped(f"{step.title} · {mark.text}", width, mark.tone, indent=2)


def _active(at: int | None, now: Instant, width: int) -> Iterator[Content]:
    yield from _wrapped(
        NEVER if at is None else f"Senast aktiv {list_day(Instant(at))} {days_ago(Instant(at), now)}", width, "muted"
    )


def _wrapped(text: str, width: int, tone: Tone = "", indent: int = 0) -> Iterator[Content]:
    if text:
        for line in wrap(text, max(1, width - indent)):
            yield Content.styled(" " * indent + line, TONES[tone])
