"""All tables together: importing this module declares each of them."""

from sqlmodel import SQLModel

from store.care import (
    drafts,
    form_answers,
    installed_forms,
    measurements,
    messages,
    modules,
    moments,
    notices,
    programs,
    templates,
)
from store.foundation import tables
from store.people import residents, staff, units

__all__ = [
    "drafts",
    "form_answers",
    "installed_forms",
    "measurements",
    "messages",
    "modules",
    "moments",
    "notices",
    "programs",
    "residents",
    "staff",
    "tables",
    "templates",
    "units",
]

METADATA = SQLModel.metadata
