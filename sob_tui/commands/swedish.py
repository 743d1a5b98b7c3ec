"""Typer in Swedish: help, and one plain sentence for every fault in a command line.

Typer vendors click and offers no way to translate it, so the help is laid out here and the errors are told apart by
their classes. This is the only module that knows Typer's insides.
"""

import shutil
import textwrap
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from difflib import get_close_matches
from typing import Any

from typer import Exit
from typer._click.core import Command
from typer._click.exceptions import BadOptionUsage, BadParameter, MissingParameter, NoSuchOption, UsageError
from typer.core import TyperCommand, TyperGroup

from sob_tui import options
from sob_tui.options import UsageFault, plain
from sob_tui.ways_out import way_out
from store.foundation.errors import DomainError
from store.foundation.text import clean

_WIDEST = 100
_LONGEST_ECHO = 40


class SwedishCommand(TyperCommand):
    """A command whose texts are cleaned as they come in; a path is taken as it is."""

    def get_help(self, ctx: Any) -> str:
        """Return the help in Swedish."""
        return "\n".join([*_usage(self, ctx), *_arguments(self, ctx), *_options(self, ctx)])

    def invoke(self, ctx: Any) -> Any:
        """Call the command's function; a refusal says which command or option helps."""
        with _helped(self, ctx):
            return super().invoke(ctx)


@contextmanager
def _helped(command: Any, ctx: Any) -> Iterator[None]:
    """Clean the texts that a command's function is about to be called with; a refusal says what helps."""
    ctx.params = {name: _cleaned(value) for name, value in ctx.params.items()}
    try:
        yield
    except DomainError as refusal:
        refusal.add(way_out(refusal, command.get_params(ctx), ctx.params))
        raise


class Group(TyperGroup):
    """Commands that belong together. Every name may be spelt with å ä ö too."""

    def __init__(self, **attributes: Any) -> None:
        settings = attributes.pop("context_settings", None) or {}
        super().__init__(context_settings={**settings, "token_normalize_func": plain}, **attributes)

    def get_help(self, ctx: Any) -> str:
        """Return the help in Swedish."""
        rows = [(name, _one_line(command.help)) for name, command in self.commands.items()]
        return "\n".join([*_usage(self, ctx), *_section("Kommandon", rows), *_options(self, ctx)])

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        """Find the command; raises `UsageFault`, with the nearest name, where there is none."""
        if plain(args[0]) not in self.commands:
            echo = _echo(args[0])
            told = f"Kommandot {echo} finns inte."
            raise UsageFault(_with_nearest(told, plain(args[0]), list(self.commands), _known(self)), echo=echo)
        return super().resolve_command(ctx, args)


class CommandGroup(Group):
    """Commands that belong together, and a function of the group's own where none of them follows."""

    def invoke(self, ctx: Any) -> Any:
        """Call the command that follows, else the group's function."""
        if ctx._protected_args:
            return super().invoke(ctx)
        with _helped(self, ctx):
            return super().invoke(ctx)


def carried_out(command: Command, words: list[str], common: options.Common) -> int:
    """Carry out a line of a group of commands; returns the exit code.

    Raises:
        DomainError: the command line is wrong, or the command was refused.
    """
    try:
        with command.make_context("sob", words, obj=common) as ctx:
            return ctx.command.invoke(ctx) or 0
    except Exit as done:
        return done.exit_code
    except UsageError as error:
        raise usage_fault(error) from None


def usage_fault(error: UsageError) -> UsageFault:
    """Return what is wrong with a command line, and where to read more."""
    ctx = error.ctx
    see = f" Se {ctx.command_path} --help." if ctx else ""
    if isinstance(error, NoSuchOption):
        known = [*_option_names(ctx), *options.NAMES]
        echo = _echo(error.option_name)
        return UsageFault(_with_nearest(f"Flaggan {echo} finns inte.", error.option_name, known, see), echo=echo)
    if isinstance(error, BadOptionUsage):
        told = "tar inget värde" if "not take" in error.message else "behöver ett värde"
        return UsageFault(f"Flaggan {_echo(error.option_name)} {told}.{see}")
    if isinstance(error, MissingParameter):
        return UsageFault(f"{_named(error.param)} saknas.{see}")
    if isinstance(error, BadParameter):
        return UsageFault(f"{_named(error.param)} har ett värde som inte går att läsa.{see}")
    if ctx and isinstance(ctx.command, TyperGroup):
        return UsageFault(f"Ett kommando saknas efter {ctx.command_path}.{_known(ctx.command)}")
    return UsageFault(f"För många ord på raden: sätt citattecken om text med mellanslag.{see}")


