"""Starting the app. No Typer here: what is imported before the first frame is what one waits for."""

import gc
import os
import sys
from typing import TYPE_CHECKING

from sob_tui.keys.opening import open_configured_store
from sob_tui.options import Common
from sob_tui.progress import bar
from sob_tui.settings import configured_store, practice_store, trainee
from sob_tui.signing_in import signed_in
from store.foundation.log import new_session
from store.practice import Crowd, open_practice

if TYPE_CHECKING:
    from store.foundation.store import Store

_SET_DUMPABLE = 4
"""PR_SET_DUMPABLE of Linux's `sys/prctl.h`."""


def is_plain_start(words: list[str]) -> bool:
    """Whether the line (without the common options) just opens the app, so that Typer has nothing to parse."""
    return words in ([], ["ovning"])


def launch(words: list[str], common: Common) -> int:
    """Open the app that the words ask for; returns the exit code."""
    return practise(common) if words else open_configured(common)


def open_configured(common: Common) -> int:
    """Open the app on the configured store."""
    store = open_configured_store(configured_store(common.store), confirmed=common.ja)
    if not store.is_practice:
        hide_memory()
    return _run(store, common)


def hide_memory() -> None:
    """Let no other program of the same system user read the keys in this one's memory; on Linux (prctl(2))."""
    if sys.platform == "linux":
        import ctypes

        ctypes.CDLL(None).prctl(_SET_DUMPABLE, 0, 0, 0, 0)


def practise(common: Common, *, fresh: bool = False, crowd: Crowd | None = None, tour: bool = False) -> int:
    """Open the app on the practice store, with the tour or without."""
    place = practice_store(common.store)
    return _run(open_practice(place, fresh=fresh, show=bar, confirmed=common.ja, crowd=crowd), common, tour=tour)


def play(common: Common, personnummer: str, *, fresh: bool = False) -> int:
    """Open the resident's side of the practice store, as somebody there."""
    from store.practice import play_resident

    store = open_practice(practice_store(common.store), fresh=fresh, show=bar, confirmed=common.ja)
    try:
        actor = play_resident(store, personnummer)
    except BaseException:
        store.close()
        raise
    paint_soon()
    from sob_tui.resident_app import run_as_resident

    return run_as_resident(store, actor, personnummer)


def paint_soon() -> None:
    """Let Textual, which reads this when it is imported, paint what has changed within 8 ms instead of 17.

    A change waits for the next tick of a timer: the first rows came 13 ms later, and every key's effect half of that.
    """
    os.environ.setdefault("TEXTUAL_FPS", "120")


def _run(store: "Store", common: Common, *, tour: bool = False) -> int:
    """Open the app once the store is there and `--som` is known in it: what is refused is said in the terminal."""
    from store.people.sign_in import SeveralUnits

    try:
        if store.is_practice:
            store.access_log.begin_trainee(trainee() or new_session())
        if common.som is not None and store.is_practice:  # in a real store the app itself asks for the proof
            signed_in(store, common)
    except SeveralUnits:
        pass  # the app asks which
    except BaseException:
        store.close()
        raise
    paint_soon()
    gc.disable()  # what is imported stays: looking for garbage among it takes a fifth of the start; see SobApp
    try:
        from sob_tui.app import run

        return run(store, common.som, common.enhet, tour=tour)
    finally:
        gc.enable()
