"""Drives the demonstration over every page, role and width into a contact sheet: `make screenshots`."""

import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from typing import Literal

from playwright.sync_api import Browser, Locator, Page, sync_playwright

from demo.browser import CHROMIUM
from demo.place import free_port
from demo.processes import ROOT, answers

OUT = ROOT / "var" / "screenshots"
DATA = ROOT / "var" / "screenshots-data"
SIZES = {"phone": (360, 780), "tablet": (768, 1024), "desk": (1280, 900)}
LOOKS = (("phone", "light"), ("tablet", "light"), ("desk", "light"), ("desk", "dark"))
SHEET = """
body { display: grid; grid-template-columns: repeat(12, 1fr); gap: 8px; font: 12px sans-serif }
figure { margin: 0; overflow-wrap: anywhere }
img { width: 100%; height: 220px; object-fit: cover; object-position: top }
"""
LETTERS = ("A", "B", "C", "D", "E", "F", "G", "H1", "H2", "I", "J", "K")
# The README's two pictures: a parent's plan page on a desk and on a phone.
KEPT = {"nadia-rahman-plan-desk": "plan-desk.png", "nadia-rahman-plan-phone": "plan-phone.png"}


@dataclass(frozen=True)
class Visitor:
    """Somebody of the cast, the child whose plan they open, the further pages of it, and those that hang on no plan."""

    key: str
    name: str
    provider: str
    child: str
    sections: tuple[str, ...] = ("A", "F")
    pages: tuple[str, ...] = ()
    elsewhere: tuple[str, ...] = ()


VISITORS = (
    Visitor(
        "nadia-rahman",
        "Nadia Rahman",
        "families",
        "",
        ("A", "B"),
        (
            "/people",
            "/openings",
            "/rights",
            "/rights/consent",
            "/history",
            "/sections/A/history",
            "/receipt",
            "/retention",
            "/unread",
            "/as-at/9",
            "/sections/A/authors",
        ),
        ("/sessions",),
    ),
    Visitor("sharon-boyle", "Sharon Boyle", "families", "", (), ("/openings",)),
    Visitor("emma-whitfield", "Emma Whitfield", "families", "", LETTERS, ("/answer", "/versions", "/versions/1")),
    Visitor(
        "sam-adeyemi",
        "Sam Adeyemi",
        "families",
        "",
        ("A", "F", "H2"),
        ("/versions/2", "/versions/compare?from=1&to=2", "/rights"),
    ),
    Visitor("tomasz-nowak", "Tomasz Nowak", "families", "", (), ("/review", "/review/2")),
    Visitor("nia-okoro", "Nia Okoro", "families", "", (), (), ("/invitations/nmr-0000000000000000",)),
    Visitor("anita-patel", "Anita Patel", "schools", "Amira Rahman", ("A", "F", "G")),
    Visitor("ruth-lindqvist", "Ruth Lindqvist", "nhs", "Amira Rahman", ("C", "G"), ("/sections/G/compare",)),
    Visitor("jo-mensah", "Jo Mensah", "nhs", "Amira Rahman", ("G",), ("/sections/G/sign-off",)),
    Visitor("lee-grant", "Lee Grant", "council", "Amira Rahman", ("D", "H1", "H2"), ("/sections/H2/sign-off",)),
    Visitor(
        "chris-doyle",
        "Chris Doyle",
        "council",
        "Amira Rahman",
        ("B", "E", "F"),
        (
            "/sections/F/items/provision/new",
            "/people",
            "/people/invite",
            "/people/give",
            "/people/give?agency=northmere-community-health",
            "/rights",
        ),
    ),
    Visitor(
        "priya-nair", "Priya Nair", "council", "Leo Whitfield-Price", (), ("/audience", "/sections/F/conversations")
    ),
    Visitor(
        "maria-silva",
        "Maria Silva",
        "council",
        "Kieran Boyle",
        ("F", "I"),
        ("/issue", "/sections/F/sign-off", "/rights/limit", "/rights/capacity"),
        ("/access", "/search", "/pictures"),
    ),
    Visitor("moira-lennox", "Moira Lennox", "nhs", "", (), (), ("/access",)),
    Visitor("idris-vaughan", "Idris Vaughan", "council", "", (), (), ("/emergency",)),
    Visitor("grace-obi", "Grace Obi", "council", "Kieran Boyle", (), ("/reading", "/readings/1"), ("/alerts",)),
    Visitor("olive-finch", "Olive Finch", "council", ""),
)


