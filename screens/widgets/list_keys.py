"""A list's keys and looks."""

from textual.binding import Binding

KEYS = (
    Binding("up", "move(-1)", "Upp", show=False, id="list.up", tooltip="Raden ovanför."),
    Binding("down", "move(1)", "Ned", show=False, id="list.down", tooltip="Raden nedanför."),
    Binding("pageup", "page(-1)", "Sida upp", show=False, id="list.page_up", tooltip="En sida uppåt."),
    Binding("pagedown", "page(1)", "Sida ned", show=False, id="list.page_down", tooltip="En sida nedåt."),
    Binding("home", "first", "Först", show=False, id="list.first", tooltip="Första raden."),
    Binding("end", "last", "Sist", show=False, id="list.last", tooltip="Sista raden."),
    Binding("enter", "open", "Öppna", id="list.open", tooltip="Öppna raden."),
    Binding(
        "N",
        "heading_action",
        "Rubrikens val",
        show=False,
        id="list.heading",
        tooltip="Visa rubrikens val.",
    ),
)

PARTS = (
    "cursor",
    "heading",
    "action",
    "context",
    "pinned",
    "muted",
    "risk",
    "waiting",
    "done",
    "accent",
)
"""The component classes, without their `paged-list--`. Each is styled whenever the list is: no two are alike."""

CSS = """
PagedList {
    background: $surface;
    color: $foreground;
    overflow-x: hidden;
    overflow-y: auto;
    scrollbar-gutter: stable;
    scrollbar-size-vertical: 1;
    & > .paged-list--heading { text-style: bold; }
    & > .paged-list--action { color: $text-primary; text-style: underline; }
    & > .paged-list--context { background: $panel; color: $foreground; text-style: bold; }
    & > .paged-list--pinned { background: $panel; color: $text-muted; }
    & > .paged-list--cursor { background: $panel; color: auto 95%; }
    &:focus > .paged-list--cursor { background: $primary-muted; color: auto 100%; text-style: bold; }
    & > .paged-list--muted { color: $text-muted; }
    & > .paged-list--risk { color: $text-error; }
    & > .paged-list--waiting { color: $text-warning; }
    & > .paged-list--done { color: $text-success; }
    & > .paged-list--accent { color: $text-accent; }
}
"""
