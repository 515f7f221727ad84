"""Addresses of login, of one's own account, of the access of others, and of service clients."""

from django.urls import path

from accounts import views
from accounts.views import cases, exports, reviews, trail
from accounts.views.purposes import purpose
from accounts.views.rights import rights_list

app_name = "accounts"

urlpatterns = [
    path("login/", views.StaffLoginView.as_view(), name="login"),
    path("login/second-factor/", views.SecondFactorView.as_view(), name="second-factor"),
    path("logout/", views.StaffLogoutView.as_view(), name="logout"),
    path("stay/", views.session_stay, name="stay"),
    path("idle/", views.session_idle, name="idle"),
    path("language/", views.language, name="language"),
    path("profile/", views.ProfileView.as_view(), name="profile"),
    path("password/", views.StaffPasswordChangeView.as_view(), name="password-change"),
    path("password/<uidb64>/<token>/", views.FirstPasswordView.as_view(), name="password-first"),
    path("second-factor/", views.SecondFactorSetUpView.as_view(), name="second-factor-set-up"),
    path("second-factor/codes/", views.recovery_codes_renew, name="recovery-codes-renew"),
    path("sessions/", views.SessionListView.as_view(), name="session-list"),
    path("sessions/end/", views.sessions_end, name="sessions-end"),
    path("sessions/<int:pk>/end/", views.session_end, name="session-end"),
    path("staff/<int:pk>/access/", views.StaffAccessView.as_view(), name="staff-access"),
    path("staff/<int:pk>/access/sessions/<int:session>/end/", views.staff_session_end, name="staff-session-end"),
    path("staff/<int:pk>/access/second-factor/reset/", views.second_factor_reset, name="second-factor-reset"),
    path("staff/<int:pk>/access/unlock/", views.login_unlock, name="login-unlock"),
    path("staff/<int:pk>/access/password/", views.password_hand_over, name="password-hand-over"),
    path("service-keys/", views.ServiceKeyListView.as_view(), name="service-key-list"),
    path("service-keys/issue/", views.ServiceKeyIssueView.as_view(), name="service-key-issue"),
    path("service-keys/<int:pk>/rotate/", views.service_key_rotate, name="service-key-rotate"),
    path("service-keys/<int:pk>/revoke/", views.service_key_revoke, name="service-key-revoke"),
    # notices
    path("notices/", views.NoticeList.as_view(), name="notice-list"),
    path("notices/read/", views.notices_read, name="notices-read"),
    path("notices/<int:pk>/read/", views.notice_read, name="notice-read"),
    # rules
    path("purpose/", purpose, name="purpose"),
    path("rights/", rights_list, name="rights-list"),
    # exports
    path("exports/", exports.ExportRegister.as_view(), name="export-list"),
    path("exports/verify/", exports.ExportVerify.as_view(), name="export-verify"),
    path("exports/new/<slug:code>/", exports.ExportRequest.as_view(), name="export-request"),
    path("exports/<int:pk>/", exports.export_detail, name="export-detail"),
    path("exports/<int:pk>/approve/", exports.export_approve, name="export-approve"),
    path("exports/<int:pk>/refuse/", exports.export_refuse, name="export-refuse"),
    path("exports/<int:pk>/download/", exports.export_download, name="export-download"),
    path("exports/<int:pk>/destroyed/", exports.export_destroyed, name="export-destroyed"),
    path("printed/", exports.print_noted, name="print-noted"),
    # review
    path("reviews/", reviews.ReviewListView.as_view(), name="review-list"),
    path("reviews/draw/", reviews.review_draw, name="review-draw"),
    path("reviews/<int:pk>/", reviews.ReviewDetailView.as_view(), name="review-detail"),
    path("reviews/<int:pk>/sign/", reviews.review_sign, name="review-sign"),
    path("reviews/<int:pk>/report/", reviews.review_report, name="review-report"),
    path("reviews/entries/<int:pk>/", reviews.review_item, name="review-item"),
    path("reviews/entries/<int:pk>/ask/", reviews.item_ask, name="item-ask"),
    path("reviews/entries/<int:pk>/accept/", reviews.item_accept, name="item-accept"),
    path("reviews/entries/<int:pk>/escalate/", reviews.item_escalate, name="item-escalate"),
    path("questions/", reviews.QuestionListView.as_view(), name="question-list"),
    path("questions/<int:pk>/answer/", reviews.question_answer, name="question-answer"),
    path("cases/", cases.CaseListView.as_view(), name="case-list"),
    path("cases/<int:pk>/", cases.case_detail, name="case-detail"),
    path("cases/<int:pk>/take/", cases.case_take, name="case-take"),
    path("cases/<int:pk>/hand-back/", cases.case_hand_back, name="case-hand-back"),
    path("cases/<int:pk>/close/", cases.case_close, name="case-close"),
    # trail
    path("trail/", trail.trail_list, name="trail-list"),
    path("trail/<str:month>/<int:lane>/<int:number>/", trail.trail_detail, name="trail-detail"),
]
