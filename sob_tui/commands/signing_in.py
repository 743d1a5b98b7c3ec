"""`sob logga`: signing in to a real store, out of it, a new passphrase, new codes on paper (domain.md §13)."""

from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sob_tui.asking import ask, ask_new_passphrase, ask_unseen, somebody_is_there
from sob_tui.commands.invitations import NO_ACCOUNTS
from sob_tui.commands.session import Session
from sob_tui.options import UsageFault
from sob_tui.password_places import is_open_to_others
from sob_tui.place import place
from sob_tui.printing import tell
from sob_tui.signing_in import WHO, signed_in
from store.foundation.clock import Instant, local
from store.foundation.errors import DomainError, Refused
from store.foundation.files import file_content, write_new

if TYPE_CHECKING:
    from store.foundation.store import Store
    from store.people.sessions import Opened
    from store.people.ways_in import Visitor

HELP = "Logga in i en skarp databas, logga ut, byt lösenfras och reservkoder."

PassphraseFile = Annotated[
    Path | None,
    typer.Option("--losenfras-fil", metavar="FIL", help="En fil med lösenfrasen, för skript. Annars frågas du."),
]
Code = Annotated[
    str | None,
    typer.Option(
        "--kod", metavar="NNNNNN", help="Koden i din app; för att logga in också en reservkod. Annars frågas du."
    ),
]
OTHERS_END = "Dina andra inloggningar är avslutade."
_MOST_BYTES = 10_000


def in_(
    ctx: typer.Context,
    inbjudan: Annotated[
        str | None, typer.Option("--inbjudan", metavar="KOD", help="Din inbjudan, första gången: du skapar ditt konto.")
    ] = None,
    losenfras_fil: PassphraseFile = None,
    totp_till: Annotated[
        Path | None,
        typer.Option(
            "--totp-till",
            metavar="FIL",
            help="Skriv engångskodernas nyckel som en otpauth-adress till en ny fil, för skript. Då frågas ingen kod.",
        ),
    ] = None,
    kod: Code = None,
) -> None:
    """Sign in, and keep the session for the commands that follow."""
    here = Session(ctx)
    store, who = _real(here), _named(here)
    if inbjudan is None:
        if totp_till is not None:
            raise UsageFault("--totp-till hör till --inbjudan.", field="totp-till")
        opened = _sign_in(store, who, losenfras_fil, kod)
    else:
        opened = _enrol(store, who, inbjudan, losenfras_fil, totp_till)
    _keep(here, opened)
    at = local(Instant(store.clock()))
    answer = {"hsa_id": opened.hsa_id, "news": list(opened.news), "backup_codes": list(opened.backup_codes)}
    here.answer(
        answer, [*opened.news, *_shown(opened.backup_codes), f"Du är inloggad som {opened.hsa_id} sedan {at:%H:%M}."]
    )


def ut(ctx: typer.Context) -> None:
    """End the sessions that are kept here, or with `--som` that person's."""
    from sob_tui.kept_sessions import forget_session, kept_session, kept_sessions
    from store.people.sessions import sign_out
    from store.people.signed_in import session_by

    here = Session(ctx)
    store, who = _real(here), here.common.som
    found = [kept_session(store, who)] if who is not None else [*kept_sessions(store)]
    ended = []
    for session in filter(None, found):
        with suppress(DomainError):  # one that is over already is forgotten all the same
            sign_out(store, session.hsa_id, session_by(store, session.token).id)
        forget_session(session)
        ended.append(session.hsa_id)
    here.answer({"ended": ended}, [f"Utloggad: {', '.join(ended)}." if ended else "Ingen var inloggad härifrån."])


def byt_losenfras(
    ctx: typer.Context,
    losenfras_fil: PassphraseFile = None,
    ny_losenfras_fil: Annotated[
        Path | None,
        typer.Option("--ny-losenfras-fil", metavar="FIL", help="En fil med den nya lösenfrasen, för skript."),
    ] = None,
) -> None:
    """Change one's passphrase."""
    from store.people.own_account import replace_passphrase
    from store.people.passphrases import check_passphrase

    here = Session(ctx)
    store = _real(here)
    actor = signed_in(store, here.common)
    old = _passphrase(losenfras_fil, "Din nuvarande lösenfras")
    if ny_losenfras_fil is None:
        _require_somebody("--ny-losenfras-fil")
        new = ask_new_passphrase("Den nya lösenfrasen", check_passphrase)
    else:
        new = _from_file(ny_losenfras_fil)
    replace_passphrase(store, actor, old, new, place())
    here.answer({"changed": True}, [f"Lösenfrasen är bytt. {OTHERS_END}"])


def nya_reservkoder(ctx: typer.Context, losenfras_fil: PassphraseFile = None, kod: Code = None) -> None:
    """Make one's codes on paper anew."""
    from store.people.own_account import new_backup_codes

    here = Session(ctx)
    store = _real(here)
    actor = signed_in(store, here.common)
    passphrase = _passphrase(losenfras_fil, "Lösenfras")
    if kod is None:
        _require_somebody("--kod")
        kod = ask("Koden i din app", str)
    codes = new_backup_codes(store, actor, passphrase, kod, place())
    here.answer({"backup_codes": list(codes)}, [*_shown(codes), f"De gamla gäller inte längre. {OTHERS_END}"])


