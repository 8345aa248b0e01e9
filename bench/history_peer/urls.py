"""One view: a section's historical records, newest first, with the words of each."""

from django.http import HttpRequest, JsonResponse
from django.urls import path

from bench.history_peer.models import Section


def history(_: HttpRequest, plan: str) -> JsonResponse:
    shown = ("history_id", "history_date", "history_type", "items")
    records = Section.history.filter(plan=plan).order_by("-history_date", "-history_id").values(*shown)
    response = JsonResponse({"plan": plan, "revisions": list(records)})
    response.headers["Content-Length"] = str(len(response.content))  # so that the connection is kept
    return response


urlpatterns = [path("plans/<str:plan>/history", history)]
