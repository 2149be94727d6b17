# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""List the mutants of a source file: copies of it, each with one small change."""

from __future__ import annotations

import ast
import copy
import hashlib
from collections.abc import Iterator
from dataclasses import dataclass, field

# Documentation, and what no test can notice at run time.
SKIPPED_NAMES = {"DOCUMENTATION", "EXAMPLES", "RETURN", "__all__"}
SKIPPED_FIELDS = {"annotation", "returns", "decorator_list", "type_comment"}
SKIPPED_CALLS = {"TypeVar", "cast"}
COMPARISONS: dict[type[ast.cmpop], type[ast.cmpop]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
}
OPERATORS: dict[type[ast.operator], type[ast.operator]] = {
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.Div: ast.Mult,
    ast.FloorDiv: ast.Mult,
    ast.Mod: ast.FloorDiv,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
# Lines of the shown change are cut to this many characters around it.
CONTEXT = 50
MAX_LINE = 120


@dataclass(frozen=True)
class Mutant:
    """A change of one node.

    C(before) and C(after) are the changed line as ast.unparse writes it, or the part around the
    change. C(source) is written only when it is asked for, as a file has hundreds of mutants.
    """

    path: str
    digest: str
    scope: str
    first_line: int
    last_line: int
    before: str
    after: str
    _change: _Change = field(repr=False)

    @property
    def room(self) -> str:
        """Return the directory of the file."""
        return self.path.rpartition("/")[0]

    @property
    def key(self) -> tuple[str, str, str, str]:
        """Return what the list of equivalent mutants names."""
        # Versions of Python write other quotes.
        before, after = (line.replace('"', "'") for line in (self.before, self.after))
        return self.path, self.scope, before, after

    @property
    def diff(self) -> str:
        """Return the change as two lines."""
        return f"  - {self.before}\n  + {self.after}"

    def source(self) -> str:
        """Return the whole changed file."""
        with self._change:
            return ast.unparse(self._change.tree) + "\n"


@dataclass
class _Change:
    """Replaces a node of a tree for as long as the context lasts."""

    tree: ast.Module
    parent: ast.AST
    name: str
    index: int | None
    new: ast.AST | None

    def __enter__(self) -> None:
        self._old = getattr(self.parent, self.name)
        value: object = self.new
        if self.index is not None:
            value = [*self._old]
            value[self.index : self.index + 1] = [] if self.new is None else [self.new]
        setattr(self.parent, self.name, value)

    def __exit__(self, *_error: object) -> None:
        setattr(self.parent, self.name, self._old)


@dataclass(frozen=True)
class _Place:
    """Where the walk through a tree is."""

    scope: str
    statement: ast.stmt
    parent: ast.AST
    name: str
    index: int | None


def mutants(path: str, source: str) -> Iterator[Mutant]:
    """Yield the mutants of a file. The order depends on the source alone."""
    tree = ast.parse(source)
    digest = hashlib.sha256(source.encode()).hexdigest()
    for node, place in _walk(tree, "", None):
        for new in _replacements(node, place):
            change = _Change(tree, place.parent, place.name, place.index, new)
            old_lines = ast.unparse(place.statement).splitlines()
            statement = place.statement
            with change:
                whole = place.parent is not statement and isinstance(node, ast.stmt)
                changed = new if whole and new else statement
                new_lines = ast.unparse(changed).splitlines()
            before, after = _difference(old_lines, new_lines)
            first = node if hasattr(node, "lineno") else statement
            last_line = getattr(first, "end_lineno", statement.lineno)
            if isinstance(node, ast.stmt):
                last_line = first.lineno
            yield Mutant(path, digest, place.scope, first.lineno, last_line, before, after, change)


def _walk(
    node: ast.AST, scope: str, statement: ast.stmt | None
) -> Iterator[tuple[ast.AST, _Place]]:
    for name, value in ast.iter_fields(node):
        if name in SKIPPED_FIELDS:
            continue
        children = value if isinstance(value, list) else [value]
        for number, child in enumerate(children):
            if not isinstance(child, ast.AST) or _is_skipped(child, node, name, number):
                continue
            inside = child if isinstance(child, ast.stmt) else statement
            if inside is None:
                continue
            index = number if isinstance(value, list) else None
            yield child, _Place(scope, inside, node, name, index)
            named = isinstance(child, (ast.FunctionDef, ast.ClassDef))
            inner = f"{scope}.{child.name}".lstrip(".") if named else scope  # type: ignore[attr-defined]
            yield from _walk(child, inner, inside)


def _is_skipped(node: ast.AST, parent: ast.AST, name: str, number: int) -> bool:
    """Tell whether a node is documentation, or about types alone."""
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
        return True  # a docstring
    if isinstance(node, (ast.Assign, ast.AnnAssign)):
        targets = node.targets if isinstance(node, ast.Assign) else [node.target]
        return any(isinstance(each, ast.Name) and each.id in SKIPPED_NAMES for each in targets)
    if isinstance(node, ast.If):
        return ast.unparse(node.test) in ("TYPE_CHECKING", "__name__ == '__main__'")
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Name) and node.func.id in SKIPPED_CALLS
    if isinstance(node, ast.Subscript):
        return ast.unparse(node.value) == "Literal"
    return isinstance(node, (ast.Import, ast.ImportFrom))


