"""Django's settings: nothing but what the model and its history need; the port comes from the environment."""

import os

ALLOWED_HOSTS = ["127.0.0.1"]
DATABASES = {
    "default": {
        "ENGINE": "django.db.backends.postgresql",
        "NAME": "postgres",
        "USER": "postgres",
        "HOST": "127.0.0.1",
        "PORT": os.environ.get("BENCH_POSTGRES_PORT", ""),
        "CONN_MAX_AGE": None,  # connections are kept, which is Django at its best
    }
}
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"
INSTALLED_APPS = ["django.contrib.contenttypes", "django.contrib.auth", "simple_history", "bench.history_peer"]
ROOT_URLCONF = "bench.history_peer.urls"
SECRET_KEY = "nothing is signed"
USE_TZ = True
