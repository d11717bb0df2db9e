"""The WSGI application that granian serves."""

import os

from django.core.wsgi import get_wsgi_application

from convoca.web.whole import told_by_the_front, whole_bodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "convoca.web.settings")
application = told_by_the_front(whole_bodies(get_wsgi_application()))