def main() -> int:
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    port = free_port()
    env = {**os.environ, "PORT": str(port), "DATA_DIR": str(DATA)}
    url = f"http://127.0.0.1:{port}"
    with subprocess.Popen([sys.executable, "-m", "demo"], cwd=ROOT, env=env, stdout=subprocess.DEVNULL) as running:
        try:
            _wait(url, running)
            with sync_playwright() as playwright:
                browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--disable-gpu"])
                taken = list(_all(browser, url))
                _sheet(browser, taken)
        finally:
            running.terminate()
    print(f"{len(taken)} pictures in {OUT}; open {OUT / 'index.html'}")
    return 0


def _wait(url: str, running: subprocess.Popen[bytes]) -> None:
    for _ in range(600):
        if running.poll() is not None:
            raise SystemExit("The demonstration did not start.")
        if answers(f"{url}/health"):
            return
        time.sleep(0.2)


def _all(browser: Browser, url: str) -> Iterator[str]:
    for size, scheme in LOOKS:
        page = _open(browser, size, scheme)
        page.goto(f"{url}/sign-in")
        yield _take(page, f"sign-in-{size}", scheme)
        page.context.close()
        for visitor in VISITORS:
            yield from _visit(browser, url, visitor, size, scheme)


def _open(browser: Browser, size: str, scheme: str) -> Page:
    width, height = SIZES[size]
    dark: Literal["dark", "light"] = "dark" if scheme == "dark" else "light"
    return browser.new_context(viewport={"width": width, "height": height}, color_scheme=dark).new_page()


def _visit(browser: Browser, url: str, visitor: Visitor, size: str, scheme: str) -> Iterator[str]:
    page = _open(browser, size, scheme)
    page.goto(f"{url}/sign-in/{visitor.provider}")
    page.get_by_role("button", name=re.compile(f"^{visitor.name}")).click()
    page.wait_for_url(f"{url}/**")
    if visitor.child:
        yield _take(page, f"{visitor.key}-worklist-{size}", scheme)
        _find(page, visitor.child).click()
    if "/plans/" in page.url:
        plan = page.url.split("#")[0]
        yield _take(page, f"{visitor.key}-plan-{size}", scheme)
        for path in (*(f"/sections/{letter}" for letter in visitor.sections), *visitor.pages):
            page.goto(plan + path)
            yield _take(page, f"{visitor.key}{_named(path)}-{size}", scheme)
    else:
        yield _take(page, f"{visitor.key}-home-{size}", scheme)
    for path in visitor.elsewhere:
        page.goto(url + path)
        yield _take(page, f"{visitor.key}{_named(path)}-{size}", scheme)
    page.context.close()


def _find(page: Page, child: str) -> Locator:
    """The link to a child's plan, on whichever page of the list it stands."""
    link = page.get_by_role("link", name=child, exact=True).first
    while not link.count():
        page.get_by_role("link", name="Show the next plans").click()
        page.wait_for_load_state()
    return link


def _named(path: str) -> str:
    return re.sub(r"[/?]", "-", path)


def _take(page: Page, name: str, scheme: str) -> str:
    file = f"{name}-{scheme}.png"
    page.screenshot(path=OUT / file, full_page=True)
    if scheme == "light" and name in KEPT:
        page.screenshot(path=ROOT / "docs" / KEPT[name], full_page=False)
    return file


def _sheet(browser: Browser, taken: list[str]) -> None:
    """One page with every picture small, and a picture of that page."""
    figures = "".join(
        f'<figure><a href="{name}"><img src="{name}" alt=""></a><figcaption>{name}</figcaption></figure>'
        for name in map(escape, taken)
    )
    html = f'<!doctype html><meta charset="utf-8"><title>Contact sheet</title><style>{SHEET}</style>{figures}'
    (OUT / "index.html").write_text(html)
    page = browser.new_page(viewport={"width": 1600, "height": 1200})
    page.goto(f"file://{OUT}/index.html")
    page.screenshot(path=OUT / "contact-sheet.png", full_page=True)


if __name__ == "__main__":
    sys.exit(main())
