"""Addresses of relations for systems, below /services/; `config.urls` puts them beside the others in one namespace."""

from django.urls import path, re_path

from relations import api

urlpatterns = [
    path("relations/", api.relation_register, name="relation-register"),
    path("relations/<int:pk>/end/", api.relationship_end, name="relationship-end"),
    re_path(r"^customers/(?P<number>[0-9]{10})/relations/$", api.relation_list, name="relation-list"),
]
