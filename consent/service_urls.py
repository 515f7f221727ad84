"""Addresses of consent for systems, below /services/; `config.urls` puts them beside the others in one namespace."""

from django.urls import URLPattern, URLResolver, path, re_path

from consent.api import consents, contact, destruction, outflows, rights, verification

urlpatterns: list[URLPattern | URLResolver] = [
    path("rights-requests/", rights.rights_register, name="rights-register"),
    path("consents/", consents.consent_record, name="consent-record"),
    path("consents/withdraw/", consents.consent_withdraw, name="consent-withdraw"),
    re_path(r"^customers/(?P<number>[0-9]{10})/consents/$", consents.consent_list, name="consent-list"),
    path("may-contact/", contact.contact_ask, name="contact-ask"),
    path("may-contact/many/", contact.contacts_ask, name="contacts-ask"),
    path("refusals/", contact.refusal_record, name="refusal-record"),
    path("circumstances/", contact.circumstance_record, name="circumstance-record"),
    path("verifications/", verification.verification_record, name="verification-record"),
    path("destruction-requests/", destruction.destruction_request, name="destruction-request"),
    path("destruction-requests/<slug:number>/", destruction.destruction_state, name="destruction-batch-state"),
    path("copy-answers/", destruction.copy_answer, name="copy-answer"),
    path("copies/", destruction.copy_list, name="copy-list"),
    path("transfers/", outflows.transfer_record, name="transfer-record"),
]
