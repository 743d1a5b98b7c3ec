"""The keys of *Startade moduler*."""

from textual.binding import Binding

KEYS = (
    Binding("enter", "fold(True)", "Fäll\xa0ut", id="modules.unfold", tooltip="Fäll ut raden."),
    Binding("enter", "fold(False)", "Fäll\xa0ihop", id="modules.fold", tooltip="Fäll ihop raden."),
    Binding("right", "fold(True)", "Fäll\xa0ut", show=False, id="modules.right", tooltip="Fäll ut raden."),
    Binding("left", "fold(False)", "Fäll\xa0ihop", show=False, id="modules.left", tooltip="Fäll ihop raden."),
    Binding("v", "hide(True)", "Dölj", id="modules.hide", tooltip="Dölj modulen eller avsnittet för invånaren."),
    Binding("v", "hide(False)", "Visa", id="modules.show", tooltip="Visa modulen eller avsnittet för invånaren igen."),
    Binding("p", "open_next", "Öppna\xa0nästa\xa0modul", id="modules.open", tooltip="Öppna nästa modul för invånaren."),
)
