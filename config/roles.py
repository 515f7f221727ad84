"""Roles as data: what each role may do. `manage.py setup` makes groups of them; running it again mends drift."""

from django.utils.translation import gettext_noop as _

VIEW = [
    "customers.view_customer",
    "customers.view_sourcerecord",
    "customers.view_contract",
    "customers.search_customer",
]
FEEDS = ["customers.view_feedrun", "customers.load_feed", "customers.download_rejects"]
MATCHING = ["customers.view_matchrun", "customers.view_matchmodel"]
OVERSIGHT = [
    "customers.view_feedrun",
    "customers.view_customer_history",
    "customers.view_pair",
    "customers.view_act",
]
GOLDEN_RULES = ["customers.view_goldenrules"]
STEWARDSHIP = [
    "customers.view_act",
    "customers.decide_pair",
    "customers.merge_customer",
    "customers.approve_merge",
    "customers.correct_customer",
    "customers.decide_in_bulk",
]
# Who may look beyond the own scope in an emergency, on the record.
OUTSIDE = ["customers.break_glass"]
TRAIL = [
    "accounts.view_trail",
    "accounts.explain_rights",
    "accounts.view_accessreview",
    "accounts.view_accesscase",
    "accounts.view_every_export",
    "customers.view_accessrules",
]
WHOLE_STOCK = ["customers.view_every_customer"]
# Who belongs to whom, and who looks after whom.
RELATIONS = ["relations.view_household", "relations.view_relationship", "relations.view_keeper"]
RELATIONS_OF_SALES = [
    *RELATIONS,
    "relations.register_relationship",
    "relations.view_organisation",
    "relations.view_financialfact",
    "relations.record_finance",
    "relations.keep_customer",
    "relations.view_handover",
    "relations.view_prospect",
    "relations.register_prospect",
]
RELATIONS_OF_STEWARDS = [
    *RELATIONS,
    "relations.suggest_household",
    "relations.decide_household",
    "relations.register_relationship",
    "relations.view_organisation",
    "relations.change_organisation",
    "relations.view_groupmember",
    "relations.view_roster",
    "relations.load_roster",
    "relations.view_financialfact",
    "relations.assign_keeper",
    "relations.view_handover",
    "relations.view_orphans",
    "relations.view_prospect",
    "relations.judge_prospect",
]
RELATIONS_OF_OVERSIGHT = [
    *RELATIONS,
    "relations.view_organisation",
    "relations.view_groupmember",
    "relations.view_wallhit",
    "relations.view_orphans",
    "relations.view_prospect",
    "relations.view_fairness",
]

# What we may do with customers, and who sees to it.
CONSENT = ["consent.view_consent", "consent.ask_contact", "consent.view_contactrefusal"]
CONSENT_OF_SALES = [
    *CONSENT,
    "consent.record_consent",
    "consent.withdraw_consent",
    "consent.record_contactrefusal",
    "consent.record_verification",
    "consent.view_cleanupask",
    "consent.answer_cleanupask",
    "consent.record_rightsrequest",
]
CONSENT_OF_STEWARDS = [
    *CONSENT_OF_SALES,
    "consent.view_purpose",
    "consent.settle_consentconflict",
    "consent.view_gatechange",
    "consent.view_hold",
]
CONSENT_OF_OVERSIGHT = [
    *CONSENT,
    "consent.view_purpose",
    "consent.view_contactdecision",
    "consent.view_contactstop",
    "consent.view_donotcallnumber",
    "consent.view_cleanupask",
    "consent.view_gatechange",
    "consent.view_rightsrequest",
    "consent.view_retentionrules",
    "consent.view_destructionbatch",
    "consent.view_hold",
    "consent.view_law",
    "consent.view_legalnumber",
    "consent.view_outflow",
    "consent.view_breach",
]
CONSENT_OF_COMPLIANCE = [
    "consent.draft_text",
    "consent.publish_text",
    "consent.record_consent",
    "consent.withdraw_consent",
    "consent.record_contactrefusal",
    "consent.settle_consentconflict",
    "consent.load_donotcalllist",
    "consent.release_donotcallnumber",
    "consent.stop_contacts",
    "consent.place_hold",
    "consent.draft_retentionrules",
    "consent.publish_retentionrules",
    "consent.propose_destruction",
    "consent.answer_copy",
    "consent.edit_law",
    "consent.set_legalnumber",
    "consent.record_outflow",
    "consent.handle_breach",
    "consent.record_rightsrequest",
    "consent.answer_rightsrequest",
]
CONSENT_OF_PRIVACY = [*CONSENT_OF_COMPLIANCE, "consent.approve_destruction", "consent.use_separated"]

