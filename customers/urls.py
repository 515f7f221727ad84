from django.urls import path, re_path

from customers.views import customers, search

app_name = "customers"

urlpatterns = [
    path("", customers.CustomerList.as_view(), name="customer-list"),
    path("search/", search.search, name="search"),
    re_path(r"^(?P<number>[0-9]{10})/$", customers.customer_detail, name="customer-detail"),
    re_path(r"^(?P<number>[0-9]{10})/records/(?P<pk>[0-9]+)/$", customers.record_detail, name="record-detail"),
    re_path(r"^(?P<written>[Cc]-?[0-9]{9}-?[0-9])/$", customers.customer_by_written_number, name="customer-written"),
]
