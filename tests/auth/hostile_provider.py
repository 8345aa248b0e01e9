"""An OpenID Connect provider over real HTTP that does everything rightly, but for what a script has it do."""

import base64
import hashlib
import json
import secrets
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self
from urllib.parse import parse_qs, urlencode, urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import padding
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey
from joserfc import jws
from joserfc.jwk import ECKey, OctKey, RSAKey

CLIENT, SECRET = "golden-thread", "the secret of a client of the tests"
SUBJECT, NAME = "nadia-rahman", "Nadia Rahman"
Claims = dict[str, Any]
Answer = tuple[int, dict[str, str], bytes]


def encoded(part: bytes) -> bytes:
    return base64.urlsafe_b64encode(part).rstrip(b"=")


def changed(whole: Claims, changes: Claims) -> Claims:
    """Some of it said otherwise; what is changed to `...` is left out."""
    return {name: value for name, value in {**whole, **changes}.items() if value is not ...}


def as_json(document: object, status: int = 200, **headers: str) -> Answer:
    return status, {"Content-Type": "application/json", **headers}, json.dumps(document).encode()


@dataclass
class Script:
    """What the provider does otherwise than a good one; as it stands, nothing."""

    claims: Claims = field(default_factory=dict)
    header: Claims = field(default_factory=dict)
    sign: Callable[["HostileProvider", Claims, Claims], str] | None = None
    metadata: Claims = field(default_factory=dict)
    tokens: Claims = field(default_factory=dict)
    userinfo: Claims = field(default_factory=dict)
    back: dict[str, Any] = field(default_factory=dict)
    answers: dict[str, Callable[["HostileProvider"], Answer]] = field(default_factory=dict)
    before_signing: Callable[["HostileProvider"], None] | None = None
    token_status: int = 200
    token_ending: bytes = b"}"


@dataclass
class HostileProvider:
    """One issuer for each path of the server: `/plain`, `/strict` and so on, all with the same keys."""

    server: ThreadingHTTPServer
    script: Script = field(default_factory=Script)
    keys: list[Any] = field(default_factory=list)
    named: bool = True
    asked: list[str] = field(default_factory=list)
    codes: dict[str, dict[str, str]] = field(default_factory=dict)
    given: list[str] = field(default_factory=list)

    def play(self, script: Script) -> Self:
        """Begin anew with another script, one published key and nothing remembered."""
        self.script, self.named = script, True
        self.keys = [RSA]
        for each in (self.asked, self.codes, self.given):
            each.clear()
        return self

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server.server_port}"

    def changed(self, whole: Claims, changes: Claims) -> Claims:
        """The same, where a change may hang on where the provider lives."""
        return changed(whole, {name: value(self) if callable(value) else value for name, value in changes.items()})

    # What it publishes

    def metadata(self, issuer: str) -> Claims:
        names = {"authorization_endpoint": "authorize", "token_endpoint": "token", "jwks_uri": "jwks"}
        names |= {"userinfo_endpoint": "userinfo", "end_session_endpoint": "end-session"}
        document: Claims = {"issuer": issuer, **{name: f"{issuer}/{end}" for name, end in names.items()}}
        document["authorization_response_iss_parameter_supported"] = True
        document["id_token_signing_alg_values_supported"] = ["RS256", "ES256"]
        return self.changed(document, self.script.metadata)

    def published(self) -> Claims:
        keys = [key.as_dict(private=False) for key in self.keys]
        return {"keys": keys if self.named else [changed(each, {"kid": ...}) for each in keys]}

    # What it gives

    def authorize(self, issuer: str, query: dict[str, str]) -> Answer:
        code = secrets.token_urlsafe(16)
        self.codes[code] = query
        back = self.changed({"code": code, "state": query["state"], "iss": issuer}, self.script.back)
        self.given += [code, query["state"], query["nonce"]]
        return 303, {"Location": f"{query['redirect_uri']}?{urlencode(back, doseq=True)}"}, b""

    def token(self, issuer: str, form: dict[str, str]) -> Answer:
        asked = self.codes.pop(form.get("code", ""), None)
        proof = encoded(hashlib.sha256(form.get("code_verifier", "").encode()).digest()).decode()
        if asked is None or proof != asked["code_challenge"] or form["redirect_uri"] != asked["redirect_uri"]:
            return as_json({"error": "invalid_grant"}, 400)
        access = secrets.token_urlsafe(16)
        token = self.id_token(issuer, asked["nonce"], access)
        self.given += [access, token, form["code_verifier"]]
        whole = {"access_token": access, "token_type": "Bearer", "expires_in": 300, "id_token": token}
        _, headers, body = as_json(changed(whole, self.script.tokens))
        return self.script.token_status, {**headers, "Location": "/"}, body[:-1] + self.script.token_ending

    def id_token(self, issuer: str, nonce: str, access: str) -> str:
        if self.script.before_signing:
            self.script.before_signing(self)
        now = int(time.time())
        digest = hashlib.sha256(access.encode()).digest()[:16]
        whole = {"iss": issuer, "aud": CLIENT, "sub": SUBJECT, "name": NAME, "nonce": nonce, "iat": now}
        whole |= {"exp": now + 300, "auth_time": now, "acr": "AAL2", "sid": "one", "at_hash": encoded(digest).decode()}
        claims = changed(whole, self.script.claims)
        header = changed({"alg": "RS256", "kid": self.keys[0].kid, "typ": "JWT"}, self.script.header)
        return (self.script.sign or signed)(self, header, claims)

    def userinfo(self) -> Answer:
        return as_json(changed({"sub": SUBJECT, "name": NAME}, self.script.userinfo))

    def answer(self, path: str, query: dict[str, str], form: dict[str, str]) -> Answer:
        slug, _, end = path.strip("/").partition("/")
        issuer = f"{self.url}/{slug}"
        self.asked.append(end)
        if end in self.script.answers:
            return self.script.answers[end](self)
        if end == "authorize":
            return self.authorize(issuer, query)
        if end == "token":
            return self.token(issuer, form)
        documents = {".well-known/openid-configuration": self.metadata(issuer), "jwks": self.published()}
        if end == "userinfo":
            return self.userinfo()
        return as_json(documents[end]) if end in documents else as_json({}, 404)


