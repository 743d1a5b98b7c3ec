"""What the cast and its residents do in a moment: each deed of the files as the operation that it is."""

from contextlib import AbstractContextManager
from datetime import date, timedelta

from store.care.activity_marks import mark_activity
from store.care.activity_plans import follow_up_plan, make_plan
from store.care.claims import take_flag
from store.care.contacts import ContactSort, note_contact
from store.care.conversations import mark_conversation_read, newest_conversation, unread_conversations
from store.care.drafts import save_draft
from store.care.endings import end_moment
from store.care.flags import add_flag, handle_flag
from store.care.form_answers import answer_form, mark_answer_read, unread_answers
from store.care.handovers import decline_handover, offer_handover
from store.care.maintenance import maintain_moment, resume_moment
from store.care.measurements import request_form
from store.care.messages import HEADING, send_message, write_message
from store.care.modules import hide_module, open_module, read_step, show_module
from store.care.moments import load_moment
from store.care.plan_rules import NewPlan, plan_from_template
from store.care.programs import program_of
from store.care.purge_stops import stop_purge
from store.care.safety_plan_text import SafetyTexts
from store.care.safety_plans import change_own_safety_plan, change_safety_plan, versions_of
from store.care.starting import start_moment
from store.care.switching import switch_clinician
from store.foundation.clock import local_day
from store.foundation.errors import Refused
from store.foundation.flag_kinds import Outcome, Severity
from store.foundation.store import Store
from store.foundation.work import Work
from store.people.residents import as_resident, known_person
from store.people.sign_in import sign_in
from store.practice.cast import Act, CastMoment, Deed
from store.practice.fixtures import resident_id


