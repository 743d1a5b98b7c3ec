"""A form's answers as text: risks on top, score and change, then question by question (domain.md §6)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from rich.cells import cell_len
from textual.content import Content

from screens.flag_text import NO_SIGN_OF_SAFETY, draw_instruction, instruction_in_words
from screens.marks import PROTECTED
from screens.widgets.cells import Tone, clean, cut, hang, wrap
from screens.widgets.painted import TONES
from screens.wording import age, attempted, list_day, list_time
from store.care.questionnaire.shape import ItemType
from store.foundation.clock import Instant
from store.foundation.flag_kinds import FlagKind
from store.views.flags import FlagRow
from store.views.form_pages import AnswerLine, EarlierAnswer, FormPage
from store.views.scores import ScoreLine

NO_MOBILE = "saknas"
MOST_EARLIER = 6
"""How many earlier answers to a question stand there."""
_ANSWER_FROM = 72
"""From this width on the answer stands beside its question."""


def draw_form(
    page: FormPage, flags: Sequence[FlagRow], offer: Content, note: str, now: Instant, width: int
) -> list[Content]:
    """Return the lines of a form's answers.

    Args:
        page: the answers.
        flags: those that the answer has raised.
        offer: what is offered once it is read; empty for nothing.
        note: how a call to the resident is noted; empty where that can't be done.
        now: the store's time.
        width: cells.
    """
    return [
        *_head(page, width),
        *(line.stylize_before(TONES["muted"]) for line in (offer.wrap(width) if offer else ())),
        *_risks(page, flags, note, now, width),
        *_scores(page, width),
        Content(""),
        *_answers(page, width),
    ]


def _head(page: FormPage, width: int) -> Iterator[Content]:
    state = f"✓ läst {list_time(Instant(page.read_at))} av {clean(page.read_by)}" if page.read_at else "● oläst"
    saved = f"Sparat: {list_time(Instant(page.saved_at))} av {clean(page.saved_by)}"
    yield from _both(clean(page.title), f"Tillfälle {page.occasion} av {page.occasions}", width, "bold", "")
    yield from _both(saved, state, width, "", TONES["done" if page.read_at else "waiting"])
    yield from _wrapped(page.caution, width, "muted")


def _risks(page: FormPage, flags: Sequence[FlagRow], note: str, now: Instant, width: int) -> Iterator[Content]:
    """Yield the risk answers with what is needed at once: earlier answers, who is on it, what the unit does."""
    if page.help is None:
        return
    yield Content("")
    yield Content.styled(cut("▲ RISKSVAR", width), f"bold {TONES['risk']}")
    for risk in page.risks:
        yield from _question(risk, width, "risk", mark="▲ ")
        yield from _wrapped(_before(page.help.earlier_to(risk.link_id)), width, "muted", indent=4)
    for flag in flags:
        if flag.kind is FlagKind.ANSWER:  # what is worse is told of beside the score
            yield from _state(flag, now, width, alone=len(page.risks) == 1)
    mobile = PROTECTED if page.help.mobile is None else clean(page.help.mobile) or NO_MOBILE
    yield from _wrapped(f"Invånarens mobilnummer: {mobile}{note}", width)
    yield from draw_instruction(instruction_in_words(page.help.instruction), width)


def _before(earlier: Sequence[EarlierAnswer]) -> str:
    """Return the earlier answers to a question, the newest first, each with its day."""
    if not earlier:
        return "Inga tidigare svar på frågan."
    said = [f"{list_day(Instant(one.saved_at))}\xa0{clean(', '.join(one.values))}" for one in earlier[:MOST_EARLIER]]
    more = len(earlier) - len(said)
    return f"Tidigare: {' · '.join(said)}{f' · och {more} till' if more else ''}"


def _state(flag: FlagRow, now: Instant, width: int, *, alone: bool) -> Iterator[Content]:
    """Yield who is on a flag, the attempts, and how it was handled; which flag it is, where it isn't `alone`."""
    which = "" if alone else f"{clean(flag.reason)}: "
    if flag.handled_at is not None:
        how = f", {flag.outcome.words}" if flag.outcome else ""
        by = f"av {clean(flag.handled_by)}" if flag.handled_by else "av sig själv"
        yield from _wrapped(f"✓ {which}Hanterad {list_time(Instant(flag.handled_at))} {by}{how}", width, "done")
        return
    waited = f"{which}Ohanterad, väntat {age(Instant(flag.waiting_since), now)}"
    yield from _wrapped(
        f"{flag.taken.said} · {waited}" if flag.taken else waited, width, "accent" if flag.taken else "risk"
    )
    if flag.attempts:
        yield from _wrapped(attempted(len(flag.attempts), flag.next_attempt_at, now), width, "waiting")


