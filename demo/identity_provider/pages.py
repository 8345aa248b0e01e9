"""The addresses of an issuer: documents for machines, and the page on which somebody says who they are."""

from collections.abc import Mapping
from urllib.parse import urlencode, urlsplit

from flask import Blueprint, Flask, Response, abort, current_app, g, jsonify, make_response, render_template, request

from demo.identity_provider.issued import SignOn
from demo.identity_provider.issuer import SIGN_ON_LIFETIME_S
from demo.identity_provider.oauth_server import IssuerServer, OAuth2Error
from demo.identity_provider.people import Person

pages = Blueprint("issuer", __name__, url_prefix="/<slug>")


def create_app(servers: Mapping[str, IssuerServer]) -> Flask:
    app = Flask(__name__)
    app.extensions["issuers"] = dict(servers)
    app.register_blueprint(pages)
    app.after_request(set_headers)
    return app


@pages.url_value_preprocessor
def find_issuer(_: str | None, values: dict[str, str] | None) -> None:
    found = current_app.extensions["issuers"].get((values or {}).pop("slug", ""))
    g.server = found if found is not None else abort(404)


def here() -> IssuerServer:
    server: IssuerServer = g.server
    return server


@pages.get("/.well-known/openid-configuration")
def discovery() -> Response:
    return jsonify(here().issuer.metadata())


@pages.get("/jwks")
def public_keys() -> Response:
    return jsonify(here().issuer.keys.as_dict(private=False))


@pages.route("/authorize", methods=["GET", "POST"])
def authorize() -> Response:
    """Check the client's request, then let somebody choose who they are (or go on without asking, `prompt=none`)."""
    server, known = here(), signed_on()
    continuing = known if known and may_continue(known) else None
    try:
        checked = server.check_authorization(continuing)
    except OAuth2Error as error:
        return with_issuer(server.refuse(error)) if error.redirect_uri else refusal(str(error.description))
    if request.values.get("prompt") == "none":
        return with_issuer(server.grant(checked, continuing))
    if "cancel" in request.form:
        return with_issuer(server.grant(checked, None))
    chosen = server.issuer.people.get(request.form.get("person", ""))
    if chosen is None:
        return choices(known, again=known is not continuing)
    keeps = continuing is not None and continuing.person == chosen
    return back_to_client(checked, continuing if continuing and keeps else server.issuer.sign_on(chosen))


@pages.post("/token")
def token() -> Response:
    return here().token()


@pages.route("/userinfo", methods=["GET", "POST"])
def user_info() -> Response:
    return here().user_info()


@pages.route("/end-session", methods=["GET", "POST"])
def end_session() -> Response:
    server, known = here(), signed_on()
    try:
        onward = server.end_session()
    except OAuth2Error as error:
        return refusal(str(error.description))
    if known:
        server.issuer.sign_ons.take(known.sid)
    response = onward or make_response(render_template("signed_off.html", issuer=server.issuer))
    response.delete_cookie(server.issuer.cookie_name, path=f"/{server.issuer.profile.slug}")
    return response


@pages.errorhandler(ValueError)
def unreadable(error: ValueError) -> Response:
    # Authlib quotes what was sent in its messages, and refuses to build a message with characters OAuth forbids.
    current_app.logger.warning("a request could not be read: %s", error)
    return refusal("The request holds something that cannot be read.")


def signed_on() -> SignOn | None:
    issuer = here().issuer
    return issuer.sign_ons.get(request.cookies.get(issuer.cookie_name, ""))


def may_continue(known: SignOn) -> bool:
    """Whether the client takes the earlier sign-on of this person as good enough."""
    max_age = request.values.get("max_age")
    young = max_age is None or (max_age.isdecimal() and here().issuer.age_of(known) <= int(max_age))
    return young and "login" not in request.values.get("prompt", "").split()


def choices(known: SignOn | None, *, again: bool) -> Response:
    """The list of people, whoever is signed on already first: in a demonstration people change places all the time."""
    issuer = here().issuer
    people: list[Person] = sorted(issuer.people.values(), key=lambda each: known is None or each != known.person)
    # The client's request travels on in hidden fields, so that it may arrive by GET or by POST.
    asked = [(name, value) for name, value in request.values.items(multi=True) if name != "person"]
    unknown = request.form.get("person")
    page = render_template(
        "choose.html", issuer=issuer, people=people, known=known, again=again, asked=asked, unknown=unknown
    )
    return make_response(page, 400 if unknown else 200)


def back_to_client(checked: object, sign_on: SignOn) -> Response:
    issuer = here().issuer
    response = with_issuer(here().grant(checked, sign_on))
    response.set_cookie(
        issuer.cookie_name,
        sign_on.sid,
        max_age=SIGN_ON_LIFETIME_S,
        path=f"/{issuer.profile.slug}",
        httponly=True,
        samesite="Lax",
    )
    return response


def with_issuer(response: Response) -> Response:
    """Say who answers (RFC 9207), in refusals too, so that a client of many issuers cannot be led astray."""
    if response.location:
        joint = "&" if urlsplit(response.location).query else "?"
        response.location += joint + urlencode({"iss": here().issuer.url})
        response.status_code = 303  # a browser must not post the chosen person on to the client
    return response


def refusal(reason: str) -> Response:
    return make_response(render_template("refused.html", issuer=here().issuer, reason=reason), 400)


def set_headers(response: Response) -> Response:
    server: IssuerServer | None = g.get("server")
    # Browsers hold a form's redirect to form-action too, so the clients' origins must be named.
    origins = " ".join(server.issuer.client_origins) if server else ""
    response.headers["Content-Security-Policy"] = (
        "default-src 'none'; style-src 'self'; img-src 'self'; base-uri 'none'; frame-ancestors 'none'; "
        f"form-action 'self' {origins}".rstrip()
    )
    response.headers["X-Content-Type-Options"] = "nosniff"
    response.headers["Referrer-Policy"] = "no-referrer"
    if server:
        response.headers["Cache-Control"] = "no-store"
    return response
