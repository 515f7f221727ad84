"""Which apps take part in what, in this order: lists of dotted paths. Like MIDDLEWARE, order is meaning."""

# The panels of the 360° page: `(customer, viewer) -> Panel | None`.
CUSTOMER_PANELS = [
    "consent.panels.cleanup.ask",
    "customers.panels.basics",
    "customers.panels.differences",
    "customers.panels.contact_points",
    "consent.panels.contact.contacts",
    "customers.panels.contracts",
    "relations.panels.households.households",
    "relations.panels.relationships.relationships",
    "relations.panels.keepers.keepers",
    "relations.panels.organisations.organisation",
    "relations.panels.finances.finances",
    "relations.panels.groups.group_cover",
    "consent.panels.gate.gate",
    "consent.panels.consents.consents",
    "consent.panels.holds.holds",
    "consent.panels.rights.rights",
    "customers.panels.sources",
    "customers.panels.acts.decisions",
    "customers.panels.timeline",
    "customers.panels.history",
    "customers.panels.named_people.named_people",
]
# The cards of the start page.
HOME_CARDS = [
    "accounts.home.notices",
    "accounts.reviews.cards.questions",
    "accounts.exporting.cards.exported_files",
    "customers.cards.duties",
    "consent.cards.breach_clocks",
    "consent.cards.due_and_late",
    "consent.cards.under_way",
    "customers.cards.review",
    "accounts.reviews.cards.review",
    "accounts.reviews.cards.cases",
    "customers.cards.customers_in_scope",
    "relations.household_cards.suggestions",
    "relations.keeper_cards.handovers",
    "relations.keeper_cards.orphans",
    "relations.prospect_cards.prospects",
    "relations.prospect_cards.desk",
    "relations.group_cards.cover_ends",
    "customers.cards.newest_feed_runs",
    "customers.cards.punctuality_of_sources",
    "accounts.home.administration",
    "accounts.home.what_comes_next",
]
# What a notice says, by its kind: tables {kind: sentence}.
NOTICE_WORDS = [
    "accounts.notice_words.WORDS",
    "customers.notice_words.WORDS",
    "accounts.exporting.words.NOTICES",
    "accounts.reviews.words.NOTICES",
    "relations.words.handovers.NOTICES",
    "relations.words.prospects.NOTICES",
    "consent.words.gate.NOTICES",
    "consent.words.rights.NOTICES",
    "consent.words.retention.NOTICES",
    "consent.words.numbers.NOTICES",
    "consent.words.breaches.NOTICES",
    "consent.words.contact.NOTICES",
    "consent.words.laws.NOTICES",
]
# What somebody was given to do with a customer that day: `(staff, customer, day) -> works`, and the words of each code.
DECLARED_WORK = [
    "customers.declared_work.pairs",
    "customers.declared_work.proposals",
    "customers.declared_work.duties",
    "customers.declared_work.acts",
    "customers.declared_work.grants",
]
DECLARED_WORK_WORDS = ["customers.declared_work.WORDS"]
# Whose data the words of an address are about: `(words) -> ids of customers`.
TRAIL_SUBJECTS = ["customers.subjects.of_number", "customers.subjects.of_written_number"]
# What apps know of roles of customers that are live beside those on contracts, `(customer ids) -> ids`.
CUSTOMER_LIVE_ROLES = ["relations.living.covered"]
CUSTOMER_INTAKE_CHECKS: list[str] = []
# What keeps customers as they are, so that nobody merges them: `(customer ids) -> ids`.
CUSTOMER_MERGE_HOLDS = ["consent.holds.held_back"]
# Registers that say, against the sources, who has proven what: `customers.gates.Gate`; the last to speak counts.
CUSTOMER_GATES = ["consent.gates.proofs"]
CUSTOMER_MERGE_PARTICIPANTS = [
    "customers.merging.Links",
    "customers.merging.ContractRoles",
    "customers.merging.Wishes",
    "customers.merging.Keepings",
    "customers.merging.Protections",
    "customers.merging.Grants",
    "relations.merging.relationships.Relationships",
    "relations.merging.households.Memberships",
    "relations.merging.households.Suggestions",
    "relations.merging.prospects.Prospects",
    "relations.merging.prospects.Disputes",
    "relations.merging.finances.Facts",
    "relations.merging.finances.Policies",
    "relations.merging.finances.Profiles",
    "relations.merging.keepers.Keepers",
    "relations.merging.handovers.HandoverItems",
    "relations.merging.orphans.OrphanNotes",
    "relations.merging.organisations.Places",
    "relations.merging.organisations.Affiliations",
    "relations.merging.organisations.Officers",
    "relations.merging.groups.Rosters",
    "relations.merging.groups.Members",
    "consent.merging.gate.Verifications",
    "consent.merging.gate.GateStays",
    "consent.merging.rights.Requests",
    "consent.merging.retention.Holds",
    "consent.merging.retention.RetentionStays",
    "consent.merging.contact.StandsAgainstContacts",
    "consent.merging.breaches.BreachNotices",
    "consent.merging.consents.Consents",
]
# Who acted on a merged view, so that they learn when it comes apart:
# `(customer, since) -> {staff id: (code, instant)}`.
CUSTOMER_WITNESSES = [
    "customers.services.unmerges.stewards_who_acted",
    "customers.services.unmerges.keeper_of",
]
CUSTOMER_HOLDERS = [
    "relations.holding.keepers.Keepers",
    "relations.holding.handovers.HandoverItems",
    "relations.holding.orphans.OrphanNotes",
    "relations.holding.organisations.Places",
    "relations.holding.organisations.Affiliations",
    "relations.holding.organisations.Officers",
    "relations.holding.relationships.Relationships",
    "relations.holding.households.Memberships",
    "relations.holding.households.Events",
    "relations.holding.households.SuggestedMembers",
    "relations.holding.households.Refusals",
    "relations.holding.prospects.Prospects",
    "relations.holding.prospects.Disputes",
    "relations.holding.finances.Facts",
    "relations.holding.finances.Policies",
    "relations.holding.finances.Profiles",
    "relations.holding.groups.Members",
    "relations.holding.groups.Rosters",
    "consent.holding.gate.Verifications",
    "consent.holding.gate.GateChanges",
    "consent.holding.gate.CleanupAsks",
    "consent.holding.rights.Requests",
    "consent.holding.retention.Holds",
    "consent.holding.retention.DestructionItems",
    "consent.holding.retention.SeparatedUses",
    "consent.holding.contact.Refusals",
    "consent.holding.contact.Circumstances",
    "consent.holding.contact.DoNotCallNumbers",
    "consent.holding.contact.Decisions",
    "consent.holding.breaches.BreachNotices",
    "consent.holding.consents.Conflicts",
    "consent.holding.consents.Consents",
    "consent.holding.consents.Receipts",
    # The master's own come last, in this order: what hangs on records goes before the links by which it is found.
    "customers.holders.accounts.Trail",
    "customers.holders.accounts.Reviews",
    "customers.holders.accounts.Exports",
    "customers.holders.access.Rights",
    "customers.holders.access.Reveals",
    "customers.holders.decisions.Wishes",
    "customers.holders.decisions.Proposals",
    "customers.holders.decisions.Acts",
    "customers.holders.decisions.Pairs",
    "customers.holders.records.Records",
    "customers.holders.values.Numbers",
    "customers.holders.values.Values",
]
# Who is told, in the same transaction, that customers came in scope or left it: `(moves of the gate, at)`.
CUSTOMER_EVENTS = ["consent.services.gate.note_moves"]
# How often customers were solicited in a month: `(ids or None for all, at) -> {customer id: times}`; the sums count.
CONTACT_CAPS: list[str] = []
# What makes an entry worth a look, `() -> [Risk]`; what looks for unusual access of a day, `accounts.reviews.Detector`;
# what somebody worked on, `(staff, day) -> [Work]`; the numbers of customers, `(ids, viewer) -> {id: Reference}`.
ACCESS_RISKS = ["accounts.reviews.risks.of_the_entry", "customers.detectors.risks"]
ACCESS_DETECTORS = [
    "accounts.reviews.detectors.VOLUME",
    "accounts.reviews.detectors.HOURS",
    "accounts.reviews.detectors.BREADTH",
    "accounts.reviews.detectors.COPIES",
    "customers.detectors.PROTECTED",
    "customers.detectors.VIPS",
    "customers.detectors.FAMILY",
    "customers.detectors.OWN",
    "customers.detectors.FORMER",
]
ACCESS_WORK = ["customers.detectors.work_of"]
ACCESS_REFERENCES = ["customers.detectors.references"]
# What an installation begins with beside the master's own, `() -> {what: how many were made}`; repeatable.
SETUPS = ["consent.services.seeding.set_up_consent", "consent.services.law_seeding.set_up_laws"]
# What `manage.py bench --above` measures: `(staff) -> (area, {figure: value}), …`.
BENCHES = ["relations.bench.whole.measure", "consent.bench.whole.measure"]
# What seals values beside the master: `() -> Rotation`, to be called when keys are rotated.
KEY_ROTATIONS = [
    "relations.services.groups_keys.rotate_keys_of_members",
    "consent.services.packs_keys.rotate_keys_of_packs",
]
# What may keep somebody from taking files: `(staff, day) -> sentence`, empty where it does not.
DOWNLOAD_LOCKS = ["accounts.downloads.owes_an_answer", "relations.downloads.gives_up_customers"]
# The lists that files may be made of.
EXPORT_LISTS = {
    "customers": "customers.exports.CustomerExport",
    "pairs": "customers.exports.PairExport",
    "acts": "customers.exports.ActExport",
    "protected": "customers.exports.ProtectedExport",
    "organisations": "relations.organisation_exports.OrganisationExport",
    "prospects": "relations.prospect_exports.ProspectExport",
    "fairness": "relations.prospect_exports.FairnessExport",
    "outflows": "consent.outflow_exports.OutflowExport",
    "affected": "consent.outflow_exports.AffectedExport",
    "consents": "consent.consent_exports.ConsentExport",
}
# What the apps above add to a loaded demonstration, in this order, `(at) -> {what: how many}`; it may be repeated.
DEMO_SEEDS = [
    "relations.demo.households.seed",
    "relations.demo.relationships.seed",
    "relations.demo.organisations.seed",
    "relations.demo.groups.seed",
    "relations.demo.keepers.seed",
    "relations.demo.prospects.seed",
    "relations.demo.finances.seed",
    "consent.demo.consents.seed",
    "consent.demo.texts.seed",
    "consent.demo.gate.seed",
    "consent.demo.contact.seed",
    "consent.demo.outflows.seed",
    "consent.demo.rights.seed",
    "consent.demo.retention.seed",
]
