# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations


class ModuleDocFragment:
    """What modules can do. DOCUMENTATION is that of modules that only read."""

    DOCUMENTATION = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return the same as without it.
    support: full
  diff_mode:
    description: Returns what has changed, or would change, when in diff mode.
    support: none
    details: The module changes nothing.
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    WRITE = r"""
attributes:
  check_mode:
    description: Can run in C(check_mode) and return what would change, without changing anything.
    support: full
  diff_mode:
    description: Returns what has changed, or would change, when in diff mode.
    support: full
  platform:
    description: Where the module can run.
    support: full
    platforms: posix
"""

    ACTION_GROUP = r"""
attributes:
  action_group:
    description: Use C(group/keyfactor.command.command) in C(module_defaults) to set options.
    support: full
    membership: [keyfactor.command.command]
"""
