"""The WSGI entry for the web server behind the company's proxy."""

import os

from django.core.wsgi import get_wsgi_application

from config import startup

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

application = get_wsgi_application()
startup.refuse_demonstration_accounts()