class Course:
    """A moment of the cast on its way."""

    def __init__(self, store: Store, moment: CastMoment, making_day: date) -> None:
        """Begin before the moment is there; days to come are counted from the day on which the store is made."""
        self.store = store
        self.moment = moment
        self.making_day = making_day
        self.clinician = moment.clinician
        self.id = 0

    def perform(self, act: Act) -> None:
        """Do one act as the one who does it."""
        if act.deed.by_resident:
            with self._as_resident() as work:
                self._by_resident(work, act)
            return
        unit = None if act.deed is Deed.DECLINE else self.moment.unit
        with self.store.work(sign_in(self.store, act.by or self.clinician, unit)) as work:
            self._by_staff(work, act)

    def _by_resident(self, work: Work, act: Act) -> None:
        match act.deed:
            case Deed.READ:
                read_step(work, self.id, act.object)
            case Deed.WRITE:
                write_message(work, self.id, act.message or "", heading=act.heading or None)
            case Deed.MARK:
                activity, note = self._activity(work, act.number), act.message or ""
                mark_activity(work, self.id, activity, work.today, done=act.object == "ja", note=note)
            case Deed.OWN_SAFETY_PLAN:
                change_own_safety_plan(work, self.id, SafetyTexts(**act.parts), self._plan_version(work))
            case _:
                self._answer(work, act)

    def _answer(self, work: Work, act: Act) -> None:
        """Answer a form, with the day itself for `"i-dag"`: the file is played on any day."""
        faults = answer_form(work, self.id, act.object, act.answers.replace('"i-dag"', f'"{work.today}"'))
        if bool(faults) is not act.is_refused:
            raise Refused(" ".join(faults) or "Svaret skulle inte ha tagits emot, men gjorde det.", field="answers")

    def _by_staff(self, work: Work, act: Act) -> None:
        text = act.message or ""
        match act.deed:
            case Deed.START:
                number, program = self.moment.resident, self.moment.program
                self.id = start_moment(work, number, program, responsible=self.clinician)
            case Deed.READ_FORM:
                for answer in unread_answers(work, load_moment(work, self.id), act.object):
                    mark_answer_read(work, self.id, answer)
            case Deed.REQUEST:
                request_form(work, self.id, act.object)
            case Deed.MESSAGE:
                heading, conversation = self._conversation(work, act)
                send_message(work, self.id, text, conversation=conversation, heading=heading)
            case Deed.DRAFT:
                heading, conversation = self._conversation(work, act)
                save_draft(work, self.id, text, conversation=conversation, heading=heading)
            case Deed.READ_MESSAGES:
                for conversation in unread_conversations(work, load_moment(work, self.id)):
                    mark_conversation_read(work, self.id, conversation)
            case Deed.OPEN:
                open_module(work, self.id, act.object)
            case Deed.HIDE:
                hide_module(work, self.id, act.object)
            case Deed.SHOW:
                show_module(work, self.id, act.object)
            case Deed.CONTACT:
                note_contact(work, self.id, ContactSort(act.object), act.number, text)
            case Deed.FLAG:
                due_on = self.making_day + timedelta(days=act.number) if act.number else None
                add_flag(work, self.id, text, severity=Severity(act.object), due_on=due_on)
            case Deed.TAKE_FLAG:
                take_flag(work, self._flag(work))
            case Deed.HANDLE_FLAG:
                handle_flag(work, self._flag(work), text, outcome=Outcome(act.object) if act.object else None)
            case Deed.PLAN:
                make_plan(work, self.id, self._proposed(work, act.object))
            case Deed.FOLLOW_UP:
                follow_up_plan(work, self._plan(work), text)
            case Deed.SAFETY_PLAN:
                change_safety_plan(work, self.id, SafetyTexts(**act.parts), self._plan_version(work))
            case _:
                self._by_administration(work, act)

    def _by_administration(self, work: Work, act: Act) -> None:
        match act.deed:
            case Deed.SWITCH:
                switch_clinician(work, self.id, act.object, message=act.message)
                self.clinician = act.object
            case Deed.OFFER:
                offer_handover(work, self.id, act.object, act.message or "")
            case Deed.DECLINE:
                decline_handover(work, self.id, act.message or "")
            case Deed.MAINTAIN:
                maintain_moment(work, self.id)
            case Deed.RESUME:
                resume_moment(work, self.id)
            case Deed.END:
                end_moment(work, self.id, act.object, message=act.message)
            case Deed.STOP_PURGE:
                stop_purge(work, self.id, act.message or "", self.making_day + timedelta(days=act.number))

    def _conversation(self, work: Work, act: Act) -> tuple[str, int | None]:
        """Return the heading, and the newest conversation where there is none."""
        newest = None if act.heading else newest_conversation(work, load_moment(work, self.id))
        return act.heading or HEADING, newest

    def _flag(self, work: Work) -> int:
        """Return the moment's most urgent open flag, the newest of several."""
        flags: dict[int, str] = dict(
            work.db.pairs("SELECT id, severity FROM flag WHERE moment_id = :id AND handled_at IS NULL", id=self.id)
        )
        if not flags:
            raise Refused("Momentet har ingen öppen flagga.")
        return min(flags, key=lambda flag: (Severity(flags[flag]).rank, -flag))

    def _proposed(self, work: Work, title: str) -> NewPlan:
        program = program_of(work.db, load_moment(work, self.id).version_id)
        for template in program.activity_plans:
            if template.title == title:
                return plan_from_template(template, work.today)
        raise Refused(f"Programmet har inget förslag till plan som heter {title}.")

    def _plan(self, work: Work) -> int:
        """Return the moment's newest plan."""
        plan = work.db.value("SELECT max(id) FROM activityplan WHERE moment_id = :id", id=self.id)
        if plan is None:
            raise Refused("Momentet har ingen aktivitetsplan.")
        return int(plan)

    def _activity(self, work: Work, number: int) -> int:
        """Return an activity of the newest plan, by its number there."""
        found = work.db.values("SELECT id FROM activity WHERE plan_id = :plan ORDER BY id", plan=self._plan(work))
        if number > len(found):
            raise Refused(f"Planen har inte {number} aktiviteter.")
        return int(found[number - 1])

    def _plan_version(self, work: Work) -> int:
        """Return which version of the säkerhetsplan is the newest; 0 where there is none."""
        moment = load_moment(work, self.id)
        versions = versions_of(work, moment.resident_id, moment.unit_id)
        return max((one.version for one in versions), default=0)

    def _as_resident(self) -> AbstractContextManager[Work]:
        with self.store.lend() as db:
            someone = known_person(db, resident_id(db, self.moment.resident))
            return self.store.work(as_resident(db, someone, local_day(self.store.clock())))