def _scores(page: FormPage, width: int) -> Iterator[Content]:
    if page.scores:
        yield Content("")
    for score in page.scores:
        yield from _score(score, width)
    if page.scores and not page.risks and page.asks_about_risk:
        yield from _wrapped(NO_SIGN_OF_SAFETY, width, "waiting")


def _score(score: ScoreLine, width: int) -> Iterator[Content]:
    yield from (line.stylize("bold") for line in _wrapped(f"{score.title}: {score.sentence}", width))
    for change, sentence in zip(score.compared, score.changes, strict=True):
        mark, tone = _TRIED[change.is_worse] if change.is_tried else _UNTRIED[change.is_worse]
        yield from (Content.styled(line, TONES[tone]) for line in hang(mark, sentence, width))


_TRIED: Mapping[bool | None, tuple[str, Tone]] = {True: ("! ", "risk"), False: ("✓ ", "done"), None: ("  ", "")}
_UNTRIED: Mapping[bool | None, tuple[str, Tone]] = {True: ("! ", "waiting"), False: ("  ", ""), None: ("  ", "")}
"""Mark and tone of a change for the worse, for the better and of none, where a source gives the limit and where not."""


def _answers(page: FormPage, width: int) -> Iterator[Content]:
    for line in page.lines:
        if line.type is ItemType.GROUP:
            yield Content("")
            yield from (part.stylize("bold") for part in _wrapped(line.text, width, indent=line.depth * 2))
        elif line.type is ItemType.DISPLAY:
            yield from _wrapped(line.text, width, "muted", indent=line.depth * 2)
        else:
            yield from _question(line, width, "risk" if line.is_risk else "")


def _question(line: AnswerLine, width: int, tone: Tone, mark: str = "") -> Iterator[Content]:
    """Yield a question at the left and its answer at the right, or under it where there is little room."""
    indent = line.depth * 2
    before = f"{mark}{line.link_id}. " if line.link_id.isdigit() else mark
    said = _said(line)
    answer_tone: Tone = tone or ("" if line.values else "muted")
    if width < _ANSWER_FROM or sum(map(cell_len, said)) > width:
        yield from (Content(" " * indent + one) for one in hang(before, line.text, width - indent))
        for one in said:
            yield from _wrapped(one, width, answer_tone, indent=indent + 4)
        return
    room = width * 3 // 5
    left = hang(before, line.text, room - indent - 2)
    right = [part for one in said for part in wrap(one, width - room)]
    for place in range(max(len(left), len(right))):
        text = " " * indent + (left[place] if place < len(left) else "")
        answer = right[place] if place < len(right) else ""
        yield Content.assemble(text + " " * (room - cell_len(text)), (answer, _bold(answer_tone)))


def _bold(tone: Tone) -> str:
    return f"bold {TONES[tone]}" if tone != "muted" else TONES[tone]


def _said(line: AnswerLine) -> Sequence[str]:
    if line.values:
        return [part for value in line.values for part in value.split("\n")]
    return ("inget svar",) if line.is_asked else ("frågan ställdes inte",)


def _both(left: str, right: str, width: int, left_style: str, right_style: str) -> Iterator[Content]:
    """Yield two texts at the two edges of a line, or under each other."""
    gap = width - cell_len(left) - cell_len(right)
    if gap >= 2:
        yield Content.assemble((left, left_style), " " * gap, (right, right_style))
        return
    for text, style in ((left, left_style), (right, right_style)):
        yield from (Content.styled(line, style) for line in wrap(text, width))


def _wrapped(text: str, width: int, tone: Tone = "", indent: int = 0) -> Iterator[Content]:
    if text:
        for line in wrap(text, max(1, width - indent)):
            yield Content.styled(" " * indent + line, TONES[tone])
