"""Proving anew who one is: from an act that asks for it to one's own provider, and back to the very same page."""

import logging
from typing import cast

from flask import Flask, current_app, request, session, url_for
from werkzeug.wrappers import Response as BaseResponse

from portal.auth.gate import page_of_form
from portal.auth.keys import ProviderUnreachable
from portal.auth.oidc import Provider
from portal.auth.session import PROVIDER, remember_begun
from portal.domain.error import StepUpNeeded
from portal.web import current
from portal.web.errors import error_page
from portal.web.render import go, wants_json
from portal.web.step_up import keep_typed

log = logging.getLogger("portal.step_up")
AWAY = "The sign-in service of your agency does not answer, so you can’t prove now that it is you. Nothing was done."


def register(app: Flask) -> None:
    @app.errorhandler(StepUpNeeded)
    def prove(error: StepUpNeeded) -> BaseResponse:
        """Keep what was typed and send its author to their provider; a program is told to do that itself.

        The act is never done by coming back: whoever comes back presses the button once more.
        """
        if wants_json():
            return error_page(401, (str(error),))
        page = page_of_form(current_app.view_functions[request.endpoint or ""])
        keep_typed(page)
        slug = str(session.get(PROVIDER, ""))
        provider = cast(dict[str, Provider], current_app.extensions["providers"]).get(slug)
        if provider is None:
            return go(url_for("sign_in.choose", next=page, words="kept"))
        try:
            url, state = provider.begin(current.db(), current.moment(), page, again=True)
        except ProviderUnreachable as away:
            log.warning("identity provider %s %s", slug, away)
            return error_page(503, (AWAY,))
        remember_begun(state)
        return go(url)
