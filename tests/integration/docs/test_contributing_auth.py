# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The guide to new authentication methods: its example class, and the paths in it."""

from __future__ import annotations

import re
from typing import Any

from requests import Request

from ansible_collections.keyfactor.command.plugins.module_utils._http.transport import Response
from tests.integration.support.ansible import ROOT
from tests.integration.support.pages import Page

PAGE = Page(ROOT / "docs" / "contributing-auth.md")
PACKAGE = "ansible_collections.keyfactor.command.plugins.module_utils._auth"
URL = "https://command.example.com/login"


class Login:
    """A transport that issues numbered tokens, and records the forms that it receives."""

    def __init__(self) -> None:
        self.forms: list[Any] = []

    def send(self, method: str, url: str, *, form: Any) -> Response:
        assert (method, url) == ("POST", URL)
        self.forms.append(form)
        return Response(url, 200, {}, f"token-{len(self.forms)}".encode())


def session(login: Login) -> Any:
    """Return an instance of the example class."""
    namespace: dict[str, Any] = {"__name__": f"{PACKAGE}.session", "__package__": PACKAGE}
    exec(compile(PAGE.files["session.py"], "session.py", "exec"), namespace)
    return namespace["Session"]("key-4711", URL, login)


def authorization(auth: Any) -> str:
    """Return the header Authorization of a request."""
    request = Request("GET", "https://command.example.com/SMTP", auth=auth).prepare()
    return str(request.headers["Authorization"])


def test_gets_new_token_after_401() -> None:
    login = Login()
    auth = session(login)
    flow = auth.flow()
    assert authorization(next(flow)) == "Session token-1"
    assert authorization(flow.send(Response(URL, 401, {}, b""))) == "Session token-2"
    assert login.forms == [{"api_key": "key-4711"}] * 2
    assert auth.secrets == ("key-4711", "token-2")
    assert list(flow) == []


def test_sends_request_once_if_token_is_accepted() -> None:
    login = Login()
    flow = session(login).flow()
    next(flow)
    try:
        flow.send(Response(URL, 200, {}, b""))
    except StopIteration:
        assert len(login.forms) == 1
    else:
        raise AssertionError("The request would be sent twice.")


def test_named_paths_exist() -> None:
    text = PAGE.text.replace("`module_utils/", "`plugins/module_utils/")
    paths = re.findall(r"`((?:plugins|tests|extensions|changelogs)/[\w./-]+)`", text)
    assert len(paths) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []
