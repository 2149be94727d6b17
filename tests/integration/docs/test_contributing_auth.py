# SPDX-FileCopyrightText: keyfactor.command contributors
# SPDX-License-Identifier: GPL-3.0-or-later

"""The page on ways to authenticate: its class is run, and the paths that it names exist."""

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
    """A transport that issues numbered tokens, and keeps what it was sent."""

    def __init__(self) -> None:
        self.forms: list[Any] = []

    def send(self, method: str, url: str, *, form: Any) -> Response:
        assert (method, url) == ("POST", URL)
        self.forms.append(form)
        return Response(url, 200, {}, f"token-{len(self.forms)}".encode())


def session(login: Login) -> Any:
    """Return an instance of the page's class."""
    names: dict[str, Any] = {"__name__": f"{PACKAGE}.session", "__package__": PACKAGE}
    exec(compile(PAGE.files["session.py"], "session.py", "exec"), names)
    return names["Session"]("key-4711", URL, login)


def signed(sign: Any) -> str:
    """Return the header with which a request is sent."""
    request = Request("GET", "https://command.example.com/SMTP", auth=sign).prepare()
    return str(request.headers["Authorization"])


def test_a_fresh_token_after_a_refusal() -> None:
    login = Login()
    auth = session(login)
    flow = auth.flow()
    assert signed(next(flow)) == "Session token-1"
    assert signed(flow.send(Response(URL, 401, {}, b""))) == "Session token-2"
    assert login.forms == [{"api_key": "key-4711"}] * 2
    assert auth.secrets == ("key-4711", "token-2")
    assert list(flow) == []


def test_one_token_is_enough_where_it_is_accepted() -> None:
    login = Login()
    flow = session(login).flow()
    next(flow)
    try:
        flow.send(Response(URL, 200, {}, b""))
    except StopIteration:
        assert len(login.forms) == 1
    else:
        raise AssertionError("The request would be sent again.")


def test_the_page_names_what_is_there() -> None:
    text = PAGE.text.replace("`module_utils/", "`plugins/module_utils/")
    paths = re.findall(r"`((?:plugins|tests|extensions|changelogs)/[\w./-]+)`", text)
    assert len(paths) > 8
    assert [path for path in paths if not (ROOT / path).exists()] == []
