"""The browser that screenshots and tests drive: any Chromium, and for choice one that has no window."""

import os
import shutil

# The same browser with and without a window; to one without, a page costs a third.
KNOWN = ("chromium-headless-shell", "chromium", "google-chrome")
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(None, map(shutil.which, KNOWN)), "")
