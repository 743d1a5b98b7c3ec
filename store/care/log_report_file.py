"""The report of a signed review of the log in a file: a PDF, in the font that lies in `data/fonts`, or text."""

from collections.abc import Sequence
from pathlib import Path

from store.care.log_report import TITLE, report_lines
from store.care.log_review_rows import Review
from store.data import data_folder
from store.foundation.clock import Instant, local
from store.foundation.files import write_new

FONT = "DejaVuSans.ttf"


def write_report(path: Path, review: Review, unit: str, made_at: Instant) -> None:
    """Write a report in a new file: a PDF where its name ends in `.pdf`, else text.

    Args:
        path: the file.
        review: as `print_review` returns it.
        unit: the unit's name and HSA-id.
        made_at: when it is made; a PDF says so.

    Raises:
        Refused: the file is there already, or it can't be written.
    """
    lines = report_lines(review, unit)
    is_pdf = path.suffix.lower() == ".pdf"
    text = "\n".join((TITLE, "", *lines, ""))
    write_new(path, report_pdf(TITLE, lines, made_at) if is_pdf else text.encode())


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
