"""Files on their way in: how they are kept, for how long, and when one may be fed again."""

import os
import stat
from datetime import timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from customers.feeds.mapping import canonical_definition
from customers.models import FeedRun, SourceRecord, SourceSystem
from customers.services import feeds, receiving
from tests.accounts.builders import make_staff
from tests.customers.builders import NOW, as_text, feed, make_feed_run, make_mapping, make_rrn, person

pytestmark = pytest.mark.usefixtures("master")


def upload(*rows: dict[str, str], is_dry_run: bool = False, **more: object) -> FeedRun:
    """The run of an uploaded file."""
    text = as_text(rows or [person()], person())
    wanted = {"layout": "customers", "mapping": None, "by": make_staff(), "at": NOW}
    return receiving.receive_upload(
        source=SourceSystem.objects.get(code="POLICY"),
        upload=SimpleUploadedFile("customers.csv", text.encode()),
        is_dry_run=is_dry_run,
        **wanted | more,
    )


def put_into_inbox(name: str = "daily.csv", text: str = "source_key,name\nK1,김하나\n") -> Path:
    settings.FEED_INBOX.mkdir(exist_ok=True)
    path = settings.FEED_INBOX / name
    path.write_text(text)
    return path


def pick_up(name: str = "daily.csv", **more: object) -> FeedRun:
    wanted = {"layout": "customers", "mapping": None, "is_dry_run": True, "by": make_staff(), "at": NOW}
    return receiving.pick_up(source=SourceSystem.objects.get(code="POLICY"), name=name, **wanted | more)


def repeat(run: FeedRun, *, is_dry_run: bool = False) -> FeedRun:
    return receiving.repeat_feed(run=run, is_dry_run=is_dry_run, by=make_staff(), at=NOW)


@pytest.fixture(autouse=True)
def emptied_inbox() -> None:
    if settings.FEED_INBOX.is_dir():
        for path in settings.FEED_INBOX.iterdir():
            path.unlink()


def test_an_upload_is_kept_for_its_owner_alone_under_a_name_of_ours():
    run = upload()

    path = Path(run.file_path)
    assert (run.file_name, run.state, run.file_size) == ("customers.csv", "WAITING", path.stat().st_size)
    assert (path.parent, path.suffix) == (settings.FEED_DIR / "received", ".csv")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert stat.S_IMODE(path.parent.stat().st_mode) == 0o700


def test_an_upload_that_cannot_be_kept_is_refused_in_words_and_leaves_nothing(settings, tmp_path):
    settings.FEED_DIR = tmp_path / "a-file-not-a-folder"
    settings.FEED_DIR.write_text("")

    with pytest.raises(feeds.FeedRefused):
        upload()

    assert FeedRun.objects.count() == 0


def test_the_inbox_shows_plain_files_only():
    plain = put_into_inbox("b.csv")
    put_into_inbox("a.csv")
    put_into_inbox(".hidden.csv")
    (settings.FEED_INBOX / "link.csv").symlink_to(plain)

    assert [file.name for file in receiving.inbox()] == ["a.csv", "b.csv"]


def test_a_file_whose_name_is_no_unicode_is_left_out_of_the_inbox():
    put_into_inbox("daily.csv")
    (settings.FEED_INBOX / os.fsdecode(b"\xb0\xed.csv")).write_text("x")

    assert [file.name for file in receiving.inbox()] == ["daily.csv"]


@pytest.mark.parametrize("name", ["absent.csv", "../keys.json", "link.csv", ""])
def test_nothing_but_a_file_of_the_inbox_is_picked_up(name):
    (settings.FEED_INBOX / "link.csv").symlink_to(put_into_inbox())

    with pytest.raises(feeds.FeedRefused):
        pick_up(name)

    assert FeedRun.objects.count() == 0


def test_after_a_dry_run_the_copy_waits_for_the_real_run_which_removes_it():
    dry = feeds.run_feed(run=upload(person(source_key="K1"), is_dry_run=True))

    assert (receiving.can_repeat(dry), SourceRecord.objects.count()) == (True, 0)
    real = feeds.run_feed(run=repeat(dry))

    assert (real.state, real.is_dry_run, real.file_name) == ("DONE", False, "customers.csv")
    assert list(SourceRecord.objects.values_list("source_key", flat=True)) == ["K1"]
    assert (Path(dry.file_path).exists(), receiving.can_repeat(dry), receiving.can_repeat(real)) == (False,) * 3


