"""A score on one occasion, what it means, and how it has changed (domain.md §6)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from store.care.forms import Form
from store.care.questionnaire.answers import Answers
from store.care.questionnaire.change import change_between
from store.care.questionnaire.scale import Scale
from store.care.questionnaire.scoring import figure, score_of
from store.foundation.clock import Instant, local_day


@dataclass(frozen=True)
class ScoreChange:
    """How much a score has changed since another occasion (UTC milliseconds), and whether that is more than chance.

    `verdict` is in Swedish, empty where there is nothing to say; `is_worse` is None where the limit is not reached.
    """

    amount: float
    since: int
    verdict: str
    is_worse: bool | None
    is_tried: bool = True
    """Whether the scale's own source gives the limit."""


@dataclass(frozen=True)
class ScoreLine:
    """A score with its band. `value` is None where it could not be made, and `why_not` says why."""

    title: str
    value: float | None
    maximum: float
    band: str
    source: str
    threshold: float | None = None
    """What the source advises to look closer at."""
    why_not: str = ""
    level: str = ""
    """The band as it is shown: one of our own says that it is."""
    since_first: ScoreChange | None = None
    since_last: ScoreChange | None = None

    @property
    def sentence(self) -> str:
        """The figure with its band and the source of that: `16 av 27, medelsvåra besvär (egna gränser)`."""
        if self.value is None:
            return f"Ingen poäng. {self.why_not}"
        band = f", {self.level}" if self.level else ""
        source = f" ({self.source})" if self.source and self.band else ""
        limit = f", gränsvärde {figure(self.threshold)}" if self.threshold is not None else ""
        return f"{figure(self.value)} av {figure(self.maximum)}{band}{limit}{source}"

    @property
    def compared(self) -> tuple[ScoreChange, ...]:
        """The change since the first occasion and since the last, where that is another."""
        return tuple(dict.fromkeys(change for change in (self.since_first, self.since_last) if change))

    @property
    def changes(self) -> tuple[str, ...]:
        """Those in words, a sentence each."""
        words = ("sedan första", "sedan förra")
        return tuple(_said(change, since) for change, since in zip(self.compared, words, strict=False))


def score_line(form: Form, scale: Scale, answers: Answers, before: Sequence[tuple[int, int, Answers]]) -> ScoreLine:
    """Return a score on one occasion; `before` are the earlier ones, (id, saved at, answers), the oldest first."""
    score = score_of(form.questionnaire, scale, answers)
    line = ScoreLine(
        scale.title,
        score.value,
        score.maximum,
        score.band,
        scale.source,
        scale.threshold,
        score.why_not,
        level=scale.level(score.band),
    )
    if score.value is None:
        return line
    earlier = [(at, score_of(form.questionnaire, scale, given).value) for _, at, given in before]
    changes = [_change(scale, at, value, score.value) for at, value in earlier if value is not None]
    return replace(line, since_first=changes[0], since_last=changes[-1]) if changes else line


def _change(scale: Scale, since: int, before: float, now: float) -> ScoreChange:
    change = change_between(scale, before, now)
    return ScoreChange(change.amount, since, change.verdict, change.is_worse, change.is_tried)


def _said(change: ScoreChange, since: str) -> str:
    sign = "+" if change.amount > 0 else "±" if change.amount == 0 else "\N{MINUS SIGN}"
    day = local_day(Instant(change.since)).isoformat()
    verdict = f": {change.verdict}" if change.verdict else ""
    return f"{sign}{figure(abs(change.amount))} {since} ({day}){verdict}"
