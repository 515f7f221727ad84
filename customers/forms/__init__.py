"""Input of the master's pages, one module per subject. It is checked here; the services act on it."""

from customers.forms.checks import DuplicateCheckForm
from customers.forms.feeds import FeedForm, FeedPickUpForm, FeedUploadForm
from customers.forms.mappings import MappingEditForm, MappingPublishForm, MappingSampleForm
from customers.forms.match_drafts import MatchDraftForm

__all__ = [
    "DuplicateCheckForm",
    "FeedForm",
    "FeedPickUpForm",
    "FeedUploadForm",
    "MappingEditForm",
    "MappingPublishForm",
    "MappingSampleForm",
    "MatchDraftForm",
]
