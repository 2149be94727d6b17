# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Update the documentation of the connection's options, or check that it is up to date.

    python -m tools.generate           update the files
    python -m tools.generate --check   fail with a diff if a file is out of date

Definitions come from plugins/module_utils/_config/options.py, descriptions from
plugins/doc_fragments/connection.py. This tool adds to each option of the fragment the last
sentences of its description, type, elements, choices and aliases. Both files provide the table in
docs/connecting.md.
"""

from __future__ import annotations

import argparse
import difflib
import re
import sys
import textwrap
from collections.abc import Iterable, Sequence
from pathlib import Path

import yaml

from tools import sources

# Where make tree links the checkout to the name that it is imported by.
sys.path.append(str(sources.ROOT / "build" / "tree"))

from ansible_collections.keyfactor.command.plugins.module_utils._config.options import (
    KERBEROS_ONLY_VARIABLES,
    NEGATED_NAMES,
    OPTIONS,
    Option,
)

FACTS = Path("plugins/module_utils/_config/options.py")
FRAGMENT = Path("plugins/doc_fragments/connection.py")
PAGE = Path("docs/connecting.md")

OPTIONS_OF_FRAGMENT = re.compile(r"(?<=^options:\n).*?(?=^\w)", re.M | re.S)
GENERATED_SENTENCES = re.compile(
    r"(?:^|(?<=\. ))(?:Defaults to V\(|Environment variable E\(|Config file key C\().*"
)
# Keys of an option that options.py decides on. Others, such as version_added, are left as they are.
GENERATED_KEYS = ("type", "elements", "choices", "aliases", "default", "required")

BEGIN = "<!-- This table is written by: make generate -->\n\n"
END = "\n<!-- End of the table -->"
HEAD = ("option", "default", "environment variable", "config file key", "description")


class GenerateError(Exception):
    """A file cannot be updated; the message says what to change in it."""


def default_text(option: Option) -> str:
    """Return the default as a user would write it, or empty text."""
    for choice in option.spec.get("choices", ()):
        if option.convert(choice) == option.default:
            return str(choice)
    if option.default is None or option.default == ():
        return ""
    if isinstance(option.default, bool):
        return str(option.default).lower()
    return f"{option.default:g}" if isinstance(option.default, float) else str(option.default)


def is_negated(option: Option) -> bool:
    """Tell whether the option's names outside of Ansible have the opposite meaning."""
    names = {*option.environment_variables, *option.config_keys}
    if names & NEGATED_NAMES and not names <= NEGATED_NAMES:
        raise GenerateError(
            f"{FACTS}: either all or none of the names of {option.name} are negated."
        )
    return bool(names & NEGATED_NAMES)


def split_variables(option: Option) -> tuple[list[str], list[str]]:
    """Return the option's environment variables, those for Kerberos alone apart."""
    names = option.environment_variables
    apart = [name for name in names if name in KERBEROS_ONLY_VARIABLES]
    return [name for name in names if name not in apart], apart


def facts(option: Option) -> str:
    """Return the last sentences of the option's description.

    A config file key is named if it is not the option's name; the notes of the fragment say so.
    """
    sentences = []
    if default := default_text(option):
        sentences.append(f"Defaults to V({default}).")
    usual, kerberos = split_variables(option)
    if usual:
        variables = ", then ".join(f"E({name})" for name in usual)
        instead = f"; for Kerberos only E({kerberos[0]})" if kerberos else ""
        sentences.append(f"Environment variable {variables}{instead}.")
    if option.config_keys not in ((), (option.name,)):
        keys = ", then ".join(f"C({key})" for key in option.config_keys)
        sentences.append(f"Config file key {keys}.")
    if is_negated(option):
        sentences.append("In the environment and in the config file the meaning is the opposite.")
    return " ".join(sentences)


