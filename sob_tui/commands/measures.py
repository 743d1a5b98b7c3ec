"""`sob visa --dagbok` and `--poang`: a moment's diary and its scores, as the app's pages show them."""

from typing import TYPE_CHECKING, Any

from sob_tui.commands.session import Session
from sob_tui.printing import Table, put, put_json
from store.foundation.clock import Instant, iso_local, local_day

if TYPE_CHECKING:
    from store.views.diary import Diary, DiaryRow
    from store.views.form_graph import Point, Series


def put_diary(here: Session, moment: int) -> None:
    """Print the diaries with computed sleep, and what was refused as it came; nothing is marked as read."""
    from store.views.diary import view_diary

    with here.store.read(here.staff) as work:
        diaries = view_diary(work, moment)
    if here.common.json:
        put_json([_diary_json(diary) for diary in diaries])
        return
    for diary in diaries:
        put(diary.title)
        table = Table("Morgon", "I säng (min)", "Sömn (min)", "Effektivitet", *diary.headings)
        table.put([_cells(row) for row in diary.rows if not row.fault], heading=True)
        for row in diary.rows:
            if row.fault:
                put(f"{row.day} {'rättad senare' if row.is_mended else 'togs inte emot'}: {row.words}")
                put(f"  {row.fault}")
            elif row.note:
                put(f"{row.day} {row.note}")
    if not diaries:
        put("Programmet har ingen dagbok.")


def put_scores(here: Session, moment: int) -> None:
    """Print all scores over time, the newest first."""
    from store.views.form_graph import open_graph

    with here.store.read(here.staff) as work:
        graph = open_graph(work, moment)
    found = [(series, point) for series in graph.series for point in series.points]
    found.sort(key=lambda one: one[1].at, reverse=True)
    if here.common.json:
        put_json([_point_json(series, point) for series, point in found])
        return
    table = Table("Dag", "Formulär", "Poäng", "Nivå", "Svar-id")
    rows = [
        (
            local_day(Instant(point.at)).isoformat(),
            series.title,
            series.said(point.value),
            series.level(point.value),
            str(point.answer_id),
        )
        for series, point in found
    ]
    table.put(rows, heading=True)


def _cells(row: "DiaryRow") -> tuple[str, ...]:
    night = row.night
    if night is None:
        return (row.day, "–", "–", "–", *row.values)
    computed = (str(night.in_bed_minutes), str(night.asleep_minutes), f"{round(night.efficiency * 100)} %")
    return (row.day, *computed, *row.values)


def _diary_json(diary: "Diary") -> dict[str, Any]:
    return {
        "form": diary.form,
        "title": diary.title,
        "rows": [
            {
                "day": row.day,
                "answer": None if row.answer_id is None else str(row.answer_id),
                "in_bed": row.night.in_bed_minutes if row.night else None,
                "asleep": row.night.asleep_minutes if row.night else None,
                "efficiency": round(row.night.efficiency, 3) if row.night else None,
                "values": dict(zip(diary.columns, row.values, strict=True)) if row.values else None,
                "raw": row.raw or None,
                "fault": row.fault or None,
                "mended": row.is_mended,
                "doubt": row.doubt or None,
                "replaced": row.replaced,
            }
            for row in diary.rows
        ],
    }


def _point_json(series: "Series", point: "Point") -> dict[str, Any]:
    return {
        "form": series.form,
        "title": series.title,
        "answer": str(point.answer_id),
        "saved": iso_local(Instant(point.at)),
        "score": point.value,
        "max": series.maximum,
        "band": series.band(point.value) or None,
    }
