"""The report of a review of the log as a PDF, in the font that lies in `data/fonts`."""

from collections.abc import Sequence

from store.data import data_folder
from store.foundation.clock import Instant, local

FONT = "DejaVuSans.ttf"


def report_pdf(title: str, lines: Sequence[str], made_at: Instant) -> bytes:
    """Return a PDF of a report.

    Args:
        title: what stands on top of it.
        lines: its lines; empty ones part paragraphs, and one that begins with spaces is set in.
        made_at: when it was made, by the machine's clock.
    """
    from fpdf import FPDF

    pdf = FPDF(format="A4")
    pdf.set_creation_date(local(made_at))
    pdf.set_title(title)
    pdf.set_lang("sv")
    pdf.add_font("DejaVu", fname=data_folder() / "fonts" / FONT)
    pdf.set_auto_page_break(auto=True, margin=15)
    pdf.add_page()
    pdf.set_font("DejaVu", size=16)
    pdf.multi_cell(0, 10, title, new_x="LMARGIN", new_y="NEXT")
    pdf.set_font("DejaVu", size=10)
    for line in lines:
        indent = 6 if line.startswith(" ") else 0
        pdf.set_x(pdf.l_margin + indent)
        pdf.multi_cell(0, 6, line.strip() or " ", new_x="LMARGIN", new_y="NEXT")
    return bytes(pdf.output())
