# SPDX-FileCopyrightText: keyfactor.command contributors
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r"""
module: smtp_report
short_description: Write or show a report on SMTP profiles
version_added: 1.0.0
author: keyfactor.command contributors (@keyfactor-command)
description:
  - Writes a report of the role P(keyfactor.command.verify_smtp#role), which uses this module itself,
    to files on the controller, whatever the host of the task is, or shows it as a table.
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
      directory in which C(ansible-playbook) was started. If omitted, no files are written.
    type: path
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
  show:
    description:
      - Whether to show the report as a table on the terminal, in colors if Ansible uses colors.
      - Callback plugins for JSON show nothing else on the terminal, so they show only the result.
    type: bool
    default: false
  files:
    description: Files of the report that an earlier task wrote, to name them below the table.
    type: list
    elements: path
    default: []
"""

EXAMPLES = r"""
- name: Write the report of the role to another directory
  keyfactor.command.smtp_report:
    report: "{{ verify_smtp_report }}"
    directory: mail
    formats: [html]
  run_once: true

- name: Show the report once more
  keyfactor.command.smtp_report:
    report: "{{ verify_smtp_report }}"
    show: true
  run_once: true
"""

RETURN = r"""
files:
  description: The paths of the files.
  returned: success, if O(directory) is set
  type: list
  elements: path
  sample: [/srv/smtp/report/report.json]
table:
  description: The lines of the table.
  returned: success, if O(show=true)
  type: list
  elements: str
  sample: [ENVIRONMENT  VERDICT        WHAT DIFFERS, production   compliant      '-', '',
    '1 environment: 1 compliant, 0 drifted, 0 indeterminate']
"""

# The work is done by the action plugin of the same name.
