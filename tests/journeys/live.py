"""A running demonstration as the journeys see it: its address, its database and its providers."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import requests

from demo.identity_provider import RunningProviders
from portal.config import Settings
from portal.domain.plan import Plan
from portal.store import plans
from portal.store.database import Database
from tests.world import TOKEN


@dataclass(frozen=True)
class Live:
    url: str
    db: Database
    providers: RunningProviders
    settings: Settings
    env: dict[str, str]  # of its processes

    def plan_of(self, called: str) -> Plan:
        """The plan of the child who is called so."""
        ids = [each["_id"] for each in self.db["plans"].find({"authority": "nmr"}, {"_id": 1})]
        return next(plan for each in ids if (plan := plans.load(self.db, each)).child.called == called)

    def person(self, name: str) -> str:
        """The id of somebody of the cast."""
        found = self.db["people"].find_one({"name": name})
        assert found is not None, name
        return str(found["_id"])

    def age(self, name: str, **moved: timedelta) -> None:
        """Move the beginning, the last sign of life or the sign-on of somebody's sessions into the past."""
        times: dict[str, Any] = {part: datetime.now(UTC) - by for part, by in moved.items()}
        if "auth_time" in times:
            times["data.auth_time"] = int(times.pop("auth_time").timestamp())
        self.db["sessions"].update_many({"person": self.person(name), "ended": None}, {"$set": times})

    def http(self, person: str, slug: str) -> "Caller":
        """A plain HTTP client signed on at a provider, as a browser would be, without one."""
        return Caller(self, person, slug)


class Caller:
    """requests with a session and the token of its pages; no browser anywhere."""

    def __init__(self, live: Live, person: str, slug: str) -> None:
        self.live = live
        self.session = requests.Session()
        begun = self.session.get(f"{live.url}/sign-in/{slug}", allow_redirects=False)
        chosen = requests.post(begun.headers["Location"], data={"person": person}, allow_redirects=False)
        landed = self.session.get(chosen.headers["Location"])
        landed.raise_for_status()
        self.landed = landed.url.removeprefix(live.url)
        self.token = TOKEN.findall(landed.text)[0]

    def get(self, path: str, **headers: str) -> requests.Response:
        return self.session.get(self.live.url + path, headers=headers)

    def post(self, path: str, **fields: object) -> requests.Response:
        data = {"csrf_token": self.token, **fields}
        return self.session.post(self.live.url + path, data=data, allow_redirects=False)
