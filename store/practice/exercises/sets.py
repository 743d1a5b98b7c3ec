"""Sets of exercises: those of a role or a program, which a trainee is to have solved before it is signed."""

import difflib
from collections.abc import Iterable

from store.foundation.access import Role
from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key
from store.practice.cast import Cast
from store.practice.exercises.exercise import Exercise


def set_for(subjects: Iterable[str], exercises: Iterable[Exercise], cast: Cast) -> tuple[Exercise, ...]:
    """Return the exercises of roles and programs: begun by who has the role, or done in a moment of the program.

    Raises:
        Refused: none is of one of them.
    """
    every = tuple(exercises)
    found: dict[str, Exercise] = {}
    for subject in subjects:
        of_it = [one for one in every if subject in _subjects(one, cast)]
        if not of_it:
            raise Refused(
                f"Ingen övning hör till {subject}. Ange vilka som ska vara lösta med --ovningar.", field="amne"
            )
        found |= {one.id: one for one in of_it}
    return tuple(found.values())


def set_named(names: Iterable[str], exercises: Iterable[Exercise]) -> tuple[Exercise, ...]:
    """Return the exercises of a list of ids.

    Raises:
        Refused: there is no such exercise.
    """
    known = {one.id: one for one in exercises}
    wanted = dict.fromkeys(name.strip() for name in names)
    for name in wanted:
        if name not in known:
            near = difflib.get_close_matches(name, known, n=1)
            mend = f"Menade du {near[0]}?" if near else "Filens namn är övningens, utan .toml."
            raise Refused(f"Övningen {name[:40]} finns inte. {mend}", field="ovningar")
    return tuple(known[name] for name in wanted)


def _subjects(exercise: Exercise, cast: Cast) -> set[str]:
    """Return the roles and programs that an exercise is of."""
    roles: set[Role] = set()
    for one in cast.staff:
        if hsa_key(one.hsa_id) == hsa_key(exercise.as_):
            roles.update(role for post in one.posts for role in post.roles)
    programs = {moment.program for moment in exercise.start.moments}
    programs |= {step.trace.program for step in exercise.steps if step.trace is not None}
    return {*map(str, roles), *programs} - {""}
