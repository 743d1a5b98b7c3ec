"""A loggutdrag as text and as a PDF, for the resident whom it is about (PDL 8 kap. 5 §)."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from store.data import data_folder
from store.foundation.clock import Instant, local
from store.views.access_log import Extract

if TYPE_CHECKING:
    from fpdf import FPDF

FONT = "DejaVuSans.ttf"
ABOUT = (
    "Utdraget visar vem som har tagit del av uppgifter om dig, eller gjort något med dem: från vilken enhet, när, i "
    "vilken roll och vad. Namn på personal, ombud och andra invånare står inte i det. Ser du något som du undrar över: "
    "fråga enheten."
)
HEADINGS = ("När", "Enhet", "Roll", "Vad")
_WIDTHS = (32, 48, 42, 64)
"""In millimetres, on an upright A4."""


def extract_lines(found: Extract, made_at: Instant) -> Iterator[str]:
    """Yield the extract as lines of text."""
    yield from _head(found, made_at)
    if found.rows:
        yield ""
    for row in found.rows:
        yield f"{_minute(row.at)}  {row.unit or '–'}  {row.role}  {row.what}"


def _head(found: Extract, made_at: Instant) -> Iterator[str]:
    yield "Loggutdrag"
    yield f"{found.display} {found.name}".strip()
    number = len(found.rows)
    yield f"Gjort {_minute(made_at)}. {'Loggen har inga rader' if not number else f'{number} rader'}."
    yield ABOUT
    if found.unreadable:
        yield (
            f"{found.unreadable} rader i loggen är förseglade med en nyckel som har gått förlorad. Det går inte att se "
            "vilka de handlar om."
        )


def extract_pdf(found: Extract, made_at: Instant) -> bytes:
    """Return the extract as a PDF.

    Args:
        found: the extract.
        made_at: when it was made, by the store's clock.
    """
    from fpdf import FPDF
    from fpdf.fonts import FontFace

    pdf = FPDF(format="A4")
    pdf.set_creation_date(local(made_at))
    pdf.set_title("Loggutdrag")
    pdf.set_lang("sv")
    pdf.add_font("DejaVu", fname=data_folder() / "fonts" / FONT)
    pdf.set_auto_page_break(auto=True, margin=12)
    pdf.add_page()
    title, *others = _head(found, made_at)
    _line(pdf, title, 16)
    for line in others:
        _line(pdf, line, 10)
    pdf.ln(3)
    pdf.set_font("DejaVu", size=8)
    plain = FontFace(emphasis="")
    with pdf.table(col_widths=_WIDTHS, width=sum(_WIDTHS), align="LEFT", headings_style=plain) as table:
        table.row(HEADINGS)
        for row in found.rows:
            table.row((_minute(row.at), row.unit or "–", row.role, row.what))
    return bytes(pdf.output())


def _line(pdf: "FPDF", text: str, size: int) -> None:
    pdf.set_font("DejaVu", size=size)
    pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")


def _minute(at: Instant) -> str:
    return f"{local(at):%Y-%m-%d %H.%M}"
