"""What the workers do by themselves, and how often (seconds, or a crontab in Korean time)."""

from celery.schedules import crontab

TIMETABLE = {
    # Keepers follow the sources in the night; whoever changes keepers on a day does so when it begins.
    "adopt-keepers": {"task": "relations.adopt_keepers", "schedule": crontab(hour="4", minute="10")},
    "follow-owners": {"task": "relations.follow_owners", "schedule": crontab(hour="4", minute="40")},
    "carry-out-handovers": {"task": "relations.carry_out_due_handovers", "schedule": crontab(hour="0", minute="10")},
    "resume-interrupted-feeds": {
        "task": "customers.resume_feeds",
        "schedule": 30.0,
        "options": {"expires": 30.0},  # while a worker is at a long file they must not pile up
    },
    "resume-interrupted-match-runs": {
        "task": "customers.resume_match_runs",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "resume-interrupted-bulk-actions": {
        "task": "customers.resume_bulk_acts",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "resume-interrupted-exports": {
        "task": "accounts.resume_exports",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    # Answer packs hold everything of somebody; they go on their day. Whoever answers is told what is due.
    "destroy-answer-packs": {"task": "consent.destroy_answer_packs", "schedule": crontab(hour="3", minute="50")},
    "note-due-requests": {"task": "consent.note_due_requests", "schedule": crontab(hour="8", minute="30")},
    "expire-exports": {"task": "accounts.expire_exports", "schedule": 3600.0},
    # The review of the month before is drawn once; in the morning what was unusual is looked for, in the last days too.
    "draw-review": {"task": "accounts.draw_review", "schedule": 3600.0},
    "note-locks": {"task": "accounts.note_locks", "schedule": 3600.0},
    "detect-unusual": {"task": "accounts.detect_unusual", "schedule": crontab(hour="5", minute="30")},
    # Days of the trail are signed when they are over, once; its months are opened ahead and dropped when they are old.
    "anchor-trail": {"task": "accounts.anchor_trail", "schedule": 3600.0},
    "keep-trail-months": {"task": "accounts.keep_trail_months", "schedule": 86400.0},
    "remove-old-feed-files": {"task": "customers.remove_old_feed_files", "schedule": 3600.0},
    # Days end at midnight in Korea; repeating it within the day finds nothing more.
    "end-wishes": {"task": "customers.end_wishes", "schedule": 3600.0},
    "resume-interrupted-household-searches": {
        "task": "relations.resume_household_searches",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "resume-interrupted-handover-plannings": {
        "task": "relations.resume_handover_plannings",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "resume-interrupted-rosters": {
        "task": "relations.resume_rosters",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "tidy-rosters": {"task": "relations.tidy_rosters", "schedule": 3600.0},
    "end-rulings": {"task": "customers.end_rulings", "schedule": 3600.0},
    "expire-prospects": {"task": "relations.expire_prospects", "schedule": 3600.0},
    "convert-prospects": {"task": "relations.convert_prospects", "schedule": 600.0, "options": {"expires": 600.0}},
    "end-grants": {"task": "customers.end_grants", "schedule": 300.0, "options": {"expires": 300.0}},
    # Whose the numbers of the do-not-call register are; who changed a number in the day is found again in the night.
    "match-do-not-call": {"task": "consent.match_do_not_call", "schedule": crontab(hour="2", minute="50")},
    # After consents have lapsed: who is in scope today, and what the others are asked.
    "follow-gate": {"task": "consent.follow_gate", "schedule": crontab(hour="1", minute="30")},
    # Destruction is proposed after the night's gate and consents; what was approved is carried out whenever it stops.
    "propose-destruction": {"task": "consent.propose_destruction", "schedule": crontab(hour="3", minute="30")},
    "follow-copies": {"task": "consent.follow_copies", "schedule": crontab(hour="6", minute="10")},
    "resume-interrupted-destructions": {
        "task": "consent.resume_destructions",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    "warn-of-breaches": {"task": "consent.warn_of_breaches", "schedule": 600.0, "options": {"expires": 600.0}},
    "resume-interrupted-breach-draws": {
        "task": "consent.resume_draws",
        "schedule": 30.0,
        "options": {"expires": 30.0},
    },
    # What sources tell of consents is taken over soon after a load; what ran out is written down when a day begins.
    "adopt-consents": {"task": "consent.adopt_consents", "schedule": 1800.0, "options": {"expires": 1800.0}},
    "lapse-consents": {"task": "consent.lapse_consents", "schedule": crontab(hour="0", minute="20")},
    "count-texts": {"task": "consent.count_texts", "schedule": 1800.0, "options": {"expires": 1800.0}},
}
