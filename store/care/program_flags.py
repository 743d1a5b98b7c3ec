"""When a program raises flags: the `[flags]` table of `program.toml` (domain.md §4)."""

from __future__ import annotations

from store.care.program_shape import FlagRules
from store.care.program_table import MAX_DAYS, Table


def read_flag_rules(top: Table) -> FlagRules:
    """The rules in the file; the unit's own thresholds where it says nothing."""
    table = top.table("flags", "[flags] med silent_days = 14", needed=False)
    if table is None:
        return FlagRules()
    rules = FlagRules(
        silent_days=table.number("silent_days", 0, MAX_DAYS),
        never_days=table.number("never_days", 0, MAX_DAYS),
        missing_days=table.number("missing_days", 0, MAX_DAYS),
        unanswered_days=table.number("unanswered_days", 0, MAX_DAYS),
        module_finished=table.flag("module_finished", default=True),
        past_length=table.flag("past_length", default=True),
    )
    table.unknown_keys()
    return rules
