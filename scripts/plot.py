"""The model card's plot: a reliability diagram and a histogram of what middling reviews are answered, as SVG."""

from __future__ import annotations

from collections.abc import Sequence

from measures import Bin, Floats

WIDTH, HEIGHT, SIDE, LEFT, TOP = 760, 380, 300, 50, 40
COLOURS = {"clear": "#0d7a6f", "natural shares": "#b5442e"}


def _text(x: float, y: float, text: str, anchor: str = "middle", colour: str = "#333") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="{anchor}" fill="{colour}">{text}</text>'


def _frame(left: float, title: str, ticks: Sequence[str]) -> list[str]:
    places = [left + SIDE * i / (len(ticks) - 1) for i in range(len(ticks))]
    box = f'<rect x="{left}" y="{TOP}" width="{SIDE}" height="{SIDE}" fill="none" stroke="#999"/>'
    labels = [_text(x, TOP + SIDE + 18, tick) for x, tick in zip(places, ticks, strict=True)]
    return [box, _text(left + SIDE / 2, TOP - 14, title), *labels]


def _curve(bins: Sequence[Bin], colour: str) -> list[str]:
    points = [(LEFT + (b.certainty - 0.5) * 2 * SIDE, TOP + (1 - b.right) * 2 * SIDE) for b in bins]
    path = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in points]
    return [f'<polyline points="{path}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots]


def _reliability(curves: dict[str, Sequence[Bin]]) -> list[str]:
    parts = _frame(LEFT, "share of right answers by certainty", ("0.5", "0.6", "0.7", "0.8", "0.9", "1"))
    parts += [_text(LEFT - 6, TOP + SIDE * (1 - i / 5) + 4, f"{0.5 + i / 10:.1f}", "end") for i in range(6)]
    parts.append(f'<path d="M{LEFT} {TOP + SIDE}L{LEFT + SIDE} {TOP}" stroke="#bbb" stroke-dasharray="4"/>')
    for number, (name, bins) in enumerate(curves.items()):
        parts += _curve(bins, COLOURS[name])
        parts.append(_text(LEFT + 10, TOP + 20 + 18 * number, name, "start", COLOURS[name]))
    return parts


def _histogram(positive: Floats, edge: float) -> list[str]:
    left, bars = LEFT + SIDE + 80, 20
    shares = [float(((positive * bars).clip(0, bars - 1).astype(int) == i).mean()) for i in range(bars)]
    parts = _frame(left, "P(positive) of held-out reviews of 5 and 6 stars", ("0", "0.25", "0.5", "0.75", "1"))
    for i, share in enumerate(shares):
        height = share / max(shares) * SIDE * 0.9
        x, y = left + i * SIDE / bars, TOP + SIDE - height
        parts.append(
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{SIDE / bars - 1:.1f}" height="{height:.1f}" fill="#7d8f69"/>'
        )
    for place in (1 - edge, edge):
        x = left + place * SIDE
        parts.append(f'<path d="M{x:.1f} {TOP}V{TOP + SIDE}" stroke="#333" stroke-dasharray="3"/>')
    return parts


def svg(curves: dict[str, Sequence[Bin]], middling: Floats, edge: float) -> str:
    """The whole picture; between the dashed lines of the histogram the page says that it cannot tell."""
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">'
    ground = f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#fff"/>'
    return "\n".join([head, ground, *_reliability(curves), *_histogram(middling, edge), "</svg>"]) + "\n"
