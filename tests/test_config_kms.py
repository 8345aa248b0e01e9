"""The master key is 96 bytes of our own, or a service's by name; what is missing is said, and nothing secret is."""

import json
from pathlib import Path

import pytest

from portal.config import Settings, UnsafeSettings, read_settings
from portal.config_kms import SERVICES, Kms
from portal.store.sealing import providers_of
from tests.conftest import PORTAL_URL
from tests.world import environment

FULL = {
    provider: (
        dict.fromkeys(credentials, "a secret of ours"),
        dict.fromkeys(key, "where it is"),
    )
    for provider, (credentials, key) in SERVICES.items()
}


def settings_with(provider_file: Path, **changes: str) -> Settings:
    env = environment("mongodb://127.0.0.1/?replicaSet=rs0", "golden_thread", provider_file, PORTAL_URL)
    return read_settings({**env, **changes})


@pytest.mark.parametrize("provider", SERVICES)
def test_each_service_takes_the_place_of_our_own_key(provider_file: Path, provider: str) -> None:
    credentials, key = FULL[provider]
    found = settings_with(
        provider_file,
        PORTAL_MASTER_KEY="",
        PORTAL_KMS_PROVIDER=provider,
        PORTAL_KMS_CREDENTIALS=json.dumps(credentials),
        PORTAL_KMS_KEY=json.dumps(key),
    )
    assert found.master_key == Kms(provider, credentials, key)
    assert providers_of(found.master_key) == (provider, {provider: credentials})


def test_our_own_key_is_what_is_used_when_no_service_is_named(provider_file: Path) -> None:
    assert isinstance(settings_with(provider_file).master_key, bytes)
    assert settings_with(provider_file, PORTAL_KMS_PROVIDER="local") == settings_with(provider_file)


@pytest.mark.parametrize("provider", SERVICES)
def test_each_credential_that_is_missing_is_named(provider_file: Path, provider: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        settings_with(provider_file, PORTAL_KMS_PROVIDER=provider)
    said = str(refused.value)
    assert all(each in said for names in SERVICES[provider] for each in names)
    assert f"which {provider} needs" in said


@pytest.mark.parametrize(
    ("name", "value"),
    [("PORTAL_KMS_PROVIDER", "vault"), ("PORTAL_KMS_CREDENTIALS", "{secret"), ("PORTAL_KMS_KEY", "[1]")],
)
def test_what_makes_no_sense_is_refused_without_being_repeated(provider_file: Path, name: str, value: str) -> None:
    with pytest.raises(UnsafeSettings) as refused:
        settings_with(provider_file, **{"PORTAL_KMS_PROVIDER": "aws", name: value})
    assert name in str(refused.value)
    assert "secret" not in str(refused.value).replace("secretAccessKey", "")
