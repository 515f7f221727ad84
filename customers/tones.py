"""The colours of states, as badges know them; the words always stand beside the colour. Pure."""

GRADES = {"VIP": "blue", "GOLD": "yellow"}
GATES = {"IN_SCOPE": "green", "UNVERIFIED": "yellow", "NO_CONSENT": "yellow", "NEITHER": "red"}
PLAIN = "secondary"
