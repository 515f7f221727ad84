"""Addresses for systems, below /services/; a key opens them, see `accounts.middleware.ServiceKeyMiddleware`."""

from django.urls import path

from accounts import views

app_name = "services"

urlpatterns = [path("whoami/", views.whoami, name="whoami")]
