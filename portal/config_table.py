"""The settings that one `[[provider]]` table may hold, each with what is said when it is not as it must be."""

from typing import Any

from marshmallow import Schema, ValidationError, fields, validate

AGENCY_KINDS = ("family", "education", "health", "council")
ALGORITHMS = ("ES256", "ES384", "EdDSA", "PS256", "RS256", "RS384", "RS512")
AUTH_METHODS = ("client_secret_basic", "client_secret_post", "private_key_jwt")
SHORTHANDS = ("acr", "vot", "amr", "tid", "hd")
# What the protocol itself says in a request (RFC 6749, RFC 7636, OpenID Connect Core): never a setting's to say.
RESERVED = {
    "client_id", "client_secret", "code_challenge", "code_challenge_method", "id_token_hint", "login_hint", "max_age",
    "nonce", "redirect_uri", "registration", "request", "request_uri", "response_mode", "response_type", "scope",
    "state",
}  # fmt: skip
HOST = r"[a-z0-9.-]+(:[0-9]+)?\Z"
SLUG = r"[a-z0-9]+(-[a-z0-9]+)*\Z"


def _word(what: str = "must be a word.") -> fields.Str:
    return fields.Str(error_messages={"invalid": what, "null": what}, validate=validate.Length(min=1, error=what))


def _one_of(choices: tuple[str, ...], name: str = "must be one of") -> fields.Str:
    what = f"{name} {', '.join(choices)}."
    return fields.Str(error_messages={"invalid": what}, validate=validate.OneOf(choices, error=what))


class Words(fields.Field[tuple[str, ...]]):
    """A list of one word or more; `or_one` takes a single word, with spaces between several, for a list."""

    def __init__(self, what: str, choices: tuple[str, ...] = (), or_one: bool = False) -> None:
        super().__init__()
        self.what, self.choices, self.or_one = what, choices, or_one

    def _deserialize(self, value: Any, *_: Any, **__: Any) -> tuple[str, ...]:
        words = value.split() if self.or_one and isinstance(value, str) else value
        if not isinstance(words, list) or not words or not all(isinstance(each, str) and each for each in words):
            raise ValidationError(self.what)
        if self.choices and not set(words) <= set(self.choices):
            raise ValidationError(self.what)
        return tuple(words)


def _yes_or_no() -> fields.Bool:
    return fields.Bool(truthy={True}, falsy={False}, error_messages={"invalid": "must be true or false."})


VALUES = "must be a list of the values that will do."


class ClaimNames(Schema):
    """Which of the provider's claims say what the portal asks of a person."""

    error_messages = {"unknown": "is nothing that is asked of a person."}  # noqa: RUF012  (as the library declares it)

    name = Words("must be a list of claims, whose words make the name.", or_one=True)


class ProviderTable(Schema):
    """One table; what it does not name is refused, so that a rule that is misspelt is no rule that is forgotten."""

    error_messages = {  # noqa: RUF012  (as the library declares it)
        "unknown": "is no setting of a provider."
    }

    slug = fields.Str(validate=validate.Regexp(SLUG, error="must be small letters, digits and single hyphens."))
    name = _word()
    agency_kind = _one_of(AGENCY_KINDS)
    issuer = _word("must be an address.")
    client_id = _word()
    client_auth_method = _one_of(AUTH_METHODS)
    client_secret = fields.Str(error_messages={"invalid": "must be a word."})
    private_key_path = _word("must be the path of a PEM file.")
    private_key_id = _word()
    assertion_algorithm = _one_of(ALGORITHMS)
    assertion_audience = _word()
    scopes = Words("must be words with spaces between them.", or_one=True)
    signing_algorithms = Words(f"must be among {', '.join(ALGORITHMS)}.", ALGORITHMS)
    endpoint_hosts = fields.List(
        fields.Str(validate=validate.Regexp(HOST, error="must be hosts, like keys.example.org.")),
        error_messages={"invalid": "must be a list of hosts."},
    )
    required_acr = Words(VALUES)
    required_vot = Words(VALUES)
    required_amr = Words(VALUES)
    required_tid = Words(VALUES)
    required_hd = Words(VALUES)
    required_claims = fields.Dict(fields.Str(), Words(VALUES), error_messages={"invalid": "must be a table."})
    max_age = fields.Int(strict=True, validate=validate.Range(min=0), error_messages={"invalid": "must be seconds."})
    acr_values = Words("must be words with spaces between them.", or_one=True)
    vtr = Words("must be a list of vectors of trust.", or_one=True)
    prompt = _one_of(("login", "select_account", "consent"))
    request_parameters = fields.Dict(
        fields.Str(validate=validate.NoneOf(RESERVED, error="is the protocol's own to say.")),
        _word(),
        error_messages={"invalid": "must be a table of words."},
    )
    claims = fields.Nested(ClaimNames, error_messages={"type": "must be a table."})
    userinfo = _one_of(("when_needed", "always", "never"))
    logout_at_provider = _yes_or_no()
    backchannel_logout = _yes_or_no()
    suspended = _yes_or_no()
