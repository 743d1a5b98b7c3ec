"""The keys and looks of *Startade moduler*."""

from textual.binding import Binding

KEYS = (
    Binding("up", "move(-1)", "Upp", show=False, id="modules.up", tooltip="Gå till raden ovanför."),
    Binding("down", "move(1)", "Ned", show=False, id="modules.down", tooltip="Gå till raden nedanför."),
    Binding("home", "first", "Först", show=False, id="modules.first", tooltip="Gå till sidans början."),
    Binding("end", "last", "Sist", show=False, id="modules.last", tooltip="Gå till sidans slut."),
    Binding("pageup", "page(-1)", "Sida upp", show=False, id="modules.page_up", tooltip="Gå en sida uppåt."),
    Binding("pagedown", "page(1)", "Sida ned", show=False, id="modules.page_down", tooltip="Gå en sida nedåt."),
    Binding("enter", "fold(True)", "Fäll\xa0ut", id="modules.unfold", tooltip="Fäll ut raden."),
    Binding("enter", "fold(False)", "Fäll\xa0ihop", id="modules.fold", tooltip="Fäll ihop raden."),
    Binding("right", "fold(True)", "Fäll\xa0ut", show=False, id="modules.right", tooltip="Fäll ut raden."),
    Binding("left", "fold(False)", "Fäll\xa0ihop", show=False, id="modules.left", tooltip="Fäll ihop raden."),
    Binding("v", "hide(True)", "Dölj", id="modules.hide", tooltip="Dölj modulen eller avsnittet för invånaren."),
    Binding("v", "hide(False)", "Visa", id="modules.show", tooltip="Visa modulen eller avsnittet för invånaren igen."),
    Binding("p", "open_next", "Öppna\xa0nästa\xa0modul", id="modules.open", tooltip="Öppna nästa modul för invånaren."),
)

# As styles of `Content` and not as component classes: each of those is styled three times when a page opens.
FOCUSED = "bold $row-cursor-text on $row-cursor"
BLURRED = "$foreground on $panel"
"""The cursor's row, with and without the focus."""

CSS = """
ModuleList { height: auto; text-wrap: nowrap; }
"""