ROLES = {
    "DATA_STEWARD": {
        "name": _("Data steward"),
        "purposes": ["STEWARDSHIP"],
        "permissions": [
            *RELATIONS_OF_STEWARDS,
            *CONSENT_OF_STEWARDS,
            *VIEW,
            *FEEDS,
            *MATCHING,
            *WHOLE_STOCK,
            *STEWARDSHIP,
            *GOLDEN_RULES,
            "customers.view_customer_history",
            "customers.view_pair",
            "customers.run_matching",
            "customers.add_matchmodel",
            "customers.add_goldenrules",
        ],
    },
    "STEWARD_LEAD": {
        "name": _("Lead of the data stewards"),
        "purposes": ["STEWARDSHIP"],
        "permissions": [
            *RELATIONS_OF_STEWARDS,
            *CONSENT_OF_STEWARDS,
            "relations.view_fairness",
            "relations.plan_handover",
            *VIEW,
            *FEEDS,
            *MATCHING,
            *WHOLE_STOCK,
            *STEWARDSHIP,
            *GOLDEN_RULES,
            "customers.view_customer_history",
            "customers.view_pair",
            "customers.run_matching",
            "customers.add_matchmodel",
            "customers.publish_matchmodel",
            "customers.add_goldenrules",
            "customers.publish_goldenrules",
            "customers.view_team_quality",
            "customers.grant_customer",
            "accounts.approve_export",
        ],
    },
    "FP": {
        "name": _("Financial planner"),
        "purposes": ["SERVICE", "SALES", "CLAIMS"],
        "permissions": [*VIEW, *OUTSIDE, *RELATIONS_OF_SALES, *CONSENT_OF_SALES],
    },
    "BRANCH_MANAGER": {
        "name": _("Branch manager"),
        "purposes": ["SERVICE", "SALES", "CLAIMS"],
        "permissions": [
            *VIEW,
            *OUTSIDE,
            "customers.view_branch_customers",
            "accounts.approve_export",
            *RELATIONS_OF_SALES,
            *CONSENT_OF_SALES,
            "relations.assign_keeper",
            "relations.plan_handover",
            "relations.view_orphans",
            "relations.view_fairness",
        ],
    },
    "COMPLIANCE_OFFICER": {
        "name": _("Compliance officer"),
        "purposes": ["OVERSIGHT"],
        "permissions": [
            *RELATIONS_OF_OVERSIGHT,
            *CONSENT_OF_OVERSIGHT,
            *CONSENT_OF_COMPLIANCE,
            *VIEW,
            *MATCHING,
            *GOLDEN_RULES,
            *WHOLE_STOCK,
            *OVERSIGHT,
            *TRAIL,
            "accounts.ask_accessreview",
            "accounts.work_accesscase",
            "customers.publish_accessrules",
        ],
    },
    "PRIVACY_OFFICER": {
        "name": _("Privacy officer"),
        "purposes": ["OVERSIGHT"],
        "permissions": [
            *RELATIONS_OF_OVERSIGHT,
            *CONSENT_OF_OVERSIGHT,
            *CONSENT_OF_PRIVACY,
            *VIEW,
            *MATCHING,
            *GOLDEN_RULES,
            *WHOLE_STOCK,
            *OVERSIGHT,
            *TRAIL,
            "accounts.ask_accessreview",
            "accounts.sign_accessreview",
            "accounts.work_accesscase",
            "accounts.approve_export",
            "customers.add_accessrules",
            "customers.publish_accessrules",
            "customers.protect_customer",
            "customers.view_protected_customer",
            "customers.grant_customer",
        ],
    },
    "CAMPAIGN_MANAGER": {
        "name": _("Campaign manager"),
        "purposes": ["CAMPAIGN"],
        "permissions": [
            *VIEW,
            *WHOLE_STOCK,
            *CONSENT,
            "relations.view_household",
            "consent.view_purpose",
            "consent.view_contactdecision",
            "consent.view_contactstop",
        ],
    },
    "ADMINISTRATOR": {
        "name": _("Administrator"),
        "purposes": ["ADMINISTRATION"],
        "permissions": [
            *FEEDS,
            *MATCHING,
            *(
                f"customers.{verb}_{model}"
                for model in ("sourcesystem", "mapping", "item", "code")
                for verb in ("view", "add", "change")
            ),
            *(
                f"accounts.{verb}_{model}"
                for model in ("staff", "branch", "channel")
                for verb in ("view", "add", "change")
            ),
            "accounts.view_servicekey",
            "accounts.issue_servicekey",
            "customers.publish_mapping",
            "customers.view_accessrules",
            "customers.add_accessrules",
            "accounts.explain_rights",
            "customers.add_matchmodel",
            "customers.publish_matchmodel",
            *GOLDEN_RULES,
            "customers.add_goldenrules",
            "customers.publish_goldenrules",
        ],
        "is_staff": True,
    },
    "AUDITOR": {
        "name": _("Auditor"),
        "purposes": ["OVERSIGHT"],
        "permissions": [*MATCHING, *OVERSIGHT, *TRAIL, *CONSENT_OF_OVERSIGHT, "accounts.view_staff"],
    },
    "SERVICE_CLIENT": {"name": _("Service client"), "permissions": []},
}

# One account per role for the demonstration: employee number → (role, name, job, branch kind).
DEMO_STAFF = {
    "steward": ("DATA_STEWARD", "정다은", "고객정보관리", "HEAD_OFFICE"),
    "lead": ("STEWARD_LEAD", "문태양", "고객정보관리팀장", "HEAD_OFFICE"),
    "fp": ("FP", "김보람", "FP", "BRANCH"),
    "manager": ("BRANCH_MANAGER", "오세훈", "지점장", "BRANCH"),
    "compliance": ("COMPLIANCE_OFFICER", "한지우", "준법감시", "HEAD_OFFICE"),
    "privacy": ("PRIVACY_OFFICER", "서유진", "개인정보보호책임자", "HEAD_OFFICE"),
    "campaign": ("CAMPAIGN_MANAGER", "윤하린", "마케팅기획", "HEAD_OFFICE"),
    "admin": ("ADMINISTRATOR", "조민재", "시스템관리", "HEAD_OFFICE"),
    "auditor": ("AUDITOR", "임서현", "감사", "HEAD_OFFICE"),
    "service": ("SERVICE_CLIENT", "온라인창구", "시스템", "HEAD_OFFICE"),
}
