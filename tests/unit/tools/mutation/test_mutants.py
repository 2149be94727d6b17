# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later
"""The mutants of a file: one small change each, none that no test could notice."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from tools.mutation.equivalent import equivalent_reasons
from tools.mutation.mutants import mutants

ROOT = Path(__file__).parents[4]


def changes(source: str) -> list[str]:
    """Return the changed lines of all mutants, each of which must be a whole file."""
    found = list(mutants("plugins/a/b.py", source))
    for mutant in found:
        expected = ast.unparse(ast.parse(source)).replace(mutant.before, mutant.after, 1)
        assert ast.unparse(ast.parse(mutant.source())) == expected
    return [mutant.after for mutant in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("f(a < b <= c)", ["pass", "f(a <= b <= c)", "f(a < b < c)"]),
        ("f(a is None)", ["pass", "f(a is not None)"]),
        ("f(a not in b)", ["pass", "f(a in b)"]),
        ("f(a and b)", ["pass", "f(a or b)"]),
        ("f(not a)", ["pass", "f(a)"]),
        ("f(a + b)", ["pass", "f(a - b)"]),
        ("f('a' + b)", ["pass", "f('XXaXX' + b)"]),
        ("f(a, b=c)", ["pass", "f(a)"]),
        (
            "f(1, 'a', True, None)",
            [
                "pass",
                "f(2, 'a', True, None)",
                "f(1, 'XXaXX', True, None)",
                "f(1, 'a', False, None)",
            ],
        ),
        ("f(b'a')", ["pass", "f(b'XXaXX')"]),
        ("f(f'a{b}')", ["pass", "f(f'XXaXX{b}')"]),
        ("a = f()", ["a = None"]),
        ("a += b", ["a -= b"]),
        ("raise a", ["pass"]),
        ("return a", ["return None"]),
        ("return None", []),
        ("yield a", []),
        ("'documentation'", []),
        ("a: int = b", []),
        ("import a", []),
    ],
)
def test_changes_of_a_line(line: str, expected: list[str]) -> None:
    assert changes(f"def g():\n    {line}\n") == expected


@pytest.mark.parametrize(
    ("block", "expected"),
    [
        ("if a:\n    b = f()", ["if not a:", "b = None"]),
        ("if a == b:\n    pass", ["if a != b:"]),
        ("while a:\n    break", ["while not a:", "continue"]),
        ("a = [b for b in c if b]", ["a = None", "a = [b for b in c if not b]"]),
        ("a = b if c else d", ["a = None", "a = b if not c else d"]),
        ("def f(a: 'b' = 1) -> 'c':\n    pass", ["def f(a: 'b'=2) -> 'c':"]),
        ("@f(1)\nclass A:\n    b = 1", ["b = 2"]),
    ],
)
def test_changes_of_a_block(block: str, expected: list[str]) -> None:
    assert changes(f"{block}\n") == expected


@pytest.mark.parametrize(
    "source",
    [
        'DOCUMENTATION = "a"',
        '__all__ = ("a",)',
        "if TYPE_CHECKING:\n    a = f(1)",
        'if __name__ == "__main__":\n    main()',
        'E = TypeVar("E", bound=f(1))',
        'Kind = Literal["a", "b"]',
    ],
)
def test_what_is_not_changed(source: str) -> None:
    assert [each for each in changes(source) if each not in ("E = None", "Kind = None")] == []


def test_place_of_a_change() -> None:
    source = (
        "class A:\n    def b(self):\n        return f(\n            1,\n            2,\n        )\n"
    )
    places = {
        mutant.after: (mutant.room, mutant.scope, mutant.first_line, mutant.last_line)
        for mutant in mutants("plugins/a/b.py", source)
    }
    assert places == {
        "return None": ("plugins/a", "A.b", 3, 3),
        "return f(2, 2)": ("plugins/a", "A.b", 4, 4),
        "return f(1, 3)": ("plugins/a", "A.b", 5, 5),
    }


def test_long_lines_are_shown_around_the_change() -> None:
    source = f"a = ({'b, ' * 100}'c', {'d, ' * 100})\n"
    (mutant,) = (each for each in mutants("a.py", source) if "XX" in each.after)
    assert len(mutant.before) < 120
    assert mutant.after == mutant.before.replace("'c'", "'XXcXX'")
    assert mutant.diff == f"  - {mutant.before}\n  + {mutant.after}"


def test_equivalent_mutants_still_exist() -> None:
    reasons = equivalent_reasons()
    keys = {
        mutant.key
        for path in {key[0] for key in reasons}
        for mutant in mutants(path, (ROOT / path).read_text(encoding="utf-8"))
    }
    assert [key for key in reasons if key not in keys] == []
    assert [key for key, reason in reasons.items() if not reason.endswith(".")] == []