def _real(here: Session) -> "Store":
    if here.store.is_practice:
        raise Refused(NO_ACCOUNTS)
    return here.store


def _named(here: Session) -> str:
    if here.common.som is None:
        raise UsageFault(WHO, field="som")
    return here.common.som


def _sign_in(store: "Store", who: str, file: Path | None, code: str | None) -> "Opened":
    from store.people.sessions import sign_in_by
    from store.people.ways_in import PassphraseAndCode

    passphrase = _passphrase(file, "Lösenfras")
    if code is None:
        _require_somebody("--kod")
        code = ask("Koden i din app, eller en reservkod", str)
    return sign_in_by(store, who, PassphraseAndCode(passphrase, code), place())


def _enrol(store: "Store", who: str, invitation: str, file: Path | None, totp: Path | None) -> "Opened":
    from store.people.enrolment import enrol, look_at_invitation
    from store.people.one_time_codes import new_secret, otpauth
    from store.people.passphrases import HASHER, check_passphrase

    if totp is None:
        _require_somebody("--totp-till")
    visitor = look_at_invitation(store, who, invitation, place())
    if file is None:
        _require_somebody("--losenfras-fil")
        passphrase = ask_new_passphrase("Välj en lösenfras, till exempel några ord", check_passphrase)
    else:
        check_passphrase(passphrase := _from_file(file))
    kept, secret, hsa_id = HASHER.hashed(passphrase), new_secret(), visitor.hsa_id or ""
    if totp is None:
        return _enrol_by_code(store, visitor, invitation, kept, secret)
    write_new(totp, otpauth(secret, hsa_id).encode() + b"\n", mode=0o600)
    try:
        with store.work(visitor) as work:
            return enrol(work, hsa_id, place(), invitation, kept, secret)
    except BaseException:
        totp.unlink(missing_ok=True)
        raise


def _enrol_by_code(store: "Store", visitor: "Visitor", invitation: str, kept: str, secret: str) -> "Opened":
    """Show the secret, and ask for a code until it is the authenticator's."""
    from screens.qr_code import qr_lines
    from store.people.enrolment import enrol
    from store.people.one_time_codes import in_groups, otpauth

    hsa_id = visitor.hsa_id or ""
    # Told with the questions: what is printed waits until the command has succeeded.
    tell("Läs in QR-koden i en app för engångskoder, eller skriv nyckeln där:")
    for line in (*qr_lines(otpauth(secret, hsa_id)), in_groups(secret)):
        tell(line)

    def enrolled(code: str) -> "Opened":
        with store.work(visitor) as work:
            return enrol(work, hsa_id, place(), invitation, kept, secret, code=code)

    return ask("Koden som appen visar nu", enrolled)


def _shown(codes: Sequence[str]) -> list[str]:
    if not codes:
        return []
    return ["Reservkoder, som gäller en gång var om telefonen är borta. De visas bara nu:", *codes]


def _keep(here: Session, opened: "Opened") -> None:
    """Keep the session for this system user; an earlier one of the person's is ended, and one that is no use is too."""
    from sob_tui.kept_sessions import keep_session, kept_session
    from store.people.sessions import sign_out
    from store.people.signed_in import at_work, session_by

    store = here.store
    try:
        if here.common.enhet is not None:
            at_work(store, opened.hsa_id, opened.id, here.common.enhet)
        before = kept_session(store, opened.hsa_id)
        keep_session(store, opened.hsa_id, opened.token)
    except BaseException:
        sign_out(store, opened.hsa_id, opened.id)
        raise
    if before is not None:
        with suppress(DomainError):
            sign_out(store, opened.hsa_id, session_by(store, before.token).id)


def _passphrase(file: Path | None, question: str) -> str:
    if file is not None:
        return _from_file(file)
    _require_somebody("--losenfras-fil")
    return ask_unseen(question)


def _require_somebody(option: str) -> None:
    if not somebody_is_there():
        raise UsageFault(f"Flaggan {option} behövs när ingen kan svara vid en terminal.", field=option.strip("-"))


def _from_file(path: Path) -> str:
    """Return the passphrase in a file, without its line break; that others can read it is told."""
    content = file_content(path, most=_MOST_BYTES)
    with suppress(OSError):
        if is_open_to_others(path.stat().st_mode):
            tell(f"Filen {path} kan läsas av andra än ägaren. Kör: chmod 600 {path}")
    try:
        return content.decode("utf-8-sig").rstrip("\r\n")
    except UnicodeDecodeError:
        raise Refused(f"Filen {path} är inte UTF-8. Spara om den med kodningen UTF-8.", field="losenfras-fil") from None


COMMANDS = {
    "in": (in_, "Logga in: --som HSA-ID, lösenfras och kod. Första gången med --inbjudan KOD."),
    "ut": (ut, "Avsluta dina inloggningar i databasen; med --som HSA-ID bara den personens."),
    "byt-losenfras": (byt_losenfras, "Byt lösenfras. Dina andra inloggningar avslutas."),
    "nya-reservkoder": (nya_reservkoder, "Skapa nya reservkoder; de gamla gäller inte längre."),
}
