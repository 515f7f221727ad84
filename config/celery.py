"""The Celery application: `celery -A config worker -B` runs the tasks of every app and the timetable."""

import os

from celery import Celery

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
# Read when numpy is imported. Where memory is in pieces, making room for huge pages takes longer than they save.
os.environ.setdefault("NUMPY_MADVISE_HUGEPAGE", "0")

app = Celery("hannun")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
