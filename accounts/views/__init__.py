"""Pages of login, of one's own account, of the access of others, and of service clients."""

from accounts.views.logins import (
    SecondFactorView,
    StaffLoginView,
    StaffLogoutView,
    locked,
    session_idle,
    session_stay,
)
from accounts.views.notices import NoticeList, notice_read, notices_read
from accounts.views.pages import HomeView, ProfileView, language
from accounts.views.passwords import FirstPasswordView, StaffPasswordChangeView
from accounts.views.second_factor import SecondFactorSetUpView, recovery_codes_renew
from accounts.views.service_keys import ServiceKeyIssueView, ServiceKeyListView, service_key_revoke, service_key_rotate
from accounts.views.services import whoami
from accounts.views.sessions import SessionListView, session_end, sessions_end
from accounts.views.staff_access import (
    StaffAccessView,
    login_unlock,
    password_hand_over,
    second_factor_reset,
    staff_session_end,
)

__all__ = [
    "FirstPasswordView",
    "HomeView",
    "NoticeList",
    "ProfileView",
    "SecondFactorSetUpView",
    "SecondFactorView",
    "ServiceKeyIssueView",
    "ServiceKeyListView",
    "SessionListView",
    "StaffAccessView",
    "StaffLoginView",
    "StaffLogoutView",
    "StaffPasswordChangeView",
    "language",
    "locked",
    "login_unlock",
    "notice_read",
    "notices_read",
    "password_hand_over",
    "recovery_codes_renew",
    "second_factor_reset",
    "service_key_revoke",
    "service_key_rotate",
    "session_end",
    "session_idle",
    "session_stay",
    "sessions_end",
    "staff_session_end",
    "whoami",
]
