from django.urls import URLPattern, URLResolver

app_name = "consent"

urlpatterns: list[URLPattern | URLResolver] = [
    # purposes, texts
    # consents
    # contacts
    # gate and clean-up
    # rights
    # retention and destruction
    # laws
    # outflows and breaches
]
