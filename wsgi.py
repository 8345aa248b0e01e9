"""The application for the server: `portal serve`, or any WSGI server, runs `wsgi:app`."""

import logging
import sys

from portal.app import create_app
from portal.config import UnsafeSettings, read_settings
from portal.store.database import NoReplicaSet, Unavailable

logging.basicConfig(level=logging.INFO, format="%(asctime)s %(name)s %(message)s", datefmt="%Y-%m-%dT%H:%M:%S%z")
logging.getLogger("pymongo").setLevel(logging.ERROR)
try:
    app = create_app(read_settings())
except (UnsafeSettings, NoReplicaSet, Unavailable) as error:
    sys.exit(str(error))
