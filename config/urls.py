"""All addresses. Login is required everywhere but on the pages that say otherwise."""

from django.contrib import admin
from django.urls import include, path

from accounts.views import HomeView
from config import health

urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("services/", include("accounts.service_urls")),
    path("customers/", include("customers.urls")),
]
