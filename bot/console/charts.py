"""Charts as SVG, drawn on the server: no script, legible without colour, with title and text.

Each takes numbers and words and gives Markup; what a chart shows also stands in a table below it
(see `desk/dashboard.html`), so that nothing is told by the drawing alone.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from markupsafe import Markup, escape

WIDTH, HEIGHT = 480, 200
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 20, 12, 26
DASHES = ("", "6 4", "2 3", "10 4 2 4", "1 4", "12 4")
_ROW = 24
_names = itertools.count(1)


@dataclass(frozen=True)
class Line:
    """A series: its word and a value for each place on the axis; None is a gap."""

    name: str
    values: Sequence[float | None]


def plain(value: float) -> str:
    """A number as people read it."""
    if value >= 1000:
        return f"{value:,.0f}"
    return (
        f"{value:.0f}" if value == int(value) else f"{value:.1f}" if value >= 1 else f"{value:.2g}"
    )


def percent(value: float) -> str:
    """A share as people read it."""
    return f"{value * 100:.0f} %" if value in (0, 1) or value >= 0.1 else f"{value * 100:.1f} %"


def lines(
    title: str,
    text: str,
    places: Sequence[str],
    series: Sequence[Line],
    written: Callable[[float], str] = plain,
    top: float | None = None,
) -> Markup:
    """Values over days as lines, each with its own dashes and its name at its end."""
    values = [v for line in series for v in line.values if v is not None]
    ticks = _ticks(max(values, default=0.0), top)
    high = ticks[-1] or 1.0

    def x(place: int) -> float:
        room = WIDTH - _LEFT - _RIGHT
        return _LEFT + (room * place / (len(places) - 1) if len(places) > 1 else room / 2)

    def y(value: float) -> float:
        return HEIGHT - _BOTTOM - (HEIGHT - _TOP - _BOTTOM) * value / high

    body = [_grid(ticks, y, written), _axis(places, x)]
    for number, line in enumerate(series):
        body.append(_drawn(number, line, places, x, y, written))
    return _svg(title, text, HEIGHT, body, "lines")


def _drawn(
    number: int,
    line: Line,
    places: Sequence[str],
    x: Callable[[int], float],
    y: Callable[[float], float],
    written: Callable[[float], str],
) -> Markup:
    paths: list[list[str]] = [[]]
    points = []
    colour, radius = f"s{number % 6 + 1}", 2.5 if len(places) <= 40 else 1.2
    name = escape(line.name)
    for place, value in enumerate(line.values):
        if value is None:
            paths.append([])
            continue
        across, down = f"{x(place):.1f}", f"{y(value):.1f}"
        paths[-1].append(f"{across},{down}")
        points.append(
            f'<circle class="point {colour}" cx="{across}" cy="{down}" r="{radius}">'
            f"<title>{name} {escape(places[place])}: {escape(written(value))}</title></circle>"
        )
    strokes = [
        f'<polyline class="line {colour}" points="{" ".join(each)}"{_dashes(number)}/>'
        for each in paths
        if each
    ]
    return Markup("".join([*strokes, *points]))


def _dashes(number: int) -> str:
    dashes = DASHES[number % len(DASHES)]
    return f' stroke-dasharray="{dashes}"' if dashes else ""


def legend(series: Sequence[Line]) -> Markup:
    """What the lines are called, each beside a piece of it; nothing for a single one."""
    if len(series) < 2:
        return Markup("")
    entries = [
        f'<li><svg class="icon" viewBox="0 0 24 24" aria-hidden="true"><line class="line'
        f' s{number % 6 + 1}" x1="1" x2="23" y1="12" y2="12"{_dashes(number)}/></svg>'
        f"{escape(line.name)}</li>"
        for number, line in enumerate(series)
    ]
    return Markup(f'<ul class="legend">{"".join(entries)}</ul>')


def columns(
    title: str,
    text: str,
    places: Sequence[str],
    values: Sequence[float],
    written: Callable[[float], str] = plain,
) -> Markup:
    """Values beside each other as upright bars."""
    ticks = _ticks(max(values, default=0.0))
    high = ticks[-1] or 1.0
    step = (WIDTH - _LEFT - _RIGHT) / max(len(places), 1)
    room = HEIGHT - _TOP - _BOTTOM
    body = [_grid(ticks, lambda value: HEIGHT - _BOTTOM - room * value / high, written)]
    body.append(_axis(places, lambda place: _LEFT + step * (place + 0.5)))
    for place, value in enumerate(values):
        tall = room * value / high
        body.append(
            Markup(
                '<rect class="bar s1" x="{:.1f}" y="{:.1f}" width="{:.1f}" height="{:.1f}" rx="2">'
                "<title>{}</title></rect>"
            ).format(
                _LEFT + step * place + step * 0.15,
                HEIGHT - _BOTTOM - tall,
                step * 0.7,
                tall,
                f"{places[place]}: {written(value)}",
            )
        )
    return _svg(title, text, HEIGHT, body, "columns")


def bars(
    title: str,
    text: str,
    rows: Sequence[tuple[str, float]],
    written: Callable[[float], str] = plain,
) -> Markup:
    """Values below each other as lying bars, each with its name and its number."""
    high = max((value for _, value in rows), default=0.0) or 1.0
    name, number = 150, 74
    room = WIDTH - name - number
    body = []
    for place, (word, value) in enumerate(rows):
        y = _ROW * place
        body.append(
            Markup(
                '<text class="name" x="{}" y="{}" text-anchor="end">{}</text>'
                '<rect class="bar s1" x="{}" y="{}" width="{:.1f}" height="{}" rx="3"/>'
                '<text class="value" x="{:.1f}" y="{}">{}</text>'
            ).format(
                name - 10,
                y + 16,
                word if len(word) <= 21 else word[:20] + "…",
                name,
                y + 5,
                max(room * value / high, 1.5),
                _ROW - 10,
                name + room * value / high + 8,
                y + 16,
                written(value),
            )
        )
    return _svg(title, text, max(_ROW * len(rows), _ROW), body, "bars")


def _svg(title: str, text: str, height: int, body: Sequence[Markup], kind: str) -> Markup:
    name = f"chart-{next(_names) % 100_000}"
    return Markup(
        '<svg class="drawn {}" viewBox="0 0 {} {}" role="img" aria-labelledby="{}-t {}-d">'
        '<title id="{}-t">{}</title><desc id="{}-d">{}</desc>{}</svg>'
    ).format(kind, WIDTH, height, name, name, name, title, name, text, Markup("").join(body))


def _ticks(most: float, top: float | None = None) -> list[float]:
    """Three to five round numbers from 0 to at least `most`."""
    if top is not None and most <= top:
        parts = 5 if top % 5 == 0 else 4
        return [top * part / parts for part in range(parts + 1)]
    if most <= 0:
        return [0.0, 1.0]
    rough = most / 4
    size = 10 ** math.floor(math.log10(rough))
    step = next(size * each for each in (1, 2, 2.5, 5, 10) if size * each >= rough - 1e-12)
    return [step * each for each in range(math.ceil(most / step - 1e-9) + 1)]


def _grid(
    ticks: Sequence[float], y: Callable[[float], float], written: Callable[[float], str]
) -> Markup:
    return Markup("").join(
        Markup(
            '<line class="grid" x1="{}" x2="{}" y1="{:.1f}" y2="{:.1f}"/>'
            '<text class="tick" x="{}" y="{:.1f}" text-anchor="end">{}</text>'
        ).format(_LEFT, WIDTH - _RIGHT, y(tick), y(tick), _LEFT - 6, y(tick) + 4, written(tick))
        for tick in ticks
    )


def _axis(places: Sequence[str], x: Callable[[int], float]) -> Markup:
    every = max(1, math.ceil(len(places) / 7))
    return Markup("").join(
        Markup('<text class="tick" x="{:.1f}" y="{}" text-anchor="middle">{}</text>').format(
            x(place), HEIGHT - 8, word
        )
        for place, word in enumerate(places)
        if place % every == 0
    )