def _cleaned(value: Any) -> Any:
    if isinstance(value, str):
        return clean(value, multiline=True)
    return [_cleaned(part) for part in value] if isinstance(value, list | tuple) else value


def _with_nearest(told: str, word: str, known: Sequence[str], otherwise: str) -> str:
    near = get_close_matches(plain(word), known, n=1)
    return f"{told} Menade du {near[0]}?" if near else f"{told}{otherwise}"


def _known(group: TyperGroup) -> str:
    return f" Kommandon: {', '.join(group.commands)}."


def _echo(word: str) -> str:
    """Return what was typed, short enough for a sentence."""
    return word if len(word) <= _LONGEST_ECHO else word[:_LONGEST_ECHO] + "…"


def _named(parameter: Any) -> str:
    is_option = parameter.param_type_name == "option"
    return f"Flaggan {'/'.join(_names(parameter))}" if is_option else f"Argumentet {parameter.metavar}"


def _option_names(ctx: Any) -> list[str]:
    return [name for parameter in ctx.command.get_params(ctx) for name in _names(parameter)]


def _names(parameter: Any) -> list[str]:
    return [name for name in (*parameter.opts, *parameter.secondary_opts) if name.startswith("--")]


def _usage(command: Any, ctx: Any) -> list[str]:
    arguments = [_metavar(parameter) for parameter in _shown(command, ctx, "argument")]
    tail = ["[FLAGGOR]", *arguments]
    if isinstance(command, TyperGroup):
        tail = ["[FLAGGOR]", "[KOMMANDO …]"] if command.invoke_without_command else ["KOMMANDO …"]
    text = textwrap.wrap(command.help or "", _width())
    return [f"Användning: {' '.join([ctx.command_path, *tail])}", "", *text]


def _arguments(command: Any, ctx: Any) -> list[str]:
    rows = [(_metavar(parameter), parameter.help or "") for parameter in _shown(command, ctx, "argument")]
    return _section("Argument", rows)


def _options(command: Any, ctx: Any) -> list[str]:
    own = [_option_row(parameter) for parameter in _shown(command, ctx, "option")]
    return [*_section("Flaggor", own), *_section("Gemensamma flaggor", options.HELP)]


def _option_row(parameter: Any) -> tuple[str, str]:
    if parameter.name == "help":
        return "--help", "Visa den här hjälpen."
    spelt = "/".join([parameter.opts[0], *parameter.secondary_opts])
    name = " ".join([spelt, *([parameter.metavar] if parameter.metavar else [])])
    return name, parameter.help + (" Måste anges." if parameter.required else "")


def _shown(command: Any, ctx: Any, kind: str) -> list[Any]:
    return [parameter for parameter in command.get_params(ctx) if parameter.param_type_name == kind]


def _metavar(parameter: Any) -> str:
    return f"{parameter.metavar} …" if parameter.nargs == -1 else str(parameter.metavar)


def _section(title: str, rows: Iterable[tuple[str, str]]) -> list[str]:
    """Return a heading and two columns, or nothing where there are no rows."""
    rows = list(rows)
    if not rows:
        return []
    indent = 4 + max(len(name) for name, _ in rows)
    lines = ["", f"{title}:"]
    for name, text in rows:
        wrapped = textwrap.wrap(text, max(_width() - indent, 20)) or [""]
        lines.append(f"  {name:<{indent - 2}}{wrapped[0]}".rstrip())
        lines += [" " * indent + more for more in wrapped[1:]]
    return lines


def _width() -> int:
    return min(shutil.get_terminal_size().columns, _WIDEST)


def _one_line(text: str | None) -> str:
    return " ".join((text or "").split())
