"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from convoca.web.whole import whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convoca.web.settings")
application = whole_bodies(get_wsgi_application())
