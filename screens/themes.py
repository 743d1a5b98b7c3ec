"""Three themes: dark, light and high contrast. The test computes the contrast of every pair of colours in use.

One accent, for what is focused and for keys; red for risk and for *Avsluta*, yellow for waiting, green for read and
done, each always beside a mark and a word; violet for the practice band. A style sheet finds them as `$risk`, `$wait`,
`$done`, `$key`, `$dim`, `$rule`, `$field-edge`, `$row-cursor`, `$row-cursor-text`, `$practice`, `$practice-text`, and
under Textual's own names (`$text-error`, `$text-muted` and so on).
"""

from __future__ import annotations

from typing import NamedTuple

from textual.theme import Theme


class _Palette(NamedTuple):
    ground: str
    """Behind everything."""
    raised: str
    """Behind headings that stand still, and the cursor of a list without focus."""
    text: str
    dim: str
    disabled: str
    """Text of what cannot be used; legible, but weaker than `dim`."""
    rule: str
    """Lines."""
    field_edge: str
    """The first cell of a field that has no focus."""
    accent: str
    on_accent: str
    cursor: str
    """Behind the row that the cursor is on."""
    cursor_text: str
    risk: str
    wait: str
    done: str
    on_colour: str
    """Text on a red, yellow or green button."""
    practice: str
    practice_text: str


_DARK = _Palette(
    ground="#14181d",
    raised="#242b33",
    text="#d8dde3",
    dim="#9aa5b1",
    disabled="#7f8a96",
    rule="#667380",
    field_edge="#242b33",
    accent="#6ab7f2",
    on_accent="#0d1217",
    cursor="#1d4569",
    cursor_text="#ffffff",
    risk="#ff8f87",
    wait="#e8c468",
    done="#7fcf94",
    on_colour="#0d1217",
    practice="#c8a8f0",
    practice_text="#1b1028",
)
_LIGHT = _Palette(
    ground="#fbfcfd",
    raised="#e6ebf0",
    text="#1c232b",
    dim="#535e6a",
    disabled="#6b7682",
    rule="#7b8793",
    field_edge="#e6ebf0",
    accent="#0a58a6",
    on_accent="#ffffff",
    cursor="#cbe1f6",
    cursor_text="#08192a",
    risk="#ad1f18",
    wait="#6f5200",
    done="#17643a",
    on_colour="#ffffff",
    practice="#5a2d96",
    practice_text="#ffffff",
)
_CONTRAST = _Palette(
    ground="#000000",
    raised="#2a2a2a",
    text="#ffffff",
    dim="#d4d4d4",
    disabled="#a8a8a8",
    rule="#c0c0c0",
    field_edge="#c0c0c0",
    accent="#5fd7ff",
    on_accent="#000000",
    cursor="#5fd7ff",
    cursor_text="#000000",
    risk="#ffa199",
    wait="#ffe14d",
    done="#7dffa0",
    on_colour="#000000",
    practice="#ffb3ff",
    practice_text="#000000",
)


def _variables(palette: _Palette) -> dict[str, str]:
    ours = {
        "risk": palette.risk,
        "wait": palette.wait,
        "done": palette.done,
        "key": palette.accent,
        "dim": palette.dim,
        "rule": palette.rule,
        "field-edge": palette.field_edge,
        "row-cursor": palette.cursor,
        "row-cursor-text": palette.cursor_text,
        "practice": palette.practice,
        "practice-text": palette.practice_text,
    }
    texts = {
        "text": palette.text,
        "text-muted": palette.dim,
        "text-disabled": palette.disabled,
        "foreground-muted": palette.dim,
        "foreground-disabled": palette.disabled,
        "text-primary": palette.accent,
        "text-secondary": palette.accent,
        "text-accent": palette.accent,
        "text-warning": palette.wait,
        "text-error": palette.risk,
        "text-success": palette.done,
    }
    return {**ours, **texts, **_grounds(palette), **_details(palette)}


def _grounds(palette: _Palette) -> dict[str, str]:
    names = ("primary", "secondary", "accent", "warning", "error", "success")
    return {
        **{f"{name}-muted": palette.raised for name in names},
        "primary-muted": palette.cursor,
        # A button under the mouse keeps its ground: a darker one would leave its text too weak.
        **{"primary-darken-2": palette.accent, "warning-darken-2": palette.wait},
        **{"error-darken-2": palette.risk, "success-darken-2": palette.done},
        "surface-active": palette.raised,
        "block-cursor-background": palette.cursor,
        "block-cursor-foreground": palette.cursor_text,
        "block-cursor-text-style": "bold",
        "block-cursor-blurred-background": palette.raised,
        "block-cursor-blurred-foreground": palette.text,
        "block-hover-background": palette.raised,
        "screen-selection-background": palette.cursor,
        "screen-selection-foreground": palette.cursor_text,
        "input-selection-background": palette.cursor,
        "input-selection-foreground": palette.cursor_text,
    }


def _details(palette: _Palette) -> dict[str, str]:
    scrollbars = ("scrollbar-background", "scrollbar-background-hover", "scrollbar-background-active")
    return {
        **dict.fromkeys((*scrollbars, "scrollbar-corner-color"), palette.ground),
        "scrollbar": palette.rule,
        "scrollbar-hover": palette.dim,
        "scrollbar-active": palette.accent,
        "border": palette.accent,
        "border-blurred": palette.rule,
        "input-cursor-background": palette.text,
        "input-cursor-foreground": palette.ground,
        "button-foreground": palette.text,
        "button-color-foreground": palette.on_colour,
        "button-focus-text-style": "bold reverse",
        "link-color": palette.accent,
        "link-color-hover": palette.cursor_text,
        "link-background-hover": palette.cursor,
        "footer-background": palette.ground,
        "footer-key-foreground": palette.accent,
    }


def _theme(name: str, palette: _Palette, *, dark: bool) -> Theme:
    return Theme(
        name,
        primary=palette.accent,
        secondary=palette.accent,
        accent=palette.accent,
        warning=palette.wait,
        error=palette.risk,
        success=palette.done,
        foreground=palette.text,
        background=palette.ground,
        surface=palette.ground,
        panel=palette.raised,
        boost=palette.raised,
        dark=dark,
        text_alpha=1.0,
        variables=_variables(palette),
    )


DARK = _theme("sob-mork", _DARK, dark=True)
LIGHT = _theme("sob-ljus", _LIGHT, dark=False)
CONTRAST = _theme("sob-kontrast", _CONTRAST, dark=True)
THEMES = (DARK, LIGHT, CONTRAST)

LABELS = {
    DARK.name: ("Mörkt tema", "Visa ljus text på mörk botten."),
    LIGHT.name: ("Ljust tema", "Visa mörk text på ljus botten."),
    CONTRAST.name: ("Hög kontrast", "Visa vit text på svart botten och starka färger."),
}
"""What choosing each theme is called in the palette, and the sentence beside it."""