def wrap(text: str, indent: str, prefix: str) -> str:
    """Return YAML lines that begin with the prefix."""
    return textwrap.fill(
        text,
        100,
        initial_indent=indent + prefix,
        subsequent_indent=indent + "  ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def flow(value: object) -> str:
    """Return YAML on one line."""
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("...\n").strip()


def written(name: str, block: str) -> list[str]:
    """Return the paragraphs of an option's description that are not generated."""
    try:
        description = yaml.safe_load(block)["description"]
    except (yaml.YAMLError, KeyError):
        description = None
    paragraphs = [description] if isinstance(description, str) else description or []
    # Written without quotes, these would be YAML.
    if not all(isinstance(text, str) and not re.search(": | #", text) for text in paragraphs):
        paragraphs = []
    own = [GENERATED_SENTENCES.sub("", text).strip() for text in paragraphs]
    if not any(own):
        raise GenerateError(f"{FRAGMENT}: {name} needs a description, without ': ' and ' #'.")
    return list(filter(None, own))


def render_option(option: Option, block: str) -> str:
    """Return an option of the fragment: its own description with the facts of options.py."""
    paragraphs = written(option.name, block)
    if len(paragraphs) == 1:
        description = [wrap(f"{paragraphs[0]} {facts(option)}", "    ", "description: ")]
    else:
        items = [wrap(text, "      ", "- ") for text in (*paragraphs, facts(option))]
        description = ["    description:", *items]
    others = [
        f"    {key}: {value}"
        for key, value in re.findall(r"^    (\w+): (.*)\n", block, re.M)
        if key not in ("description", *GENERATED_KEYS)
    ]
    specified = [
        f"    {key}: {flow(option.spec[key])}" for key in GENERATED_KEYS if key in option.spec
    ]
    return "\n".join([f"  {option.name}:", *description, *others, *specified, ""])


def option_blocks(fragment: str) -> dict[str, str]:
    """Return the YAML of each option in the fragment."""
    options = OPTIONS_OF_FRAGMENT.search(fragment)
    if not options:
        raise GenerateError(f"{FRAGMENT}: there are no options.")
    _start, *parts = re.split(r"^  (\w+):\n", options.group(), flags=re.M)
    return dict(zip(parts[::2], parts[1::2], strict=True))


def update_fragment(text: str, options: Sequence[Option]) -> str:
    """Return the doc fragment with the facts of these options, and in their order."""
    blocks = option_blocks(text)
    require_same_names([option.name for option in options], blocks)
    rendered = "".join(render_option(option, blocks[option.name]) for option in options)
    return OPTIONS_OF_FRAGMENT.sub(lambda _options: rendered, text, count=1)


def require_same_names(names: Iterable[str], documented: Iterable[str]) -> None:
    missing = [name for name in names if name not in set(documented)]
    if missing:
        raise GenerateError(f"{FRAGMENT}: describe the option {', '.join(missing)}.")
    unknown = [name for name in documented if name not in set(names)]
    if unknown:
        raise GenerateError(
            f"{FRAGMENT}: remove the option {', '.join(unknown)}, which is not in {FACTS}."
        )


def first_sentence(text: str) -> str:
    """Return the first sentence as Markdown, without its period."""
    sentence = re.split(r"\.(?:\s|$)", text, maxsplit=1)[0]
    marked = re.compile(r"\b[CEMOV]\(((?:[^\\)]|\\.)+)\)")
    return marked.sub(lambda found: "`" + re.sub(r"\\(.)", r"\1", found[1]) + "`", sentence)


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table_row(option: Option, description: Sequence[str]) -> tuple[str, ...]:
    usual, kerberos = split_variables(option)
    return (
        code([option.name]),
        code(filter(None, [default_text(option)])),
        code(usual)
        + (f"; for Kerberos {code(kerberos)}" if kerberos else "")
        + (" (opposite)" if is_negated(option) else ""),
        code(option.config_keys) + (" (opposite)" if is_negated(option) else ""),
        first_sentence(description[0]),
    )


def update_page(text: str, fragment: str, options: Sequence[Option]) -> str:
    """Return the page with the table of these options."""
    before, begin, rest = text.partition(BEGIN)
    _table, end, after = rest.partition(END)
    if not end:
        raise GenerateError(f"{PAGE}: the comments around the table of options are missing.")
    described = {name: written(name, block) for name, block in option_blocks(fragment).items()}
    rows = [HEAD, ("---",) * len(HEAD)]
    rows += [table_row(option, described[option.name]) for option in options]
    table = "".join(re.sub(" +", " ", f"| {' | '.join(row)} |\n") for row in rows)
    return before + begin + table + end + after


def generate(root: Path, options: Sequence[Option] = OPTIONS) -> dict[Path, str]:
    """Return what each file should contain."""
    fragment = update_fragment((root / FRAGMENT).read_text(encoding="utf-8"), options)
    page = update_page((root / PAGE).read_text(encoding="utf-8"), fragment, options)
    return {FRAGMENT: fragment, PAGE: page}


def differences(root: Path, generated: dict[Path, str]) -> str:
    """Return how the files differ from what was generated, as a diff."""
    lines: list[str] = []
    for path, content in generated.items():
        current = (root / path).read_text(encoding="utf-8").splitlines(keepends=True)
        names = (f"{path} (current)", f"{path} (generated)")
        lines += difflib.unified_diff(current, content.splitlines(keepends=True), *names)
    return "".join(lines)


def main(arguments: Sequence[str] | None = None, root: Path = sources.ROOT) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.generate")
    parser.add_argument(
        "--check", action="store_true", help="only tell whether files are up to date"
    )
    check = parser.parse_args(arguments).check
    try:
        generated = generate(root)
    except GenerateError as error:
        sys.exit(str(error))
    changes = differences(root, generated)
    if check and changes:
        sys.exit(f"{changes}\nThe documentation does not match {FACTS}. Run: make generate")
    for path, content in generated.items():
        if not check:
            (root / path).write_text(content, encoding="utf-8")


if __name__ == "__main__":
    main()
