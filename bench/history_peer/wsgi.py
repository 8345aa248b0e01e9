"""The Django application for the server."""

import os

from django.core.wsgi import get_wsgi_application

os.environ["DJANGO_SETTINGS_MODULE"] = "bench.history_peer.settings"
application = get_wsgi_application()
