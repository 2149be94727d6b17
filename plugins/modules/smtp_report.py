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
  - Writes a report of P(keyfactor.command.smtp_report#filter) to files on the controller, whatever
    host the task is for. The role P(keyfactor.command.verify_smtp#role) does so by itself.
  - Each file is replaced as a whole. If one cannot be written, all stay as they were.
  - It does the same in check mode, and never reports a change. A report is evidence.
extends_documentation_fragment:
  - keyfactor.command.attributes
options:
  report:
    description: The report, in the shape that C(docs/report.schema.json) describes.
    type: dict
    required: true
    suboptions:
      schema_version:
        description: The version of its shape.
        type: str
        required: true
      generated_at:
        description: When it was made, in UTC.
        type: str
        required: true
      collection_version:
        description: The version of the collection that made it.
        type: str
        required: true
      summary:
        description: How many environments there are, and how many of each verdict.
        type: dict
        required: true
      environments:
        description: The environments with their verdicts and findings.
        type: list
        elements: dict
        required: true
  directory:
    description:
      - Where the files go. It is made if it does not exist.
      - A relative path starts where C(ansible-playbook) was started.
    type: path
    required: true
  formats:
    description:
      - The formats, each a file. V(json) is C(report.json), from which the others are made.
      - V(html) is C(report.html), one page that needs nothing else.
      - V(junit) is C(report.xml), which pipelines show as they show tests.
      - V(markdown) is C(report.md), for the summary of a job.
    type: list
    elements: str
    choices: [json, html, junit, markdown]
    default: [json, html, junit, markdown]
"""

EXAMPLES = r"""
- name: Write the report of the role once more, for a mail
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
  sample:
    - /srv/smtp/report/report.json
"""

# The work is done by the action plugin of the same name.
