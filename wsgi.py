"""The application for the server: `portal serve`, or any WSGI server, runs `wsgi:app`."""

import sys

from portal.app import create_app
from portal.config import UnsafeSettings, read_settings
from portal.store.database import NoReplicaSet, Unavailable

try:
    app = create_app(read_settings())
except (UnsafeSettings, NoReplicaSet, Unavailable) as error:
    sys.exit(str(error))