def test_the_real_run_of_a_copy_is_asked_for_once():
    dry = feeds.run_feed(run=upload(is_dry_run=True))
    repeat(dry)

    with pytest.raises(receiving.AlreadyRequested):
        repeat(dry)

    assert FeedRun.objects.count() == 2


def test_a_run_that_failed_keeps_its_copy_to_be_tried_again():
    run = upload(mapping=make_mapping({"columns": {}}))

    run = feeds.run_feed(run=run)

    assert (run.state, receiving.can_repeat(run)) == ("FAILED", True)
    assert repeat(run).file_path == run.file_path


def test_a_run_is_not_repeated_while_it_is_not_over():
    with pytest.raises(receiving.RunNotOver):
        repeat(upload())


def test_a_run_is_not_repeated_by_a_mapping_that_was_retired():
    mapping = make_mapping(canonical_definition("customers"))
    run = feeds.run_feed(run=upload(is_dry_run=True, mapping=mapping))
    mapping.state = "RETIRED"
    mapping.save()

    with pytest.raises(receiving.MappingNotLive):
        repeat(run)


def test_a_run_is_not_repeated_without_its_file():
    with pytest.raises(receiving.FileGone):
        repeat(make_feed_run())


def test_a_file_of_the_inbox_that_was_changed_is_not_run_for_real_on_the_word_of_an_older_dry_run():
    path = put_into_inbox()
    os.utime(path, times=(0, (NOW - timedelta(hours=1)).timestamp()))
    run = feeds.run_feed(run=pick_up())

    assert repeat(run, is_dry_run=True).file_path == str(path)
    os.utime(path, times=(0, (NOW + timedelta(minutes=1)).timestamp()))
    with pytest.raises(receiving.FileChanged):
        repeat(run)


def test_a_file_of_the_inbox_stays_where_its_sender_put_it():
    path = put_into_inbox()

    run = feeds.run_feed(run=pick_up(is_dry_run=False))

    assert (run.state, path.exists()) == ("DONE", True)


def test_copies_and_rejects_are_removed_when_they_are_old_but_not_from_under_a_waiting_run():
    dry, waiting = feeds.run_feed(run=upload(is_dry_run=True)), upload()
    rejected = feed([person(name="")])
    age([dry.file_path, waiting.file_path], timedelta(hours=settings.FEED_COPY_HOURS, seconds=1))
    age([rejected.reject_path], timedelta(days=settings.FEED_REJECT_DAYS) - timedelta(seconds=1))

    receiving.remove_old_files(at=NOW)

    assert [Path(path).exists() for path in (dry.file_path, waiting.file_path, rejected.reject_path)] == [
        False,
        True,
        True,
    ]
    age([rejected.reject_path], timedelta(days=settings.FEED_REJECT_DAYS, seconds=1))
    receiving.remove_old_files(at=NOW)
    assert receiving.reject_file(rejected) is None


def age(paths: list[str], by: timedelta) -> None:
    for path in paths:
        os.utime(path, times=(0, (NOW - by).timestamp()))


def test_a_file_outside_the_folder_of_rejects_is_never_taken_for_one():
    run = make_feed_run(reject_path=str(settings.LOCAL_DIR / "sent" / "1.csv"))
    (settings.LOCAL_DIR / "sent").mkdir(exist_ok=True)
    Path(run.reject_path).write_text("secret")

    assert receiving.reject_file(run) is None


def test_a_fault_of_the_program_ends_the_run_in_words_and_quotes_no_row_in_the_log(monkeypatch, caplog):
    rrn = make_rrn()

    def broken(*_arguments: object) -> None:
        raise KeyError(rrn)

    monkeypatch.setattr(feeds, "_connect", broken)

    run = feed([person(source_key="K1")])

    assert (run.state, SourceRecord.objects.count()) == ("FAILED", 0)
    assert "KeyError" not in run.error
    assert f"Feed run {run.pk} was stopped by KeyError" in caplog.text
    assert rrn not in caplog.text + run.error


def test_a_run_that_is_cut_off_again_and_again_is_given_up():
    run = upload()
    run.attempts = feeds.MOST_ATTEMPTS
    run.save()

    run = feeds.run_feed(run=run)

    assert (run.state, str(feeds.MOST_ATTEMPTS) in run.error) == ("FAILED", True)


def test_a_vanished_file_is_named_as_its_sender_calls_it():
    run = upload()
    Path(run.file_path).unlink()

    run = feeds.run_feed(run=run)

    assert (run.state, "customers.csv" in run.error, Path(run.file_path).name in run.error) == ("FAILED", True, False)
