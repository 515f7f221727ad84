"""All addresses. Login is required everywhere but on the pages that say otherwise."""

from django.contrib import admin
from django.urls import include, path

from accounts import service_urls as account_services
from accounts.views import HomeView
from config import health
from consent import service_urls as consent_services
from relations import service_urls as relation_services

# Services of all apps share one namespace, whose addresses a key opens.
SERVICES = [*account_services.urlpatterns, *relation_services.urlpatterns, *consent_services.urlpatterns]
urlpatterns = [
    path("", HomeView.as_view(), name="home"),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("accounts/", include("accounts.urls")),
    path("admin/", admin.site.urls),
    path("services/", include((SERVICES, "services"))),
    path("customers/", include("customers.urls")),
    path("relations/", include("relations.urls")),
    path("consent/", include("consent.urls")),
]
