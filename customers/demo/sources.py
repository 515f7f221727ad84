"""How each source sees the population: whom it reaches, what it writes down, how old and how damaged that is."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Profile:
    """Shares are 0–1. `present` is per canonical column; a column that is not named stays empty."""

    source: str
    adults: float
    children: float
    again: float  # persons with a second record
    mean_age: int  # days since a record was last confirmed
    lots: float  # lot addresses among all
    lunar: float  # lunar birthdays among people who may keep one
    passport_names: float  # foreigners written as in the passport
    present: Mapping[str, float]
    damage: Mapping[str, float] = field(default_factory=dict)
    agent_phones: float = 0.0  # the agent's own number instead of the customer's
    switchboards: float = 0.0  # the employer's number as home telephone
    has_times: bool = False  # as_of is an instant


POLICY = Profile(
    "POLICY", adults=0.73, children=0.62, again=0.015, mean_age=1_100, lots=0.3, lunar=0.02, passport_names=0.3,
    present={
        "name": 1, "birth_date": 0.99, "sex": 0.99, "rrn": 0.93, "mobile": 0.88, "phone_home": 0.75, "email": 0.4,
        "address": 0.96, "company_name": 0.7, "company_no": 0.35, "real_name_verified_on": 0.85,
        "marketing_consent_on": 0.45, "as_of": 1,
    },
    damage={
        "name_typo": 0.006, "name_surname": 0.004, "name_spaced": 0.006, "birth_placeholder": 0.003,
        "birth_digit": 0.004, "sex_wrong": 0.002, "rrn_check": 0.003, "mobile_placeholder": 0.005,
        "mobile_digit": 0.006, "mobile_plain": 0.05, "home_placeholder": 0.01, "email_typo": 0.01,
        "email_placeholder": 0.01, "postcode_old": 0.03, "company_wide": 0.01, "name_wide": 0.001,
    },
    agent_phones=0.006, switchboards=0.04,
)  # fmt: skip

BANCA = Profile(
    "BANCA", adults=0.17, children=0.02, again=0.01, mean_age=1_000, lots=0.25, lunar=0.01, passport_names=0.8,
    present={
        "name": 1, "birth_date": 0.99, "sex": 0.99, "rrn": 0.95, "passport": 1, "mobile": 0.93, "email": 0.3,
        "address": 0.93, "account_no": 0.8, "real_name_verified_on": 0.97, "marketing_consent_on": 0.3,
        "branch_code": 1, "as_of": 1,
    },
    damage={
        "name_typo": 0.006, "name_spaced": 0.06, "birth_digit": 0.004, "sex_wrong": 0.002, "rrn_check": 0.002,
        "mobile_placeholder": 0.004, "mobile_digit": 0.006, "email_typo": 0.01, "email_placeholder": 0.01,
        "postcode_old": 0.02,
    },
)  # fmt: skip

TM = Profile(
    "TM", adults=0.17, children=0.0, again=0.06, mean_age=800, lots=0.45, lunar=0.03, passport_names=0.2,
    present={
        "name": 1, "birth_date": 0.9, "sex": 0.9, "mobile": 0.97, "phone_home": 0.3, "email": 0.15, "address": 0.6,
        "postcode": 0.5, "marketing_consent_on": 0.7, "as_of": 1,
    },
    damage={
        "name_typo": 0.03, "name_title": 0.05, "name_spaced": 0.03, "name_surname": 0.005, "name_wide": 0.003,
        "birth_short": 0.35, "birth_year": 0.15, "birth_dotted": 0.12, "birth_words": 0.05, "birth_digit": 0.01,
        "birth_placeholder": 0.004, "sex_wrong": 0.004, "mobile_plain": 0.3, "mobile_spaced": 0.1,
        "mobile_dotted": 0.1, "mobile_country": 0.08, "mobile_bracket": 0.05, "mobile_wide": 0.01,
        "mobile_digit": 0.012, "mobile_placeholder": 0.006, "mobile_lost_zero": 0.03, "home_placeholder": 0.02,
        "email_typo": 0.02, "address_placeholder": 0.01, "address_spaces": 0.03,
    },
)  # fmt: skip

EMPLOYEES = Profile(
    "CORP", adults=0.9, children=0.0, again=0.02, mean_age=500, lots=0.2, lunar=0.03, passport_names=0.5,
    present={
        "name": 1, "rrn": 0.5, "birth_date": 0.8, "sex": 0.85, "company_name": 1, "company_no": 1, "employee_no": 0.97,
        "mobile": 0.75, "phone_home": 0.6, "email": 0.35, "address": 0.5, "as_of": 1,
    },
    damage={
        "name_typo": 0.008, "name_nfd": 0.015, "name_spaced": 0.01, "birth_digit": 0.004, "rrn_check": 0.003,
        "rrn_lost_zero": 0.9, "mobile_lost_zero": 0.2, "mobile_plain": 0.2, "postcode_lost_zero": 0.5,
        "employee_lost_zero": 0.15, "email_typo": 0.01, "company_wide": 0.02,
    },
    switchboards=0.9,
)  # fmt: skip

FP = Profile(
    "FP", adults=0.21, children=0.07, again=0.16, mean_age=650, lots=0.4, lunar=0.05, passport_names=0.1,
    present={
        "name": 1, "birth_date": 0.4, "sex": 0.6, "mobile": 0.92, "phone_home": 0.12, "email": 0.2, "address": 0.55,
        "company_name": 0.4, "branch_code": 1, "fp_code": 1, "as_of": 1,
    },
    damage={
        "name_typo": 0.025, "name_title": 0.14, "name_spaced": 0.02, "name_nfd": 0.01, "name_surname": 0.005,
        "birth_year": 0.1, "birth_short": 0.15, "birth_dotted": 0.15, "mobile_plain": 0.25, "mobile_spaced": 0.05,
        "mobile_dotted": 0.05, "mobile_wide": 0.01, "mobile_digit": 0.01, "mobile_placeholder": 0.004,
        "home_placeholder": 0.01, "email_typo": 0.02, "address_spaces": 0.03, "address_placeholder": 0.01,
    },
    agent_phones=0.02,
)  # fmt: skip

ONLINE = Profile(
    "ONLINE", adults=0.2, children=0.02, again=0.02, mean_age=420, lots=0.05, lunar=0.0, passport_names=0.9,
    present={
        "name": 1, "birth_date": 0.98, "sex": 0.9, "ci": 0.88, "mobile": 0.96, "email": 0.93, "address": 0.5,
        "real_name_verified_on": 0.88, "marketing_consent_on": 0.5, "as_of": 1,
    },
    damage={
        "name_nfd": 0.02, "name_typo": 0.003, "birth_digit": 0.002, "mobile_plain": 0.5, "email_typo": 0.015,
        "email_placeholder": 0.003, "address_nfd": 0.02,
    },
    has_times=True,
)  # fmt: skip

OFFICES = {
    source: {"name": 1.0, "company_no": 0.97, "crn": crn, "phone_home": 0.8, "email": 0.3, "address": 0.95,
             "branch_code": branch, "as_of": 1.0}
    for source, crn, branch in (("POLICY", 0.0, 0.0), ("CORP", 0.9, 1.0))
}  # fmt: skip
