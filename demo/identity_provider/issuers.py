"""The four demonstration issuers: what each is called, and how strongly it says its people signed on."""

from dataclasses import dataclass


@dataclass(frozen=True)
class IssuerProfile:
    """One issuer as the portal's sign-in page knows it, with the assurance its ID tokens claim.

    `acr` and `amr` copy what a real provider of that kind would say, so that the portal's rules about how
    strongly somebody signed on can be shown. Nobody here really shows a card or types a password.
    """

    slug: str
    name: str
    agency_kind: str
    acr: str
    amr: tuple[str, ...]


ISSUERS = {
    each.slug: each
    for each in (
        IssuerProfile("families", "Northmere family sign-in", "family", "AAL2", ("pwd", "otp")),
        IssuerProfile("nhs", "NHS staff sign-in", "health", "AAL3", ("sc", "pin")),
        IssuerProfile("schools", "Schools sign-in", "education", "AAL2", ("pwd", "otp")),
        IssuerProfile("council", "Northmere Council sign-in", "council", "AAL2", ("pwd", "otp")),
    )
}
