# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""Messages of the module, in terms of the role."""

from __future__ import annotations

import pytest

from ansible_collections.keyfactor.command.plugins.plugin_utils._report.role_options import (
    name_role_options,
)


@pytest.mark.parametrize(
    ("message", "named"),
    [
        (
            "give profile.relay_password or profile.relay_password_pam.",
            "give verify_smtp_secrets.relay_password or verify_smtp_secrets.relay_password_pam.",
        ),
        ("in profile.request_headers", "in verify_smtp_secrets.request_headers"),
        ("profile.port must be", "verify_smtp_expected.port must be"),
        ("profile.relay_username, or", "verify_smtp_expected.relay_username, or"),
        ("update_secrets is always", "verify_smtp_update_secrets is always"),
        ("The value of test_recipient", "The value of verify_smtp_test_recipient"),
        ("verify_smtp_test_recipient, the profile.", "verify_smtp_test_recipient, the profile."),
        ("include: port, test_recipient, url", "include: port, test_recipient, url"),
        ("my_profile.port, the_update_secrets", "my_profile.port, the_update_secrets"),
    ],
)
def test_names(message: str, named: str) -> None:
    assert name_role_options(message) == named
