# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: smtp_report
short_description: Write a report on SMTP profiles
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Writes a report of the role P(keyfactor.command.verify_smtp#role), which uses this module itself,
    to files on the controller, whatever the host of the task is.
  - If one of the files cannot be written, all existing files are kept.
  - Also writes the files in check mode. Always returns C(changed=false), as a report is not a change.
extends_documentation_fragment:
  - keyfactor.command.attributes
options:
  report:
    description: The report. C(docs/report.schema.json) is its JSON Schema.
    type: dict
    required: true
    suboptions:
      schema_version: {description: The version of the schema., type: str, required: true}
      generated_at: {description: When the report was generated (UTC)., type: str, required: true}
      collection_version: {description: The collection's version., type: str, required: true}
      summary: {description: Environments in total and by verdict., type: dict, required: true}
      environments:
        description: The environments with their verdicts and findings.
        type: list
        elements: dict
        required: true
  directory:
    description: The directory for the files, created if missing. A relative path starts at the
      directory in which C(ansible-playbook) was started.
    type: path
    required: true
  formats:
    description:
      - The formats to write. Each format is one file.
      - V(json) writes C(report.json), for programs.
      - V(html) writes C(report.html), a self-contained HTML page.
      - V(junit) writes C(report.xml), which pipelines display as test results.
      - V(markdown) writes C(report.md), for the summary of a job.
    type: list
    elements: str
    choices: [json, html, junit, markdown]
    default: [json, html, junit, markdown]
"""

EXAMPLES = r"""
- name: Write the report of the role to another directory
  keyfactor.command.smtp_report:
    report: "{{ verify_smtp_report }}"
    directory: mail
    formats: [html]
  run_once: true
"""

RETURN = r"""
files:
  description: The paths of the files.
  returned: success
  type: list
  elements: path
  sample: [/srv/smtp/report/report.json]
"""

# The work is done by the action plugin of the same name.
