# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Plot the time per environment against the number of environments, as SVG with log scales."""

from __future__ import annotations

import math
from collections.abc import Sequence

from .contenders import BY_NAME
from .figures import Summary
from .plan import Series

WIDTH, HEIGHT = 760, 440
LEFT, RIGHT, TOP, BOTTOM = 70, 630, 50, 380
# Minimum distance between the labels at the right.
LABEL_HEIGHT = 17
# The colors contrast with light and dark backgrounds. Labels identify the lines without color.
COLORS = (
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

# The license header of the SVG file, not of this one. REUSE-IgnoreStart
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
    .background { fill: #ffffff }
    .grid { stroke: #d0d7de; stroke-width: 1 }
    .line { fill: none; stroke-width: 2.5 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .background { fill: #0d1117 }
      .grid { stroke: #30363d }
    }
  </style>"""


class Scale:
    """Map values to positions on a log scale."""

    def __init__(self, values: Sequence[float], start: float, end: float) -> None:
        self.low = math.floor(math.log10(min(values)) + 1e-9)
        self.high = max(math.ceil(math.log10(max(values)) - 1e-9), self.low + 1)
        self.start, self.end = start, end

    def __call__(self, value: float) -> float:
        fraction = (math.log10(value) - self.low) / (self.high - self.low)
        return self.start + fraction * (self.end - self.start)

    @property
    def ticks(self) -> list[float]:
        """The powers of ten."""
        return [float(f"1e{power}") for power in range(self.low, self.high + 1)]


def svg(summary: Summary) -> str:
    """Return the plot of all series without latency."""
    lines = {name: points for name in BY_NAME if (points := _points(summary, name))}
    if not lines:
        raise ValueError("There are no results to plot.")
    points = [point for line in lines.values() for point in line]
    x_scale = Scale([x for x, _y in points], LEFT, RIGHT)
    y_scale = Scale([y for _x, y in points], BOTTOM, TOP)
    positions = {name: [(x_scale(x), y_scale(y)) for x, y in line] for name, line in lines.items()}
    colors = dict(zip(BY_NAME, COLORS, strict=True))
    label_heights = spread({name: line[-1][1] for name, line in positions.items()})
    return "\n".join(
        [
            *HEAD,
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img">',
            "  <title>Milliseconds per environment against the number of environments</title>",
            STYLE,
            f'  <rect class="background" width="{WIDTH}" height="{HEIGHT}" rx="6"/>',
            *_grid(x_scale, y_scale),
            *(
                part
                for name, line in positions.items()
                for part in _line(name, line, colors[name], label_heights[name])
            ),
            "</svg>",
            "",
        ]
    )


def spread(heights: dict[str, float]) -> dict[str, float]:
    """Return the heights of the labels, adjusted so that they do not overlap."""
    adjusted: dict[str, float] = {}
    previous = -math.inf
    for name, height in sorted(heights.items(), key=lambda item: item[1]):
        previous = adjusted[name] = max(height, previous + LABEL_HEIGHT)
    return adjusted


def _points(summary: Summary, name: str) -> list[Point]:
    return [
        (size, figures.per_environment * 1000)
        for size in summary.sizes
        if (figures := summary.get(Series(0.0, size), name))
    ]


def _grid(x_scale: Scale, y_scale: Scale) -> list[str]:
    parts = [_text(16, 28, "milliseconds per environment", "start")]
    for value in y_scale.ticks:
        y = y_scale(value)
        parts.append(f'  <path class="grid" d="M{LEFT} {y:.1f}H{RIGHT}"/>')
        parts.append(_text(LEFT - 10, y + 4, f"{value:g}", "end"))
    for value in x_scale.ticks:
        x = x_scale(value)
        parts.append(f'  <path class="grid" d="M{x:.1f} {TOP}V{BOTTOM}"/>')
        parts.append(_text(x, BOTTOM + 22, f"{value:g}", "middle"))
    parts.append(_text((LEFT + RIGHT) / 2, BOTTOM + 45, "environments", "middle"))
    return parts


def _line(name: str, line: list[Point], color: str, label_height: float) -> list[str]:
    path = "L".join(f"{x:.1f} {y:.1f}" for x, y in line)
    dots = [f'  <circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{color}"/>' for x, y in line]
    return [
        f'  <path class="line" stroke="{color}" d="M{path}"/>',
        *dots,
        f'  <path class="line" stroke="{color}" d="M{line[-1][0] + 6:.1f} {line[-1][1]:.1f}'
        f'L{RIGHT + 24} {label_height:.1f}"/>',
        _text(RIGHT + 30, label_height + 4, name, "start"),
    ]


def _text(x: float, y: float, text: str, anchor: str) -> str:
    return f'  <text x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}">{text}</text>'
