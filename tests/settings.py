"""The settings of the suite: the project's own, with what makes tests quick and keeps them off the network."""

import os

os.environ.setdefault("SECRET_KEY", "a key for the suite alone, which signs nothing that lasts")
os.environ["STATICFILES_STORAGE"] = "django.contrib.staticfiles.storage.StaticFilesStorage"  # needs no collectstatic
os.environ["EMAIL_URL"] = "memorymail://"
os.environ["TASKS_BACKEND"] = "immediate"
os.environ["CACHE_URL"] = "locmemcache://"
os.environ.pop("SITE_URL", None)

from config.settings import *  # noqa: F403 - the environment has to be set first

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]  # quick; the real ones are slow on purpose
STORAGES["attachments"] = {"BACKEND": "django.core.files.storage.InMemoryStorage"}  # noqa: F405 - from there
WHITENOISE_AUTOREFRESH = True  # a static file is looked for when asked for, not all of them by each client
