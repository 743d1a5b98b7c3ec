"""When a program raises flags: the `[flags]` table of `program.toml` (domain.md §4)."""

from __future__ import annotations

from store.care.program_shape import FlagRules
from store.care.program_table import MAX_DAYS, Table
from store.foundation.flag_kinds import THRESHOLDS


def read_flag_rules(top: Table) -> FlagRules:
    """The rules in the file; the unit's own thresholds where it says nothing."""
    table = top.table("flags", "[flags] med silent_days = 14", needed=False)
    if table is None:
        return FlagRules()
    days = {one.column: table.number(one.column, 0, MAX_DAYS) for one in THRESHOLDS}
    rules = FlagRules(
        {name: number for name, number in days.items() if number is not None},
        module_finished=table.flag("module_finished", default=True),
        past_length=table.flag("past_length", default=True),
    )
    table.unknown_keys()
    return rules
