"""The forms of a moment: the program's own, and those of the unit that the clinician has asked for (domain.md §6)."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from store.care.installed_forms import Installed, installed_form, installed_on, newest_installed
from store.care.moments import MomentSubject
from store.care.program_files import FormFile, Program
from store.care.programs import program_of
from store.care.questionnaire.plan import FormPlan
from store.care.questionnaire.reader import read_questionnaire
from store.care.questionnaire.shape import Questionnaire
from store.foundation.errors import InvariantBroken, Refused
from store.foundation.read_transaction import ReadTransaction


@dataclass(frozen=True)
class Form:
    """A form as a moment uses it. `installed_id` is None for the program's own."""

    id: str
    title: str
    file: str
    """The questionnaire's text."""
    plan: FormPlan
    installed_id: int | None = None

    @property
    def questionnaire(self) -> Questionnaire:
        """What it asks."""
        return _questionnaire(self.file)


def form_of(work: ReadTransaction, moment: MomentSubject, form_id: str) -> Form:
    """Return a form by its id: the program's, else the unit's newest.

    Raises:
        Refused: there is no such form.
    """
    program = program_of(work.db, moment.version_id)
    if own := program.form(form_id):
        return _of_program(program, own)
    if installed := newest_installed(work, moment.unit_id, form_id):
        return _of_unit(installed)
    known = ", ".join(form.id for form in program.forms)
    raise Refused(
        f"Formuläret {form_id} finns inte i {program.title}. Formulären är: {known or 'inga'}.", field="formular"
    )


def form_on_unit(work: ReadTransaction, unit_id: int | None, form_id: str) -> Form:
    """Return a unit's own form in its newest version.

    Raises:
        Refused: there is no such form.
    """
    if installed := newest_installed(work, unit_id, form_id):
        return _of_unit(installed)
    known = ", ".join(installed_on(work, unit_id))
    raise Refused(f"Enheten har inget eget formulär {form_id}. De som finns är: {known or 'inga'}.", field="formular")


def answered_form(work: ReadTransaction, moment: MomentSubject, form_id: str, installed_id: int | None) -> Form:
    """Return a form in the version that an answer was given on."""
    return form_in(work, moment.version_id, form_id, installed_id)


def form_in(work: ReadTransaction, version_id: int, form_id: str, installed_id: int | None) -> Form:
    """Return the form that was answered in a moment of a program's version; see `answered_form`."""
    if installed_id is not None:
        return _of_unit(installed_form(work, installed_id))
    program = program_of(work.db, version_id)
    own = program.form(form_id)
    if own is None:
        raise InvariantBroken(f"{program.id} has no form {form_id}, which was answered or is asked for")
    return _of_program(program, own)


def own_forms(work: ReadTransaction, moment: MomentSubject) -> tuple[Form, ...]:
    """Return the program's forms in the order of their ids."""
    program = program_of(work.db, moment.version_id)
    return tuple(_of_program(program, form) for form in program.forms)


def requested_forms(work: ReadTransaction, moment: MomentSubject, form_ids: Iterable[str]) -> tuple[Form, ...]:
    """Return those of the named forms that are the unit's and not the program's."""
    program = program_of(work.db, moment.version_id)
    found = (newest_installed(work, moment.unit_id, form) for form in form_ids if program.form(form) is None)
    return tuple(_of_unit(installed) for installed in found if installed)


def _of_program(program: Program, form: FormFile) -> Form:
    return Form(form.id, form.title, form.questionnaire, program.plan(form.id))


def _of_unit(installed: Installed) -> Form:
    return Form(installed.form, installed.title, installed.questionnaire, installed.plan, installed.id)


@lru_cache(maxsize=64)
def _questionnaire(text: str) -> Questionnaire:
    """Parse once; what is installed can be read, and never changes."""
    found = read_questionnaire(text, is_installed=True).questionnaire
    if found is None:
        raise InvariantBroken("a form that was installed can't be read")
    return found
