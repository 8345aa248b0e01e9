"""The demonstration's OpenID Connect providers: four issuers on one loopback port, whose people are all fictional.

They speak the authorisation code flow with PKCE (S256 only), signed ID tokens, userinfo and sign-off
(RP-initiated logout), by Authlib's server side. Signing on is one click on somebody's name, without a password.

In a test::

    from demo.identity_provider import read_people, start

    with start(read_people(Path("demo/people.toml")), ["http://127.0.0.1:8000"], tmp_path) as providers:
        providers.issuer("families")  # http://127.0.0.1:<port>/families
        providers.config_text()  # the portal's provider file

A plain HTTP client signs somebody on without reading the page: it sends the client's authorisation request by POST
instead of GET (the parameters may stay in the query or move to the form, but not both) with one more form field,

    person=<key>   to sign on as that person of this issuer, or
    cancel=1       to go back without signing on,

and finds the client's callback, with its code, in the `Location` of the 303 answer.
"""

from demo.identity_provider.people import PeopleError, read_people
from demo.identity_provider.running import CannotListen, RunningProviders, start

__all__ = ["CannotListen", "PeopleError", "RunningProviders", "read_people", "start"]
