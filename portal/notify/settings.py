"""How notices leave this portal, read from the environment: a mail server, GOV.UK Notify, or both."""

import os
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from portal.config import UnsafeSettings
from portal.config_providers import LOOPBACK, is_safe_address
from portal.domain.contact import EMAIL, Way
from portal.notify.channel import Channel
from portal.notify.govuk_notify import NotifyChannel, NotifyService
from portal.notify.smtp import MailChannel, MailServer

NOTIFY_URL = "https://api.notifications.service.gov.uk"
UUID = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
# As Notify gives it out: a name, the service's id and the secret, joined by dashes.
KEY = re.compile(rf"[^\s]{{1,200}}-({UUID})-({UUID})")
TEMPLATE = re.compile(rf"{UUID}")
PORTS = {"smtp": 587, "smtps": 465}
TEMPLATES = {way: f"PORTAL_NOTIFY_{way.name}_TEMPLATE" for way in Way}


def read_channels(environment: Mapping[str, str] | None = None) -> dict[Way, Channel]:
    """Each way that is set up; raises UnsafeSettings with a sentence for each thing that is missing or unsafe."""
    env = os.environ if environment is None else environment
    problems: list[str] = []
    found: dict[Way, Channel] = {}
    if env.get("PORTAL_NOTIFY_KEY"):
        service = _notify(env, problems)
        found |= {way: NotifyChannel(service, way) for way in service.templates}
    if env.get("PORTAL_SMTP_URL"):
        found[Way.EMAIL] = MailChannel(_mail_server(env, problems))
    if not found and not problems:
        problems.append("Neither PORTAL_SMTP_URL nor PORTAL_NOTIFY_KEY is set: nothing could be sent.")
    if problems:
        raise UnsafeSettings(problems)
    return found


def _mail_server(env: Mapping[str, str], problems: list[str]) -> MailServer:
    sender = env.get("PORTAL_MAIL_FROM", "")
    if not EMAIL.fullmatch(sender):
        problems.append("PORTAL_MAIL_FROM must be the email address that notices come from.")
    try:
        parts = urlsplit(env["PORTAL_SMTP_URL"])
        port = parts.port or PORTS.get(parts.scheme, 0)
    except ValueError:
        parts, port = urlsplit(""), 0
    if parts.scheme not in PORTS or not parts.hostname:
        problems.append("PORTAL_SMTP_URL must be like smtps://user:password@mail.example.org, or smtp:// for STARTTLS.")
        return MailServer("", 0, "", sender)
    # Without a name and a password, and on this machine alone, a mail server may do without TLS.
    plain = parts.scheme == "smtp" and parts.hostname in LOOPBACK and not parts.username
    security = "none" if plain else ("tls" if parts.scheme == "smtps" else "starttls")
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    certificates = env.get("PORTAL_SMTP_CERTIFICATES", "")
    return MailServer(parts.hostname, port, security, sender, user, password, certificates)


def _notify(env: Mapping[str, str], problems: list[str]) -> NotifyService:
    key = KEY.fullmatch(env["PORTAL_NOTIFY_KEY"])
    if not key:
        problems.append("PORTAL_NOTIFY_KEY must be an API key as GOV.UK Notify gives it out.")
    url = env.get("PORTAL_NOTIFY_URL", NOTIFY_URL).rstrip("/")
    if not is_safe_address(url, allow_http=True):
        problems.append("PORTAL_NOTIFY_URL must begin with https: only loopback may do without.")
    templates = {way: env[name] for way, name in TEMPLATES.items() if env.get(name)}
    problems.extend(
        f"{TEMPLATES[way]} must be a template’s id." for way, each in templates.items() if not TEMPLATE.fullmatch(each)
    )
    if not templates:
        problems.append(f"PORTAL_NOTIFY_KEY is set without a template: set {', '.join(TEMPLATES.values())}.")
    service, secret = key.groups() if key else ("", "")
    return NotifyService(url, service, secret, templates)
