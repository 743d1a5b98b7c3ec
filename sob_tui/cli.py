"""The command line's way in: `sob` (contract.md §1)."""

import gc
import sys
import time
from collections.abc import Sequence
from contextlib import suppress

from sob_tui.module_archive import use_archive
from sob_tui.options import plain, require_utf8, take_common
from sob_tui.printing import drop, finish, hang_up, speak_utf8
from store.foundation.errors import DomainError, StoreBusy, StoreUnreachable

INTERRUPTED = 130
"""What a shell expects of a program that Ctrl-C ended."""


def main(line: Sequence[str] | None = None) -> int:
    """Carry out a command line, the process's own where none is given; returns the exit code."""
    if line is None:
        use_archive()
    speak_utf8()
    leave_no_core()
    words = list(sys.argv[1:] if line is None else line)
    try:
        code = _answered(words)
        finish()
    except KeyboardInterrupt:
        return INTERRUPTED
    except BrokenPipeError:
        hang_up(sys.stdout)
        return 0  # the reader has what it wanted
    except Exception as error:  # whatever it is, its text and its variables may hold a resident's data
        from sob_tui.faults import crash

        return crash(error, words)
    finally:
        drop()
    return code


def leave_no_core() -> None:
    """Let no crash of the interpreter, or of a library's C, leave the memory in a file: residents' data is in it."""
    with suppress(ImportError, ValueError, OSError):  # Windows has no such files
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, resource.getrlimit(resource.RLIMIT_CORE)[1]))


def _answered(line: list[str]) -> int:
    """Carry out a line, and say why where it was refused; what was to be told before that is told."""
    try:
        return _run_patiently(line)
    except DomainError as error:
        from sob_tui.faults import refuse

        if isinstance(error, StoreUnreachable):
            drop()
        finish()
        return refuse(error, line)


def _run_patiently(line: list[str]) -> int:
    """Carry out a line, and once more while others keep what it is to write: a server soon gives up waiting for them.

    Nothing was done then: a command writes in one transaction, and nothing of its answer is out.
    """
    begun = time.monotonic()
    while True:
        try:
            return _run(line)
        except StoreBusy:
            from store.foundation.engine import BUSY_SECONDS

            if time.monotonic() - begun > BUSY_SECONDS:
                raise
            drop()


def _run(line: list[str]) -> int:
    """Open the app at once where that is all that is asked for, else let Typer parse the rest."""
    require_utf8(line)
    common, words = take_common(line)
    named = [plain(word) for word in words]
    gc.disable()  # what is imported stays, and is not looked through for garbage; see `launch`
    try:
        from sob_tui.launch import is_plain_start, launch

        if is_plain_start(named):
            return launch(named, common)
    finally:
        gc.enable()
    from sob_tui.commands import carry_out

    return carry_out(words, common)


if __name__ == "__main__":
    sys.exit(main())
