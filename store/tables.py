"""All tables together: importing this module declares each of them."""

from sqlmodel import SQLModel

from store.care import (
    activity_marks,
    activity_plans,
    acts,
    claims,
    conversations,
    day_run,
    drafts,
    file_import,
    flag_attempts,
    flags,
    form_answers,
    handovers,
    installed_forms,
    measurements,
    messages,
    modules,
    moments,
    notices,
    programs,
    safety_plans,
    set_aside,
    templates,
    time_spent,
)
from store.foundation import tables
from store.people import attempts, resident_keys, residents, staff, substitutions, trainees, units

__all__ = [
    "activity_marks",
    "activity_plans",
    "acts",
    "attempts",
    "claims",
    "conversations",
    "day_run",
    "drafts",
    "file_import",
    "flag_attempts",
    "flags",
    "form_answers",
    "handovers",
    "installed_forms",
    "measurements",
    "messages",
    "modules",
    "moments",
    "notices",
    "programs",
    "resident_keys",
    "residents",
    "safety_plans",
    "set_aside",
    "staff",
    "substitutions",
    "tables",
    "templates",
    "time_spent",
    "trainees",
    "units",
]

METADATA = SQLModel.metadata
