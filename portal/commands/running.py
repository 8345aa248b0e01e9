"""Check the settings, serve the portal, run its worker."""

import argparse
import os
import sys
from pathlib import Path

from portal.clock import Clock
from portal.commands import Add, database
from portal.config import read_settings
from portal.stopping import Stop

ROOT = Path(__file__).resolve().parents[2]


def register(add: Add) -> None:
    add("check-settings", check_settings, "say what is missing or unsafe in the settings")
    add("serve", serve, "serve the portal with the production server")
    add("work", work, "run the worker that makes PDFs")


def check_settings(_: argparse.Namespace) -> int:
    settings = read_settings()
    database(settings).must_be_replica_set()
    providers = ", ".join(each.slug for each in settings.providers)
    print(f"The settings are complete. Identity providers: {providers}.")
    return 0


def serve(_: argparse.Namespace) -> int:
    """Replace this process by gunicorn: gevent workers, since they hold a thousand open streams beside pages."""
    read_settings()
    os.chdir(ROOT)
    bind = os.environ.get("PORTAL_BIND", "127.0.0.1:8000")
    workers = os.environ.get("PORTAL_WORKERS", "2")
    options = ["--worker-class", "gevent", "--worker-connections", "2000", "--workers", workers, "--bind", bind]
    quiet = ["--log-level", "warning", "--graceful-timeout", "10", "--timeout", "60"]
    os.execv(  # noqa: S606  (this very interpreter, with arguments of ours)
        sys.executable, [sys.executable, "-m", "gunicorn", *options, *quiet, "wsgi:app"]
    )


def work(_: argparse.Namespace) -> int:
    from portal.worker import run  # the PDF maker is heavy, and no other command needs it

    settings = read_settings()
    run(database(settings), Stop().on_signals(), Clock(settings.clock_file))
    return 0
