"""Addresses of login and of one's own account."""

from django.contrib.auth.views import LogoutView
from django.urls import path

from accounts import views

app_name = "accounts"

urlpatterns = [
    path("login/", views.StaffLoginView.as_view(), name="login"),
    path("logout/", LogoutView.as_view(), name="logout"),
    path("language/", views.language, name="language"),
    path("profile/", views.ProfileView.as_view(), name="profile"),
    path("password/", views.StaffPasswordChangeView.as_view(), name="password-change"),
    path("password/<uidb64>/<token>/", views.FirstPasswordView.as_view(), name="password-first"),
]
