"""`sob sakerhetsplan`: the resident's plan for a crisis (domain.md §4)."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from sob_tui.commands.files import text
from sob_tui.commands.parameters import Moment
from sob_tui.commands.session import Session, moment_id
from sob_tui.printing import put, put_json, tell
from store.foundation.clock import Instant, iso_local
from store.foundation.errors import Refused

if TYPE_CHECKING:
    from store.care.safety_plan_text import Handed, SafetyTexts
    from store.care.safety_plans import SafetyVersion
    from store.foundation.access import Actor
    from store.views.safety_plan import SafetyPage

HELP = "Läs och ändra invånarens säkerhetsplan."
MOST_BYTES = 1_000_000


def visa(
    ctx: typer.Context,
    moment: Moment,
    version: Annotated[
        str | None, typer.Option("--version", metavar="NR", help="En tidigare version; annars den senaste.")
    ] = None,
    bredvid: Annotated[
        bool, typer.Option("--bredvid", help="Texterna som står bredvid planen, efter ändringar som krockade.")
    ] = False,
) -> None:
    """Print the plan, or an older version of it."""
    from store.views.safety_plan import view_safety_plan

    here = Session(ctx)
    with here.store.read(here.staff) as work:
        page = view_safety_plan(work, moment_id(moment))
    if version is not None:
        page = _as_it_was(page, version)
    if bredvid and not here.common.json:
        _put_beside(page)
    else:
        put_plan(here, page)


def andra(ctx: typer.Context, moment: Moment) -> None:
    """Change the plan to what stands on standard input; parts that it doesn't name stay."""
    from store.care.safety_plans import change_safety_plan
    from store.views.safety_plan import view_safety_plan

    here = Session(ctx)
    with here.reading_for(change_safety_plan, moment_id(moment)):
        with here.store.read(here.staff) as work:
            before = view_safety_plan(work, moment_id(moment))
        handed = _handed()
    with here.work() as work:
        newer = change_safety_plan(work, moment_id(moment), handed.on(before.texts), _version(handed, before))
    _answer(here, moment, newer)


COMMANDS = {
    "visa": (visa, "Visa ett moments säkerhetsplan som text."),
    "andra": (andra, "Ändra säkerhetsplanen; den läses från standard in, som TOML eller som visa skriver den."),
}


def change_as_resident(here: Session, actor: "Actor", moment: int, before: "SafetyPage") -> None:
    """Change the plan, as the resident, to what stands on standard input."""
    from store.care.safety_plans import change_own_safety_plan

    with here.reading_for(change_own_safety_plan, moment, by=actor):
        handed = _handed()
    with here.store.work(actor) as work:
        newer = change_own_safety_plan(work, moment, handed.on(before.texts), _version(handed, before))
    _answer(here, str(moment), newer)


def put_plan(here: Session, page: "SafetyPage") -> None:
    """Print a plan as text, or as JSON."""
    if here.common.json:
        put_json(_json(page))
        return
    put(page.as_text, multiline=True)
    if page.beside:
        tell("En annan text står bredvid planen och är inte med i den. Visa den med --bredvid.")


def _handed() -> "Handed":
    from store.care.safety_plan_text import read_plan

    return read_plan(text(Path("-"), most=MOST_BYTES))


def _version(handed: "Handed", before: "SafetyPage") -> int:
    """Return the version that the change was written on: the one that it names, else the one when the command began."""
    return before.version if handed.version is None else handed.version


def _answer(here: Session, moment: str, newer: str) -> None:
    from store.care.safety_plans import refusal_of

    if refusal := refusal_of(newer):
        raise refusal
    here.answer({"id": moment}, ["Säkerhetsplanen är ändrad."])


def _as_it_was(page: "SafetyPage", version: str) -> "SafetyPage":
    from dataclasses import replace

    older = tuple(one for one in page.versions if str(one.version) == version.strip())
    if not older:
        raise Refused(f"Planen har ingen version {version}.", field="version")
    return replace(page, versions=older, beside=())


def _put_beside(page: "SafetyPage") -> None:
    from store.care.safety_plan_text import plan_text
    from store.views.safety_plan import said_of

    for one in page.beside:
        put(plan_text(one.texts, one.version, said_of(one)), multiline=True)
        put()
    if not page.beside:
        put("Ingen text står bredvid planen.")


def _json(page: "SafetyPage") -> dict[str, Any]:
    newest = page.newest
    return {
        "version": page.version,
        "saved": iso_local(Instant(newest.saved_at)) if newest else None,
        "by": newest.saved_by if newest else None,
        "as": newest.saved_as if newest else None,
        **_texts_json(page.texts),
        "beside": [_version_json(one) for one in page.beside],
        "versions": [_version_json(one) for one in page.versions],
        "numbers": list(page.numbers),
        "numbers_note": page.numbers_note,
    }


def _version_json(one: "SafetyVersion") -> dict[str, Any]:
    return {
        "version": one.version,
        "saved": iso_local(Instant(one.saved_at)),
        "by": one.saved_by,
        "as": one.saved_as,
        "why": one.beside or None,
        **_texts_json(one.texts),
    }


def _texts_json(texts: "SafetyTexts") -> dict[str, str | None]:
    return {
        "varningstecken": texts.warning_signs or None,
        "hjalper": texts.what_helps or None,
        "ringa": texts.whom_to_call or None,
        "varden": texts.care_numbers or None,
        "trygg": texts.safe_means or None,
    }
