"""Curves as an SVG that a page can show. Knows points and pixels; does not know what was measured."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

WIDTH, HEIGHT, MARGIN = 640, 320, 48
_STROKES = ("#0969da", "#cf222e", "#1a7f37", "#8250df")
Points = Sequence[tuple[float, float]]


def _line(points: Points, box: tuple[float, float, float, float], stroke: str, number: int) -> str:
    """`box`: the least and the greatest x, the least and the greatest y."""
    left, right, low, high = box
    across = (WIDTH - 2 * MARGIN) / ((right - left) or 1)
    up = (HEIGHT - 2 * MARGIN) / ((high - low) or 1)
    places = " ".join(f"{MARGIN + (x - left) * across:.1f},{HEIGHT - MARGIN - (y - low) * up:.1f}" for x, y in points)
    # A later curve that covers an earlier one is dashed: both stay visible.
    dashes = f' stroke-dasharray="{6 + 2 * number} 6"' if number else ""
    return f'<polyline points="{places}" fill="none" stroke="{stroke}" stroke-width="2"{dashes}/>'


def drawn(curves: Mapping[str, Points], *, across: str, up: str) -> str:
    """An SVG with one line for each of `curves`; `across` and `up` say what the axes are."""
    xs = [x for points in curves.values() for x, _ in points]
    ys = [y for points in curves.values() for _, y in points]
    box = min(xs), max(xs), min(ys), max(ys)
    bottom, right = HEIGHT - MARGIN, WIDTH - MARGIN
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif"'
        ' font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
        f'<path d="M{MARGIN} {MARGIN}V{bottom}H{right}" fill="none" stroke="#57606a"/>',
        f'<text x="{right}" y="{HEIGHT - 12}" text-anchor="end">{escape(across)}, {box[0]:g} to {box[1]:g}</text>',
        f'<text x="8" y="16">{escape(up)}, {box[2]:.3f} to {box[3]:.3f}</text>',
    ]
    for number, (name, points) in enumerate(curves.items()):
        stroke = _STROKES[number % len(_STROKES)]
        parts.append(_line(points, box, stroke, number))
        parts.append(
            f'<text x="{right}" y="{MARGIN + 16 * number}" text-anchor="end" fill="{stroke}">{escape(name)}</text>'
        )
    return "\n".join((*parts, "</svg>")) + "\n"
