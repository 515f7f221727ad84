"""Public holidays of Korea as data, with those made up for and the day of labour; a year ahead, to be continued.

Source: 관공서의 공휴일에 관한 규정, 근로자의 날 제정에 관한 법률.
"""

from datetime import date

DAYS = {
    2025: "0101 0127 0128 0129 0130 0301 0303 0501 0505 0506 0603 0606 0815 1003 1005 1006 1007 1008 1009 1225",
    2026: "0101 0216 0217 0218 0301 0302 0501 0505 0524 0525 0603 0606 0717 0815 0817 0924 0925 0926 1003 1005 1009"
    " 1225",
    2027: "0101 0206 0207 0208 0209 0301 0501 0505 0513 0606 0717 0815 0816 0914 0915 0916 1003 1004 1009 1011 1225"
    " 1227",
}
HOLIDAYS = frozenset(date(year, int(day[:2]), int(day[2:])) for year, days in DAYS.items() for day in days.split())
