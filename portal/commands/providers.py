"""Try each identity provider that the settings name: its metadata, its keys, and what it says that it can do."""

import argparse
import os
from collections.abc import Iterator

from portal.auth.keys import ProviderUnreachable, key_set
from portal.auth.metadata import Metadata, what_is_missing
from portal.auth.signed import fits
from portal.commands import Add
from portal.config import UnsafeSettings
from portal.config_providers import IdentityProvider, read_providers


def register(add: Add) -> None:
    add("check-providers", check_providers, "try each identity provider's metadata and keys, and say what is wrong")


def check_providers(_: argparse.Namespace) -> int:
    """A sentence for each provider; 1 when nobody could sign on at one of them."""
    problems: list[str] = []
    providers = read_providers(os.environ, problems)
    if problems:
        raise UnsafeSettings(problems)
    found = {each.slug: list(_wrong(each)) for each in providers}
    for slug, wrong in found.items():
        print("\n".join(f"{slug}: {sentence}" for sentence in wrong or ["It is ready: metadata and keys are good."]))
    return 1 if any(found.values()) else 0


def _wrong(provider: IdentityProvider) -> Iterator[str]:
    metadata = Metadata(provider, lifetime_s=60, cooldown_s=0)
    try:
        document = metadata.document()
    except ProviderUnreachable as error:
        yield f"Its metadata can't be used: the provider {_told(error)} ({metadata.address})."
        return
    yield from what_is_missing(document, provider)
    try:
        keys = key_set(metadata.keys.get())
    except ProviderUnreachable as error:
        yield f"Its keys can't be used: the provider {_told(error)} ({document['jwks_uri']})."
        return
    if not any(fits(key, algorithm) for key in keys.keys for algorithm in provider.signing_algorithms):
        yield f"None of its keys is for {' or '.join(provider.signing_algorithms)}."


def _told(error: ProviderUnreachable) -> str:
    """The reason as the end of "the provider …": one that did not answer at all is named by its kind."""
    return str(error) if " " in str(error) else f"does not answer ({error})"
