"""Whether a trainee has solved a set of exercises, before the trainer signs that it is so (domain.md §9)."""

from collections.abc import Iterable, Sequence

from store.foundation.errors import Refused
from store.foundation.hsa_id import hsa_key
from store.foundation.store import Store
from store.practice.exercises.exercise import Exercise
from store.practice.exercises.sets import set_for, set_named
from store.practice.results import results_of
from store.practice.seed import whole_cast

MOST_NAMED = 3
"""How many of the exercises that are missing are named."""


def require_passed(
    store: Store, trainee: str, subjects: Iterable[str], every: Sequence[Exercise], named: Sequence[str] = ()
) -> tuple[Exercise, ...]:
    """Return the set that a trainee has solved at the place of now.

    Args:
        store: a practice store.
        trainee: the HSA-id by which the trainee signs in to it, or the name in `SOB_DELTAGARE`.
        subjects: the roles and programs whose exercises are asked for.
        every: the exercises that there are.
        named: the ids of the exercises, where it is to be others.

    Raises:
        NotPractice: the store is a real one.
        Refused: there is no such trainee or no such set; something of it is not solved, which the sentence names.
    """
    wanted = set_named(named, every) if named else set_for(subjects, every, whole_cast())
    row = next((one for one in results_of(store).trainees if hsa_key(one.trainee) == hsa_key(trainee)), None)
    if row is None:
        raise Refused(f"Ingen deltagare heter {trainee.strip()[:40]}. Se sob ovning resultat.", field="deltagare")
    solved = {name for name, result in row.results.items() if result.is_solved}
    missing = [one.title for one in wanted if one.id not in solved]
    if missing:
        more = f" och {len(missing) - MOST_NAMED} till" if len(missing) > MOST_NAMED else ""
        raise Refused(
            f"{row.name} har inte löst {len(missing)} av {len(wanted)} övningar: "
            f"{'; '.join(missing[:MOST_NAMED])}{more}. Inget är skrivet.",
            field="deltagare",
        )
    return wanted
