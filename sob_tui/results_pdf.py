"""The results of a course as a PDF: the table, and each trainee's exercises. In the font that lies in `data/fonts`."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from store.data import data_folder
from store.foundation.clock import Instant, local

if TYPE_CHECKING:
    from fpdf import FPDF

    from store.practice.results import Results, TraineeResults

FONT = "DejaVuSans.ttf"
ON_A_PAGE = 12
"""Exercises side by side."""
_NAME, _CELL = 55, 18
"""Widths in millimetres."""
LEGEND = "✓ löst, › pågår, · lämnad; lösta steg av alla, och efter ! antalet felsteg."
NONE_YET = "Ingen har börjat på någon övning än."


def results_pdf(found: "Results", made_at: Instant) -> bytes:
    """Return a PDF of the results.

    Args:
        found: the results.
        made_at: when they were read, by the machine's clock.
    """
    from fpdf import FPDF

    pdf = FPDF(orientation="landscape", format="A4")
    pdf.set_creation_date(local(made_at))
    pdf.set_title("Resultat av övningarna")
    pdf.set_lang("sv")
    pdf.add_font("DejaVu", fname=data_folder() / "fonts" / FONT)
    pdf.set_auto_page_break(auto=True, margin=12)
    pdf.add_page()
    _line(pdf, "Resultat av övningarna", 16)
    until = f" Raderas med kursen senast {found.erased_on}: radera då också den här filen." if found.erased_on else ""
    _line(pdf, f"Läst {local(made_at):%Y-%m-%d %H.%M}. Övningsmiljön: allt är påhittat utom deltagarna.{until}", 9)
    if found.is_empty:
        _line(pdf, NONE_YET, 11)
        return bytes(pdf.output())
    _line(pdf, LEGEND, 9)
    for first in range(0, len(found.exercises), ON_A_PAGE):
        _matrix(pdf, found, range(first, min(first + ON_A_PAGE, len(found.exercises))))
    for number, (_, title) in enumerate(found.exercises, 1):
        _line(pdf, f"{number}  {title}", 9)
    for one in found.trainees:
        if one.results:
            _of_trainee(pdf, one)
    return bytes(pdf.output())


def _line(pdf: "FPDF", text: str, size: int) -> None:
    pdf.set_font("DejaVu", size=size)
    pdf.multi_cell(0, size * 0.6, text, new_x="LMARGIN", new_y="NEXT")


def _matrix(pdf: "FPDF", found: "Results", places: range) -> None:
    rows = [("Deltagare", *(str(place + 1) for place in places))]
    for one in found.trainees:
        results = [one.results.get(found.exercises[place][0]) for place in places]
        rows.append((_called(one), *("–" if result is None else result.mark for result in results)))
    _table(pdf, rows, (_NAME, *(_CELL for _ in places)))


def _of_trainee(pdf: "FPDF", one: "TraineeResults") -> None:
    pdf.ln(4)
    _line(pdf, f"{_called(one)}, omgång {one.round}" if one.round > 1 else _called(one), 12)
    rows = [("Övning", "Läge", "Steg", "Felsteg", "Tid", "Tangenter")]
    rows += [
        (
            result.title,
            result.state,
            f"{result.done} av {result.steps}",
            str(result.wrong_turns),
            result.time,
            str(result.keys),
        )
        for result in sorted(one.results.values(), key=lambda result: result.title.casefold())
    ]
    _table(pdf, rows, (110, 25, 25, 25, 25, 25))


def _called(one: "TraineeResults") -> str:
    return one.name if one.name == one.trainee else f"{one.name} ({one.trainee.rpartition('-')[2]})"


def _table(pdf: "FPDF", rows: Sequence[Sequence[str]], widths: tuple[int, ...]) -> None:
    pdf.set_font("DejaVu", size=9)
    pdf.ln(2)
    from fpdf.fonts import FontFace

    with pdf.table(col_widths=widths, width=sum(widths), align="LEFT", headings_style=FontFace(emphasis="")) as table:
        for row in rows:
            table.row(row)
    pdf.ln(2)
