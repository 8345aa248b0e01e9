"""What the demonstration keeps under its data directory: its ports, its secrets, and whether it has been filled."""

import base64
import json
import os
import secrets
import socket
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from demo.inbox import running as inbox

HOST = "127.0.0.1"
PREFERRED = {"mongod": 27817, "providers": 8010, "mail": 8025, "inbox": 8026}


@dataclass(frozen=True)
class Place:
    """The data directory. Ports are chosen once: a replica set and people's issuers are bound to them."""

    root: Path
    portal_port: int
    ports: dict[str, int]
    secrets: dict[str, str]

    @property
    def mongod(self) -> Path:
        return self.root / "mongod"

    @property
    def providers(self) -> Path:
        return self.root / "identity-providers"

    @property
    def provider_file(self) -> Path:
        return self.root / "providers.toml"

    @property
    def filled(self) -> Path:
        """Written once the children are in, so that a start that was cut short begins again."""
        return self.root / "filled"

    @property
    def checkpoint_key(self) -> Path:
        """The private key of the demonstration's checkpoints; `portal checkpoint` reads it from here."""
        return self.root / "checkpoint-key.pem"

    @property
    def inbox(self) -> Path:
        """The messages that arrived in the demonstration's inbox."""
        return self.root / "inbox.jsonl"

    @property
    def inbox_url(self) -> str:
        return f"http://{HOST}:{self.ports['inbox']}/"

    @property
    def url(self) -> str:
        return f"http://{HOST}:{self.portal_port}"

    def environment(self) -> dict[str, str]:
        """The settings of every process of the demonstration, as in production from the environment."""
        return {
            **os.environ,
            "MONGODB_URI": self.uri("app"),
            "MONGODB_MIGRATOR_URI": self.uri("migrator"),
            "PORTAL_DATABASE": "golden_thread",
            "PORTAL_SECRET_KEY": self.secrets["secret_key"],
            "PORTAL_MASTER_KEY": self.secrets["master_key"],
            "PORTAL_PUBLIC_URL": self.url,
            "PORTAL_CHECKPOINT_KEY": str(self.checkpoint_key),
            "PORTAL_BIND": f"{HOST}:{self.portal_port}",
            "PORTAL_IDENTITY_PROVIDERS": str(self.provider_file),
            "PORTAL_ALLOW_HTTP_ISSUERS": "loopback",
            "PORTAL_DEMONSTRATION": "yes",
            "PORTAL_CLOCK_FILE": str(self.root / "clock"),
            **inbox.settings_of(self.ports["mail"], self.ports["inbox"]),
        }

    def uri(self, user: str) -> str:
        where = f"{HOST}:{self.ports['mongod']}/?replicaSet=rs0&authSource=golden_thread"
        return f"mongodb://{user}:{self.secrets[user]}@{where}"


def open_place(root: Path, portal_port: int) -> Place:
    """The place as it was left, or a new one with free ports and fresh secrets."""
    root.mkdir(parents=True, exist_ok=True)
    kept = _kept(root / "ports.json")
    ports = {**_choose_ports(taken=portal_port, names=PREFERRED.keys() - kept.keys()), **kept}
    _keep(root / "ports.json", ports)
    found = _kept(root / "secrets.json") or _fresh_secrets()
    _keep(root / "secrets.json", found)
    return Place(root, portal_port, ports, found)


def port_is_free(port: int) -> bool:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port(avoid: Iterable[int] = ()) -> int:
    with socket.socket() as probe:
        probe.bind((HOST, 0))
        port = int(probe.getsockname()[1])
    return free_port(avoid) if port in avoid else port


def _choose_ports(taken: int, names: Iterable[str]) -> dict[str, int]:
    """A port for each name; a place of an earlier day may have some already."""
    preferred = {name: PREFERRED[name] for name in sorted(names)}
    return {
        name: port if port != taken and port_is_free(port) else free_port([taken]) for name, port in preferred.items()
    }


def _fresh_secrets() -> dict[str, str]:
    users = {name: secrets.token_urlsafe(24) for name in ("app", "migrator", "retention", "backup")}
    master = base64.b64encode(secrets.token_bytes(96)).decode()
    return {**users, "secret_key": secrets.token_urlsafe(48), "master_key": master}


def _kept(path: Path) -> dict[str, Any]:
    kept: dict[str, Any] = json.loads(path.read_text()) if path.exists() else {}
    return kept


def _keep(path: Path, facts: object) -> None:
    with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "w") as file:
        json.dump(facts, file, indent=1)
