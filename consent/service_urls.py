"""Addresses of consent for systems, below /services/; `config.urls` puts them beside the others in one namespace."""

from django.urls import URLPattern, URLResolver

urlpatterns: list[URLPattern | URLResolver] = []
