from django.urls import path, re_path

from customers.views import checks, customers, feeds, mappings, match_pairs, matching, search

app_name = "customers"

urlpatterns = [
    path("", customers.CustomerList.as_view(), name="customer-list"),
    path("search/", search.search, name="search"),
    path("check/", checks.duplicate_check, name="duplicate-check"),
    path("feeds/", feeds.FeedList.as_view(), name="feed-list"),
    path("feeds/upload/", feeds.FeedUpload.as_view(), name="feed-upload"),
    path("feeds/pick-up/", feeds.FeedPickUp.as_view(), name="feed-pick-up"),
    path("feeds/<int:pk>/", feeds.feed_detail, name="feed-detail"),
    path("feeds/<int:pk>/repeat/", feeds.feed_repeat, name="feed-repeat"),
    path("feeds/<int:pk>/rejects/", feeds.feed_rejects, name="feed-rejects"),
    path("feeds/mappings/", mappings.MappingList.as_view(), name="mapping-list"),
    path("feeds/mappings/<int:pk>/", mappings.MappingTest.as_view(), name="mapping-test"),
    path("feeds/mappings/<int:pk>/edit/", mappings.MappingEdit.as_view(), name="mapping-edit"),
    path("feeds/mappings/<int:pk>/publish/", mappings.mapping_publish, name="mapping-publish"),
    path("feeds/mappings/<int:pk>/retire/", mappings.mapping_retire, name="mapping-retire"),
    path("feeds/mappings/<int:pk>/copy/", mappings.mapping_copy, name="mapping-copy"),
    path("matching/", matching.MatchingHome.as_view(), name="matching-home"),
    path("matching/runs/request/", matching.match_run_request, name="match-run-request"),
    path("matching/runs/<int:pk>/", matching.match_run_detail, name="match-run-detail"),
    path("matching/runs/<int:pk>/stop/", matching.match_run_stop, name="match-run-stop"),
    path("matching/runs/<int:pk>/resume/", matching.match_run_resume, name="match-run-resume"),
    path("matching/models/", matching.MatchModelList.as_view(), name="match-model-list"),
    path("matching/models/request/", matching.match_model_request, name="match-model-request"),
    path("matching/models/<int:version>/", matching.match_model_detail, name="match-model-detail"),
    path("matching/models/<int:version>/publish/", matching.match_model_publish, name="match-model-publish"),
    path("matching/hubs/", matching.match_hub_list, name="match-hub-list"),
    path("matching/truth/", matching.TruthCheckList.as_view(), name="truth-check-list"),
    path("matching/pairs/", match_pairs.PairList.as_view(), name="pair-list"),
    path("matching/pairs/<int:pk>/", match_pairs.pair_detail, name="pair-detail"),
    re_path(r"^(?P<number>[0-9]{10})/$", customers.customer_detail, name="customer-detail"),
    re_path(r"^(?P<number>[0-9]{10})/records/(?P<pk>[0-9]{1,18})/$", customers.record_detail, name="record-detail"),
    re_path(r"^(?P<written>[Cc]-?[0-9]{9}-?[0-9])/$", customers.customer_by_written_number, name="customer-written"),
]
