"""How the command line prints a form's answers."""

from typing import TYPE_CHECKING, Any

from sob_tui.commands.session import Session
from sob_tui.commands.words import day
from sob_tui.printing import put, put_json
from store.foundation.clock import Instant, iso_local, local

if TYPE_CHECKING:
    from store.views.form_pages import FormPage, RiskHelp
    from store.views.scores import ScoreChange, ScoreLine

_NOT_ASKED = "ställdes inte"
_UNANSWERED = "–"
NO_INSTRUCTION = "enheten har ingen instruktion. Säg till behörighetsadministratören."


def put_answer(here: Session, page: "FormPage") -> None:
    """Print an answer: risks first, then scores, then question by question. It names nobody: a print is masked."""
    if here.common.json:
        put_json(_json(page))
        return
    put(f"{page.title} · tillfälle {page.occasion} av {page.occasions} · {'läst' if page.read_at else 'oläst'}")
    put(f"Sparat: {local(Instant(page.saved_at)):%Y-%m-%d %H:%M}")
    if page.caution:
        put(page.caution)
    for risk in page.risks:
        put(f"▲ Risksvar: {risk.text} {', '.join(risk.values)}")
        for one in page.help.earlier_to(risk.link_id) if page.help else ():
            put(f"  Tidigare svar, {day(one.saved_at)}: {', '.join(one.values)}")
    if page.help:
        put(f"Så gör enheten vid risk: {page.help.instruction or NO_INSTRUCTION}")
        put(f"Invånarens mobilnummer: {page.help.mobile or _UNANSWERED}")
    for score in page.scores:
        put(f"{score.title}: {score.sentence}")
        for change in score.changes:
            put(f"  {change}")
    put()
    for line in page.lines:
        indent = "  " * line.depth
        put(f"{indent}{line.text}")
        if line.type.is_question:
            said = ", ".join(line.values) or (_UNANSWERED if line.is_asked else _NOT_ASKED)
            put(f"{indent}  {said}", multiline=True)


def _json(page: "FormPage") -> dict[str, Any]:
    """Return an answer; instants with offset, `values` as a person reads them, changes null where there are none."""
    return {
        "id": str(page.id),
        "form": page.form,
        "title": page.title,
        "kind": page.kind,
        "saved": iso_local(Instant(page.saved_at)),
        "read": None if page.read_at is None else iso_local(Instant(page.read_at)),
        "occasion": page.occasion,
        "occasions": page.occasions,
        "previous": None if page.previous is None else str(page.previous),
        "following": None if page.following is None else str(page.following),
        "risk": _risk_json(page.help),
        "scores": [_score_json(score) for score in page.scores],
        "answers": [
            {
                "linkId": line.link_id,
                "text": line.text,
                "values": list(line.values),
                "asked": line.is_asked,
                "risk": line.is_risk,
            }
            for line in page.lines
            if line.type.is_question
        ],
    }


def _risk_json(help: "RiskHelp | None") -> dict[str, Any] | None:
    if help is None:
        return None
    return {
        "instruction": help.instruction or None,
        "mobile": help.mobile or None,
        "earlier": [
            {"linkId": one.link_id, "saved": iso_local(Instant(one.saved_at)), "values": list(one.values)}
            for one in help.earlier
        ],
    }


def _score_json(score: "ScoreLine") -> dict[str, Any]:
    return {
        "title": score.title,
        "score": score.value,
        "max": score.maximum,
        "band": score.band or None,
        "source": score.source or None,
        "reason": score.why_not or None,
        "since_first": _change_json(score.since_first),
        "since_last": _change_json(score.since_last),
    }


def _change_json(change: "ScoreChange | None") -> dict[str, Any] | None:
    if change is None:
        return None
    return {"change": change.amount, "since": iso_local(Instant(change.since)), "verdict": change.verdict or None}
