"""The channels of a life insurer, as data: what an installation starts with. Administrators may rename them."""

# code → (Korean name, English name)
CHANNELS = {
    "FP": ("전속 설계사", "Financial planners"),
    "GA": ("법인보험대리점", "General agencies"),
    "BANCASSURANCE": ("방카슈랑스", "Bancassurance"),
    "TELEMARKETING": ("텔레마케팅", "Telemarketing"),
    "DIRECT": ("다이렉트", "Direct"),
    "CORPORATE": ("법인영업", "Corporate sales"),
}
HEAD_OFFICE = ("H000", "본사")
