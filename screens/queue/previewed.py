"""A matter of *Att göra* as its preview needs it."""

from screens.queue.actions import whom_of_matter
from screens.whom import BETWEEN
from screens.widgets.rest import Previewed
from store.views.matters import Matter


def previewed(matter: Matter) -> Previewed:
    """Return what is read of a matter; nothing of a duty or an offer, which hold no more than their reason says."""
    if not matter.is_of_a_page:
        return Previewed(matter.id, matter.reason, said=_NO_MORE)
    whom = whom_of_matter(matter)
    about = {
        "flag": matter.flag,
        "answer": matter.answer,
        "conversation": matter.conversation,
        "plan": matter.plan,
        "module": matter.module or None,
        "form": matter.form or None,
        "is_safety_plan": matter.is_safety_plan or None,
    }
    return Previewed(
        matter.id,
        BETWEEN.join(whom[:2]),
        matter.moment,
        {name: what for name, what in about.items() if what is not None},
        is_by_key=matter.protected,
        is_protected=matter.protected,
    )


_NO_MORE = "Det finns inget mer att visa här. Öppna raden för att gå vidare."
