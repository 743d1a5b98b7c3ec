"""A matter, or what waits in a moment, read beside a list: nothing is opened by it and nothing handled (domain.md §5).

What is handed out has a row in the log, once a visit to the list: the resident, the very thing and which data it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from store.care.conversations import UNANSWERED
from store.care.drafts import DraftText, own_drafts
from store.care.moments import MomentSubject, moment_subject
from store.care.programs import program_of
from store.care.questionnaire.plan import FormKind
from store.foundation.access import Action, DataCategory, Origin
from store.foundation.flag_kinds import About
from store.foundation.identity import MASKED_NAME
from store.foundation.operation import operation
from store.foundation.read_transaction import ReadTransaction
from store.people.residents import known_person
from store.views.conversations import Thread, masked, thread_of
from store.views.diary import Diary, diaries_in
from store.views.flags import FlagRow, flags_of
from store.views.form_pages import FormPage, page_of
from store.views.moment import SEES, ModuleState, WaitingForm, modules_of, waiting_forms
from store.views.plans import PlanRow, plans_of
from store.views.safety_plan import SafetyPage, safety_page

MESSAGES, OF_EACH = 8, 3
"""How many messages of a conversation, and how many conversations and answers of a moment, are handed out."""
NIGHTS = 14
"""How many rows of a diary are."""


@dataclass(frozen=True)
class Preview:
    """What is read of a matter or a moment; nothing stands in what is not there. Instants are UTC milliseconds."""

    flags: tuple[FlagRow, ...] = ()
    threads: tuple[Thread, ...] = ()
    answers: tuple[FormPage, ...] = ()
    diaries: tuple[Diary, ...] = ()
    """With the latest rows."""
    plans: tuple[PlanRow, ...] = ()
    safety_plan: SafetyPage | None = None
    modules: tuple[ModuleState, ...] = ()
    drafts: tuple[DraftText, ...] = ()
    """Those of the one who looks."""
    last_active_at: int | None = None
    """When the resident, or an ombud, did something last; None where nothing was done yet."""


@operation(
    "Förhandsvisa ett moment i en lista",
    may=SEES,
    action=Action.READ,
    category=DataCategory.RECORD,
    origin=Origin.PREVIEW,
    on=moment_subject,
)
def preview_moment(work: ReadTransaction, moment: MomentSubject, place: str, *, is_new_visit: bool = False) -> Preview:
    """Return what waits in a moment, else the latest message; all is left as unread and as unseen as it was.

    Args:
        work: the transaction.
        moment: the moment.
        place: the list beside which it is shown; see `ReadTransaction.serve_once`.
        is_new_visit: whether somebody has come to the list since its last preview.
    """
    _serve(work, moment, place, DataCategory.RECORD, is_new_visit=is_new_visit)
    forms = waiting_forms(work, moment)
    answers = [form for form in forms if form.kind != FormKind.DIARY.value][-OF_EACH:]
    return _masked(
        work,
        moment,
        Preview(
            flags=tuple(flag for flag in flags_of(work, moment) if flag.handled_at is None),
            threads=tuple(thread_of(work, moment, one, None, MESSAGES) for one in _conversations(work, moment)),
            answers=tuple(page_of(work, moment, form.id) for form in reversed(answers)),
            diaries=tuple(_unread_diaries(work, moment, forms)),
            drafts=own_drafts(work, moment),
            last_active_at=_last_active(work, moment),
        ),
    )


@operation(
    "Förhandsvisa ett ärende i Att göra",
    may=SEES,
    action=Action.READ,
    category=DataCategory.RECORD,
    origin=Origin.PREVIEW,
    on=moment_subject,
)
def preview_matter(
    work: ReadTransaction,
    moment: MomentSubject,
    place: str,
    *,
    is_new_visit: bool = False,
    flag: int | None = None,
    answer: int | None = None,
    conversation: int | None = None,
    plan: int | None = None,
    module: str | None = None,
    form: str | None = None,
    is_safety_plan: bool = False,
) -> Preview:
    """Return what a matter is about; all is left as unread and as unseen as it was.

    Args:
        work: the transaction.
        moment: the moment.
        place: as for `preview_moment`.
        is_new_visit: as for `preview_moment`.
        flag: the flag that raised it, and the others as `store.views.matters.Matter` has them.
        answer: the form's answers.
        conversation: the conversation.
        plan: the activity plan.
        module: the module.
        form: the form that is missing, or the diary.
        is_safety_plan: whether it is about the säkerhetsplan.
    """
    category = DataCategory.RECORD
    if answer or form:
        category = DataCategory.FORMS
    elif conversation:
        category = DataCategory.MESSAGES
    elif plan or is_safety_plan:
        category = DataCategory.PLANS
    elif module:
        category = DataCategory.MODULES
    elif flag:
        category = DataCategory.FLAGS
    _serve(work, moment, place, category, is_new_visit=is_new_visit)
    drafts = own_drafts(work, moment) if conversation else ()
    modules = modules_of(work, moment, program_of(work.db, moment.version_id).modules) if module else ()
    return _masked(
        work,
        moment,
        Preview(
            flags=tuple(one for one in flags_of(work, moment) if one.id == flag or _is_about(one, answer)),
            threads=(thread_of(work, moment, conversation, None, MESSAGES),) if conversation else (),
            answers=(page_of(work, moment, answer),) if answer else (),
            diaries=tuple(_diaries(work, moment, form)) if form else (),
            plans=tuple(one for one in plans_of(work, moment) if one.id == plan) if plan else (),
            safety_plan=safety_page(work, moment) if is_safety_plan else None,
            modules=tuple(one for one in modules if one.id == module),
            drafts=tuple(one for one in drafts if one.conversation == conversation),
            last_active_at=_last_active(work, moment),
        ),
    )


def _serve(
    work: ReadTransaction, moment: MomentSubject, place: str, category: DataCategory, *, is_new_visit: bool
) -> None:
    visited = f"förhandsvisning {place}"
    if is_new_visit:
        work.open_visit(visited)
    work.serve_once(visited, moment, category)


def _is_about(flag: FlagRow, answer: int | None) -> bool:
    return answer is not None and flag.kind.facts.about is About.ANSWER and flag.about == str(answer)


def _conversations(work: ReadTransaction, moment: MomentSubject) -> list[int]:
    """Return the conversations that wait, the latest first; where none does, the latest."""
    rows = work.db.pairs(
        f"SELECT c.id, (c.unread > 0 OR {UNANSWERED} IS NOT NULL) AS waits FROM conversation c"
        " WHERE c.resident_id = :resident AND c.moment_id = :moment AND EXISTS"
        " (SELECT 1 FROM message h WHERE h.resident_id = c.resident_id AND h.conversation_id = c.id)"
        " ORDER BY 2 DESC, c.latest_at DESC, c.id DESC LIMIT :most",
        resident=moment.resident_id,
        moment=moment.moment_id,
        now=work.now,
        most=OF_EACH,
    )
    waiting = [int(one) for one, waits in rows if waits]
    return waiting or [int(one) for one, _ in rows[:1]]


def _unread_diaries(work: ReadTransaction, moment: MomentSubject, forms: tuple[WaitingForm, ...]) -> Iterator[Diary]:
    for form in dict.fromkeys(form.form for form in forms if form.kind == FormKind.DIARY.value):
        yield from _diaries(work, moment, form)


def _diaries(work: ReadTransaction, moment: MomentSubject, form: str) -> Iterator[Diary]:
    """Yield a diary with its latest rows; nothing where the form is none."""
    for diary in diaries_in(work, moment):
        if diary.form == form:
            yield replace(diary, rows=diary.rows[:NIGHTS])


def _last_active(work: ReadTransaction, moment: MomentSubject) -> int | None:
    found = work.db.value("SELECT last_active_at FROM moment WHERE id = :id", id=moment.moment_id)
    return None if found is None else int(found)


def _masked(work: ReadTransaction, moment: MomentSubject, found: Preview) -> Preview:
    """Return the same without a protected resident's name, which stands masked in the list beside it."""
    if not known_person(work.db, moment.resident_id).is_protected:
        return found
    threads = tuple(replace(thread, messages=tuple(map(masked, thread.messages))) for thread in found.threads)
    answers = tuple(replace(answer, saved_by=MASKED_NAME) for answer in found.answers)
    return replace(found, threads=threads, answers=answers)
