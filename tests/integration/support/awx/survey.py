# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The rules of AWX for surveys: what a survey may ask, which answers it accepts, and what a job
gets in the end.
"""

from __future__ import annotations

import json
from typing import Any

Item = dict[str, Any]
# The types of questions, with the type of their default.
QUESTIONS: dict[str, Any] = {
    "text": str,
    "textarea": str,
    "password": str,
    "multiplechoice": str,
    "multiselect": str,
    "integer": int,
    "float": (int, float),
}
_LABELS = {str: "string", bool: "boolean", list: "list of items"}


def check_survey(survey: Item) -> Item | None:
    """Return the error of AWX about the definition of a survey, if it has one."""
    for name, kind in (("name", str), ("description", str), ("spec", list)):
        if name not in survey:
            return {"error": f"Field '{name}' is missing from survey spec."}
        if not isinstance(survey[name], kind):
            return {"error": f"Expected {_LABELS[kind]} for field '{name}'."}
    if not survey["spec"]:
        return {"error": "'spec' doesn't contain any items."}
    variables: set[str] = set()
    for index, question in enumerate(survey["spec"]):
        if error := _check_question(index, question):
            return {"error": error}
        if question["variable"] in variables:
            return {
                "error": f"'variable' '{question['variable']}' duplicated in survey question {index}."
            }
        variables.add(question["variable"])
    return None


def _check_question(index: int, question: Item) -> str | None:
    for name in ("type", "question_name", "variable", "required"):
        if name not in question:
            return f"'{name}' missing from survey question {index}"
        kind = bool if name == "required" else str
        if not isinstance(question[name], kind):
            return f"'{name}' in survey question {index} expected to be {_LABELS[kind]}."
    if question["type"] not in QUESTIONS:
        return f"'{question['type']}' in survey question {index} is not an allowed question type."
    default = question.get("default", "")
    if default != "" and not isinstance(default, QUESTIONS[question["type"]]):
        return f"Default value {default} in survey question {index} has the wrong type."
    if not question["type"].startswith("multi"):
        return None
    if "choices" not in question:
        return f"Survey question {index} of type {question['type']} must specify choices."
    defaults = [line for line in default.splitlines() if line.strip()]
    if question["type"] == "multiplechoice" and len(defaults) > 1:
        return "Multiple Choice (Single Select) can only have one default value."
    if any(line not in question["choices"] for line in defaults):
        return "Default choice must be answered from the choices listed."
    return None


def check_answer(question: Item, answers: Item, *, complete: bool = True) -> str | None:
    """Return the error of AWX about the answer to a question.

    :param complete: whether an answer to a required question must be there. Its default does not
        count.
    """
    name = question["variable"]
    if name not in answers:
        return f"'{name}' value missing" if complete and question["required"] else None
    value, kind = answers[name], question["type"]
    choices = question.get("choices", [])
    if isinstance(choices, str):
        choices = [line for line in choices.splitlines() if line.strip()]
    if kind == "multiselect":
        if not isinstance(value, list):
            return f"'{name}' value is expected to be a list."
        wrong = [choice for choice in value if choice not in choices]
        return f"Value {wrong[0]} for '{name}' expected to be one of {choices}." if wrong else None
    if kind == "multiplechoice":
        if value not in choices:
            return f"Value {value} for '{name}' expected to be one of {choices}."
        return None
    if kind in ("text", "textarea", "password") and not isinstance(value, str):
        return f"Value {value} for '{name}' expected to be a string."
    # In Python, true is an integer too.
    is_number = isinstance(value, (int, float)) and not isinstance(value, bool)
    if kind == "integer" and not (is_number and isinstance(value, int)):
        return f"Value {value} for '{name}' expected to be an integer."
    if kind == "float" and not is_number:
        return f"Value {value} for '{name}' expected to be a numeric type."
    return None


class Prompts:
    """What a job template accepts when it is launched, scheduled, or part of a workflow."""

    def __init__(self, template: Item, survey: Item) -> None:
        self._template = template
        self._questions: list[Item] = survey.get("spec", []) if template["survey_enabled"] else []
        self._own = json.loads(template["extra_vars"] or "{}")

    def accept(self, prompted: Item, *, complete: bool = True) -> tuple[Item, Item, Item]:
        """Return the variables that are accepted, those that are ignored, and the errors.

        :param prompted: C(extra_data) and C(limit), as a schedule or a node stores them.
        """
        left = dict(prompted.get("extra_data") or {})
        accepted: Item = {}
        ignored: Item = {}
        errors: Item = {}
        for question in self._questions:
            name = question["variable"]
            error = check_answer(question, prompted.get("extra_data") or {}, complete=complete)
            if error:
                errors.setdefault("variables_needed_to_start", []).append(error)
            if name in left:
                (ignored if error else accepted)[name] = left.pop(name)
        if self._template["ask_variables_on_launch"]:
            accepted |= left
        else:
            left = {name: value for name, value in left.items() if self._own.get(name) != value}
            ignored |= left
            if left:
                errors["extra_data"] = [
                    f"Variables {', '.join(left)} are not allowed on launch. Check the Prompt on"
                    " Launch setting on the Job Template to include Extra Variables."
                ]
        limit = prompted.get("limit")
        own = (None, self._template["limit"])
        if limit not in own and not self._template["ask_limit_on_launch"]:
            ignored["limit"] = limit
            errors["limit"] = "Field is not configured to prompt on launch."
        return accepted, ignored, errors

    def variables(self, accepted: Item) -> Item:
        """Return the extra variables of a job: those of the template, valid defaults, answers."""
        defaults = {
            question["variable"]: question["default"]
            for question in self._questions
            if "default" in question
            and not check_answer(question, {question["variable"]: question["default"]})
        }
        return {**self._own, **defaults, **accepted}
