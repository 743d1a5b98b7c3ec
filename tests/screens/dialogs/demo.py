"""Each dialog with a made-up store behind it, for a look in a terminal.

python -m tests.screens.dialogs.demo start|all|end|switch|maintenance|resume|contact|info|choose [THEME]
"""

from __future__ import annotations

import asyncio
import sys
from typing import Any

from screens.dialogs.box import Box
from screens.dialogs.choose import Choice, ChoiceDialog
from screens.dialogs.contact import ContactDialog
from screens.dialogs.end import EndDialog
from screens.dialogs.info import InfoDialog
from screens.dialogs.maintenance import MaintenanceDialog
from screens.dialogs.start import StartDialog
from screens.dialogs.switch import SwitchDialog
from screens.moment.texts import HANDLING
from screens.shown_keys import keyed
from screens.themes import DARK
from store.care.program_shape import Contact
from store.care.starting import AlreadyRunning
from store.foundation.errors import NeedsConfirmation
from store.people.units import SUPPORT
from tests.screens.dialogs.host import (
    COLLEAGUES,
    PROGRAMS,
    REASONS,
    UNDONE,
    WHOM,
    Host,
    Performed,
    Register,
    echo_of,
    refusal,
)


def demo(which: str) -> Box[Any]:

    class Slow(Performed):
        async def __call__(self, value: Any, confirmed: bool) -> Any:
            await asyncio.sleep(1)
            return await super().__call__(value, confirmed)

    duplicate = AlreadyRunning(
        [
            "Karin Lind har ingen registrerad utbildning för KomIgång online. För alla program krävs utbildning.",
            "Invånaren har redan KomIgång online pågående hos Karin Lind, startat 2026-03-02.",
        ],
        7,
    )
    child = "Invånaren är under 13 år. Vårdnadshavare kan agera ombud om programmets syfte kräver det."
    register = Register(
        {
            "202001012398": echo_of("202001012398", None, said=[child]),
            "200001252386": echo_of("200001252386", "Ek, Nils", protected=True, said=["Program kan startas."]),
            "1": refusal("Ett personnummer har tio eller tolv siffror, till exempel 19800102-2386.", "personnummer"),
        }
    )
    undone = NeedsConfirmation([*UNDONE, "Karin Lind har ingen registrerad utbildning för Sov gott."])

    async def nothing() -> None:
        return None

    made: dict[str, Any] = {
        "start": lambda: StartDialog(PROGRAMS, register, Slow([duplicate, 8])),
        "all": lambda: StartDialog(
            PROGRAMS, register, Performed([duplicate]), clinicians=COLLEAGUES, region="05", program="komigang-online"
        ),
        "end": lambda: EndDialog(REASONS, PROGRAMS, Performed([undone]), undone=UNDONE, whom=WHOM),
        "switch": lambda: SwitchDialog(
            COLLEAGUES, Performed(), present=COLLEAGUES[1].hsa_id, may_write=True, whom=WHOM
        ),
        "maintenance": lambda: MaintenanceDialog(nothing, resume=False, whom=WHOM),
        "resume": lambda: MaintenanceDialog(nothing, resume=True, whom=WHOM),
        "contact": lambda: ContactDialog(
            "KomIgång online", Contact("Eva Sund", "eva@example.org", "0701740605"), SUPPORT, whom=WHOM
        ),
        "info": lambda: InfoDialog("HANTERA HÄNDELSER", keyed(HANDLING), whom=WHOM),
        "choose": lambda: ChoiceDialog(
            "Sortera efter",
            [
                Choice(n, label, more)
                for n, (label, more) in enumerate(
                    [("Flaggor", "Allvarligast först"), ("Namn", "I svensk ordning"), ("Momentstart", "Senaste först")]
                )
            ],
            current=1,
            whom=WHOM,
        ),
    }
    return made[which]()  # type: ignore[no-any-return]


if __name__ == "__main__":
    Host(demo(sys.argv[1]), theme=(*sys.argv[2:], DARK.name)[0]).run()
