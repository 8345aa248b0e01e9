"""A section of a plan, whose every save the library keeps."""

from django.db import models
from simple_history.models import HistoricalRecords


class Section(models.Model):
    plan = models.CharField(max_length=40, db_index=True)
    items = models.JSONField()
    history = HistoricalRecords()
