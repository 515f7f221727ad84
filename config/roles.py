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
WHOLE_STOCK = ["customers.view_every_customer"]

ROLES = {
    "DATA_STEWARD": {
        "name": _("Data steward"),
        "permissions": [
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
        "permissions": [
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
        ],
    },
    "FP": {"name": _("Financial planner"), "permissions": [*VIEW]},
    "BRANCH_MANAGER": {"name": _("Branch manager"), "permissions": [*VIEW, "customers.view_branch_customers"]},
    "COMPLIANCE_OFFICER": {
        "name": _("Compliance officer"),
        "permissions": [*VIEW, *MATCHING, *GOLDEN_RULES, *WHOLE_STOCK, *OVERSIGHT],
    },
    "PRIVACY_OFFICER": {
        "name": _("Privacy officer"),
        "permissions": [*VIEW, *MATCHING, *GOLDEN_RULES, *WHOLE_STOCK, *OVERSIGHT],
    },
    "CAMPAIGN_MANAGER": {"name": _("Campaign manager"), "permissions": [*VIEW, *WHOLE_STOCK]},
    "ADMINISTRATOR": {
        "name": _("Administrator"),
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
            "customers.publish_mapping",
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
        "permissions": [*MATCHING, *OVERSIGHT, "accounts.view_staff"],
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