def _replacements(node: ast.AST, place: _Place) -> Iterator[ast.AST | None]:
    """Yield what a node may be replaced with, None to remove it from a list."""
    if isinstance(node, ast.Compare):
        for number, operator in enumerate(node.ops):
            changed = copy.copy(node)
            changed.ops = [*node.ops]
            changed.ops[number] = COMPARISONS[type(operator)]()
            yield changed
    elif isinstance(node, ast.BoolOp):
        yield ast.BoolOp(ast.Or() if isinstance(node.op, ast.And) else ast.And(), node.values)
    elif isinstance(node, ast.UnaryOp):
        yield node.operand
    elif isinstance(node, (ast.BinOp, ast.AugAssign)):
        if type(node.op) in OPERATORS and not _has_text(node):
            operation = copy.copy(node)
            operation.op = OPERATORS[type(node.op)]()
            yield operation
    elif isinstance(node, ast.Constant):
        yield from _other_constants(node)
    elif isinstance(node, (ast.Continue, ast.Break)):
        yield ast.Break() if isinstance(node, ast.Continue) else ast.Continue()
    elif isinstance(node, ast.Return):
        if node.value and ast.unparse(node.value) != "None":
            yield ast.Return(ast.Constant(None))
    elif isinstance(node, ast.Assign):
        if not isinstance(node.value, ast.Constant):
            yield ast.Assign(node.targets, ast.Constant(None), lineno=node.lineno)
    elif isinstance(node, ast.Raise) or (
        isinstance(node, ast.Expr) and not isinstance(node.value, (ast.Yield, ast.Constant))
    ):
        yield ast.Pass()
    elif isinstance(node, ast.keyword) and node.arg:
        yield None
    if place.name in ("test", "ifs") and isinstance(
        node, (ast.Name, ast.Attribute, ast.Call, ast.Subscript, ast.NamedExpr)
    ):
        yield ast.UnaryOp(ast.Not(), node)


def _has_text(node: ast.BinOp | ast.AugAssign) -> bool:
    """Tell whether an operand is text or a list, for which no other operator would work."""
    texts = (ast.JoinedStr, ast.List, ast.ListComp, ast.Tuple)
    operands = (node.left, node.right) if isinstance(node, ast.BinOp) else (node.value,)
    return any(
        isinstance(each, texts) or (isinstance(each, ast.Constant) and isinstance(each.value, str))
        for each in operands
    )


def _other_constants(node: ast.Constant) -> Iterator[ast.Constant]:
    value = node.value
    if isinstance(value, bool):
        yield ast.Constant(not value)
    elif isinstance(value, (int, float)):
        yield ast.Constant(value + 1)
    elif isinstance(value, str):
        yield ast.Constant(f"XX{value}XX")
    elif isinstance(value, bytes):
        yield ast.Constant(b"XX" + value + b"XX")


def _difference(old: list[str], new: list[str]) -> tuple[str, str]:
    """Return the changed lines, or the parts around the change of long ones."""
    while old and new and old[0] == new[0]:
        old, new = old[1:], new[1:]
    while old and new and old[-1] == new[-1]:
        old, new = old[:-1], new[:-1]
    before, after = (" ".join(line.strip() for line in lines) for lines in (old, new))
    if max(len(before), len(after)) <= MAX_LINE:
        return before, after
    pairs = list(zip(before, after, strict=False))
    start = next((n for n, (a, b) in enumerate(pairs) if a != b), len(pairs))
    rest = list(zip(reversed(before[start:]), reversed(after[start:]), strict=False))
    end = next((n for n, (a, b) in enumerate(rest) if a != b), len(rest))
    first = max(0, start - CONTEXT)
    return tuple(  # type: ignore[return-value]
        line[first : min(len(line), len(line) - end + CONTEXT)] for line in (before, after)
    )
