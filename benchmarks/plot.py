# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The plot: time per environment against their number, both on a log scale, as SVG."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .contenders import BY_NAME
from .figures import Summary
from .plan import Series

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 630, 50, 380
# Between the names at the right, so that none covers another.
LINE = 17
# Each is told from the ground, light or dark, and from its neighbours without its colour: they
# are named where they end.
COLOURS = (
    "#7d8590",
    "#39a5b5",
    "#c45fa0",
    "#2f81f7",
    "#a371f7",
    "#d29922",
    "#e5534b",
    "#2da44e",
)
Point = tuple[float, float]

# Said in the file that is written; this one has its own. REUSE-IgnoreStart
HEAD = (
    "<!--",
    "SPDX-FileCopyrightText: keyfactor.command contributors",
    "SPDX-License-Identifier: GPL-3.0-or-later",
    "-->",
)
# REUSE-IgnoreEnd

STYLE = """\
  <style>
    text { font: 13px sans-serif; fill: #1f2328 }
    .ground { fill: #ffffff }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .line { fill: none; stroke-width: 2.5 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .ground { fill: #0d1117 }
      .grid { stroke: #30363d }
    }
  </style>"""


class Scale:
    """Places values between two ends of a log scale."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        share = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + share * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [float(f"1e{power}") for power in range(self.low, self.high + 1)]


def svg(summary: Summary) -> str:
    """Return the plot of all series without latency."""
    lines = {name: found for name in BY_NAME if (found := _points(summary, name))}
    if not lines:
        raise ValueError("There is nothing to plot.")
    points = [point for line in lines.values() for point in line]
    across = Scale([x for x, _y in points], LEFT, RIGHT)
    up = Scale([y for _x, y in points], BOTTOM, TOP)
    placed = {name: [(across(x), up(y)) for x, y in line] for name, line in lines.items()}
    colours = dict(zip(BY_NAME, COLOURS, strict=True))
    heights = apart({name: line[-1][1] for name, line in placed.items()})
    return "\n".join(
        [
            *HEAD,
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "  <title>Milliseconds per environment against the number of environments</title>",
            STYLE,
            f'  <rect class="ground" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
            *_grid(across, up),
            *(
                part
                for name, line in placed.items()
                for part in _line(name, line, colours[name], heights[name])
            ),
            "</svg>",
            "",
        ]
    )


def apart(heights: dict[str, float]) -> dict[str, float]:
    """Return the heights, moved where needed so that names do not cover each other."""
    found: dict[str, float] = {}
    lowest = -math.inf
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        lowest = found[name] = max(height, lowest + LINE)
    return found


def _points(summary: Summary, name: str) -> list[Point]:
    figures = [summary.of(Series(0.0, size), name) for size in summary.sizes]
    return [(each.series.environments, each.each * 1000) for each in figures if each]


def _grid(across: Scale, up: Scale) -> list[str]:
    parts = [_text(16, 28, "milliseconds per environment", "start")]
    for value in up.ticks:
        y = up(value)
        parts.append(f'  <path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
        parts.append(_text(LEFT - 10, y + 4, f"{value:g}", "end"))
    for value in across.ticks:
        x = across(value)
        parts.append(f'  <path class="grid" d="M{x:.1f} {TOP}V{BOTTOM}"/>')
        parts.append(_text(x, BOTTOM + 22, f"{value:g}", "middle"))
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 45, "environments", "middle"))
    return parts


def _line(name: str, line: list[Point], colour: str, height: float) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
    dots = [f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{colour}"/>' for x, y in line]
    return [
        f'  <path class="line" stroke="{colour}" d="M{path}"/>',
        *dots,
        f'  <path class="line" stroke="{colour}" d="M{line[-1][0] + 6:.1f} {line[-1][1]:.1f}'
        f'L{RIGHT + 24} {height:.1f}"/>',
        _text(RIGHT + 30, height + 4, name, "start"),
    ]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'  <text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