RSA, OTHER = (RSAKey.generate_key(2048, {"kid": kid, "use": "sig"}) for kid in ("one", "two"))
STRANGER = RSAKey.generate_key(2048, {"kid": "one", "use": "sig"})
EC = ECKey.generate_key("P-256", {"kid": "ec", "use": "sig"})


def signed(_: HostileProvider | None, header: Claims, claims: Claims, key: Any = RSA) -> str:
    """Signed as the header says, by a key of our choice."""
    return signed_bytes(header, json.dumps(claims).encode(), key)


def signed_bytes(header: Claims, payload: bytes, key: Any = RSA) -> str:
    registry = jws.JWSRegistry(algorithms=[header["alg"]], strict_check_header=False)
    taken = {name: value for name, value in header.items() if name != "crit"}
    if taken == header:
        return jws.serialize_compact(header, payload, key, registry=registry)
    head = encoded(json.dumps(header).encode())
    return _by_hand(head, payload, key)


def _by_hand(head: bytes, payload: bytes, key: RSAKey) -> str:
    private = serialization.load_pem_private_key(key.as_pem(private=True), None)
    assert isinstance(private, RSAPrivateKey)
    said = head + b"." + encoded(payload)
    return (said + b"." + encoded(private.sign(said, padding.PKCS1v15(), hashes.SHA256()))).decode()


def by(key: Any) -> Callable[[HostileProvider, Claims, Claims], str]:
    return lambda provider, header, claims: signed(provider, header, claims, key)


def unsigned(_: HostileProvider, header: Claims, claims: Claims) -> str:
    head = {**header, "alg": "none"}
    return (encoded(json.dumps(head).encode()) + b"." + encoded(json.dumps(claims).encode()) + b".").decode()


def with_public_key(provider: HostileProvider, header: Claims, claims: Claims) -> str:
    secret = OctKey.import_key(RSA.as_pem(private=False))
    return signed(provider, {**header, "alg": "HS256"}, claims, secret)


def with_secret(provider: HostileProvider, header: Claims, claims: Claims) -> str:
    return signed(provider, {**header, "alg": "HS256"}, claims, OctKey.import_key(SECRET))


def broken(provider: HostileProvider, header: Claims, claims: Claims) -> str:
    head, _, signature = signed(provider, header, claims).split(".")
    return f"{head}.{encoded(json.dumps({**claims, 'sub': 'somebody-else'}).encode()).decode()}.{signature}"


def saying_twice(_: HostileProvider, header: Claims, claims: Claims) -> str:
    payload = json.dumps(claims)[:-1] + f', "sub": "{SUBJECT}"}}'
    return signed_bytes(header, payload.encode())


@contextmanager
def running() -> Iterator[HostileProvider]:
    """The provider while it answers, on a loopback port of its own."""
    found: list[HostileProvider] = []

    class Handler(BaseHTTPRequestHandler):
        def _serve(self) -> None:
            parts = urlsplit(self.path)
            size = int(self.headers.get("Content-Length", 0))
            form = _words(self.rfile.read(size).decode())
            status, headers, body = found[0].answer(parts.path, _words(parts.query), form)
            self.send_response(status)
            for name, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(body)

        do_GET = do_POST = _serve  # noqa: N815  (as the library calls them)

        def log_message(self, *_: Any) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        server.daemon_threads = True
        found.append(HostileProvider(server))
        serving = Thread(target=server.serve_forever, args=(0.02,), daemon=True)
        serving.start()
        yield found[0].play(Script())
        server.shutdown()
        serving.join()


def _words(query: str) -> dict[str, str]:
    return {name: values[0] for name, values in parse_qs(query, keep_blank_values=True).items()}
