# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Update the documentation of the connection's options, or check that it is up to date.

    python -m tools.generate           update the files
    python -m tools.generate --check   fail with a diff if a file is out of date

Definitions come from plugins/module_utils/_config/options.py, descriptions from
plugins/doc_fragments/connection.py. This tool adds to each option of the fragment the last line of
its description, type, elements, choices and aliases. Both files provide the table in
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
from typing import Any

import yaml

from tools import sources

# make tree links the checkout there under the name of the collection.
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
DESCRIPTION = re.compile(r"^      - .*\n(?:        .*\n)*", re.M)
GENERATED_LINE = re.compile(
    r"      - (?:Defaults to V\(|Environment variable E\(|Config file key C\()"
)
# Keys that options.py defines. Others, such as version_added, are kept.
GENERATED_KEYS = ("type", "elements", "choices", "aliases", "default", "required")

BEGIN = "<!-- This table is written by: make generate -->\n\n"
END = "\n<!-- End of the table -->"
HEAD = ("option", "default", "environment variable", "config file key", "description")


class GenerateError(Exception):
    """A file cannot be updated; the message says how to fix it."""


def default_text(option: Option) -> str:
    """Return the default as a user would write it, or an empty string."""
    for choice in option.spec.get("choices", ()):
        if option.convert(choice) == option.default:
            return str(choice)
    if option.default is None or option.default == ():
        return ""
    if isinstance(option.default, bool):
        return str(option.default).lower()
    return f"{option.default:g}" if isinstance(option.default, float) else str(option.default)


def is_negated(option: Option) -> bool:
    """Return whether environment variable and config file key mean the opposite of the option."""
    names = {*option.environment_variables, *option.config_keys}
    if names & NEGATED_NAMES and not names <= NEGATED_NAMES:
        raise GenerateError(
            f"{FACTS}: either all or none of the names of {option.name} are negated."
        )
    return bool(names & NEGATED_NAMES)


def split_variables(option: Option) -> tuple[list[str], list[str]]:
    """Return the general and the Kerberos-only environment variables of the option."""
    names = option.environment_variables
    kerberos = [name for name in names if name in KERBEROS_ONLY_VARIABLES]
    return [name for name in names if name not in kerberos], kerberos


def facts(option: Option) -> str:
    """Return the last line of the option's description."""
    sentences = []
    if default := default_text(option):
        sentences.append(f"Defaults to V({default}).")
    general, kerberos = split_variables(option)
    if general:
        variables = ", then ".join(f"E({name})" for name in general)
        kerberos_only = f"; for Kerberos only E({kerberos[0]})" if kerberos else ""
        sentences.append(f"Environment variable {variables}{kerberos_only}.")
    if option.config_keys:
        keys = ", then ".join(f"C({key})" for key in option.config_keys)
        sentences.append(f"Config file key {keys}.")
    if is_negated(option):
        sentences.append("In the environment and in the config file the meaning is the opposite.")
    return " ".join(sentences)


def wrap(text: str) -> str:
    return textwrap.fill(
        text,
        100,
        initial_indent="      - ",
        subsequent_indent="        ",
        break_long_words=False,
        break_on_hyphens=False,
    )


def flow(value: object) -> str:
    """Return the value as YAML on one line."""
    return yaml.safe_dump(value, default_flow_style=True, width=1000).removesuffix("...\n").strip()


def render_option(option: Option, block: str) -> str:
    """Return an option of the fragment with its description and the keys from options.py."""
    described = [item for item in DESCRIPTION.findall(block) if not GENERATED_LINE.match(item)]
    if not block.startswith("    description:\n") or not described:
        raise GenerateError(f"{FRAGMENT}: {option.name} needs a list of sentences as description.")
    others = [
        f"    {key}: {value}\n"
        for key, value in re.findall(r"^    (\w+): (.*)\n", block, re.M)
        if key not in GENERATED_KEYS
    ]
    specified = [
        f"    {key}: {flow(option.spec[key])}\n" for key in GENERATED_KEYS if key in option.spec
    ]
    head = f"  {option.name}:\n    description:\n"
    return "".join([head, *described, f"{wrap(facts(option))}\n", *others, *specified])


def update_fragment(text: str, options: Sequence[Option]) -> str:
    """Return the doc fragment with these options, in their order."""
    section = OPTIONS_OF_FRAGMENT.search(text)
    if not section:
        raise GenerateError(f"{FRAGMENT}: there are no options.")
    _start, *parts = re.split(r"^  (\w+):\n", section.group(), flags=re.M)
    blocks = dict(zip(parts[::2], parts[1::2], strict=True))
    names = [option.name for option in options]
    require_same_names(names, blocks)
    rendered = "".join(render_option(option, blocks[option.name]) for option in options)
    return text[: section.start()] + rendered + text[section.end() :]


def require_same_names(names: Iterable[str], documented: Iterable[str]) -> None:
    missing = [name for name in names if name not in set(documented)]
    if missing:
        raise GenerateError(f"{FRAGMENT}: describe the option {', '.join(missing)}.")
    unknown = [name for name in documented if name not in set(names)]
    if unknown:
        raise GenerateError(
            f"{FRAGMENT}: remove the option {', '.join(unknown)}, which is not in {FACTS}."
        )


def descriptions(fragment: str) -> dict[str, list[str]]:
    """Return the description of each option in the fragment."""
    section = OPTIONS_OF_FRAGMENT.search(fragment)
    options: dict[str, Any] = yaml.safe_load(section.group()) if section else {}
    for name, option in options.items():
        if not all(isinstance(item, str) for item in option["description"]):
            raise GenerateError(f"{FRAGMENT}: quote the description of {name}, YAML misreads it.")
    return {name: option["description"] for name, option in options.items()}


def first_sentence(text: str) -> str:
    """Return the first sentence as Markdown, without its period."""
    sentence = re.split(r"\.(?:\s|$)", text, maxsplit=1)[0]
    markup = re.compile(r"\b[CEMOV]\(((?:[^\\)]|\\.)+)\)")
    return markup.sub(lambda match: "`" + re.sub(r"\\(.)", r"\1", match[1]) + "`", sentence)


def code(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names)


def table_row(option: Option, description: Sequence[str]) -> tuple[str, ...]:
    general, kerberos = split_variables(option)
    return (
        code([option.name]),
        code(filter(None, [default_text(option)])),
        code(general)
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
    described = descriptions(fragment)
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
    """Return a diff between the files and the generated content."""
    lines: list[str] = []
    for path, content in generated.items():
        current = (root / path).read_text(encoding="utf-8").splitlines(keepends=True)
        names = (f"{path} (current)", f"{path} (generated)")
        lines += difflib.unified_diff(current, content.splitlines(keepends=True), *names)
    return "".join(lines)


def main(arguments: Sequence[str] | None = None, root: Path = sources.ROOT) -> None:
    parser = argparse.ArgumentParser(prog="python -m tools.generate")
    parser.add_argument(
        "--check", action="store_true", help="only check whether the files are up to date"
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
