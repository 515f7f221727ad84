"""`manage.py bench`: how fast records are loaded and pages are shown, at the sizes asked for."""

from __future__ import annotations

import json
import tempfile
from argparse import ArgumentParser
from dataclasses import asdict
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand, CommandError
from django.db import connection
from django.utils.module_loading import import_string

from accounts.models import Staff
from accounts.services import assign_role, hire_staff, load_organisation
from customers.bench import loading, pages, trail
from customers.bench.database import own_database
from customers.demo import FEWEST_CUSTOMERS, generate

RECORDS_PER_CUSTOMER = 1.66  # of the demo population, to choose a number of customers for a number of records


class Command(BaseCommand):
    """Works in a database of its own, made anew for every size and dropped at the end."""

    help = "Measure loading beside a bare COPY, and pages beside a floor."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--customers", default="100000,1000000", help="Sizes, in golden customers, by commas.")
        parser.add_argument("--records", help="Sizes in source records instead: 1000000 or more than one, by commas.")
        parser.add_argument("--requests", type=int, default=300, help="Requests per page; 0 measures loading only.")
        parser.add_argument("--trail", type=int, default=0, help="Entries of the trail to measure it with; 0 for none.")
        parser.add_argument("--above", action="store_true", help="Measure what the apps above do with this stock too.")
        parser.add_argument("--seed", type=int, default=7)
        parser.add_argument("--json", type=Path, help="Write the figures to this file as well.")

    def handle(self, **options: object) -> None:
        sizes = self._sizes(options)
        if min(sizes) < FEWEST_CUSTOMERS or options["requests"] < 0:
            raise CommandError(
                f"Every size must be {FEWEST_CUSTOMERS} customers or more, and requests may not be below 0."
            )
        if options["json"]:
            self._check_place(options["json"])
        results = [self._measure(size, options) for size in sizes]
        if options["json"]:
            options["json"].write_text(json.dumps(results, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")

    def _check_place(self, path: Path) -> None:
        """Refuse a file that cannot be written before anything is measured. Raises CommandError."""
        try:
            path.touch()
        except OSError as problem:
            raise CommandError(f"{path}: {problem.strerror}") from None

    def _sizes(self, options: dict[str, object]) -> list[int]:
        """Sizes in true customers of the generator."""
        try:
            if options["records"]:
                return [round(int(size) / RECORDS_PER_CUSTOMER) for size in options["records"].split(",")]
            return [int(size) for size in options["customers"].split(",")]
        except ValueError:
            raise CommandError("Sizes are whole numbers separated by commas.") from None

    def _measure(self, size: int, options: dict[str, object]) -> dict[str, object]:
        with tempfile.TemporaryDirectory(prefix="hannun-bench-") as folder, own_database():
            generate(size, options["seed"], Path(folder), canonical=True)
            self.stdout.write(f"{size:,} customers")
            measured = loading.load_population(Path(folder), self._tell)
            result = {"customers": size, "loading": loading.summary(measured)}
            for name, figure in result["loading"].items():
                self.stdout.write(f"  {name:34} {figure:>14,}")
            with connection.cursor() as cursor:
                cursor.execute("VACUUM ANALYZE")
            if options["requests"]:
                result["pages"] = self._pages(options)
            if options["requests"] and options["trail"]:
                result["trail"] = self._trail(options)
            if options["above"]:
                load_organisation(Path(folder) / "branches.csv", Path(folder) / "staff.csv")
                result["above"] = self._above()
        return result

    def _above(self) -> dict[str, object]:
        """The figures of `settings.BENCHES`, `(staff) -> (area, {figure: value}), …`, told as they come."""
        staff, found = _hired("bench-above", "DATA_STEWARD"), {}
        for path in settings.BENCHES:
            for area, figures in import_string(path)(staff):
                found[area] = figures
                self.stdout.write(f"  {area}: {json.dumps(figures, ensure_ascii=False, default=str)}")
                self.stdout.flush()
        return found

    def _tell(self, loaded: loading.Loaded) -> None:
        self.stdout.write(
            f"  {loaded.file:24} {loaded.rows:>9,} rows · bare {loaded.bare_seconds:6.2f} s · "
            f"standardised {loaded.standardised_seconds:6.2f} s · whole {loaded.whole_seconds:6.2f} s"
        )

    def _trail(self, options: dict[str, object]) -> dict[str, object]:
        """Takes about a minute for each million of entries."""
        staff, officer = _hired("bench-steward", "DATA_STEWARD"), _hired("bench-officer", "PRIVACY_OFFICER")
        who = {"staff": staff, "officer": officer}
        times = asdict(trail.measure_trail(options["trail"], **who, requests=options["requests"], seed=options["seed"]))
        for name, figure in times.items():
            self.stdout.write(f"  trail: {name:27} {figure:>14,}")
        return times

    def _pages(self, options: dict[str, object]) -> list[dict[str, object]]:
        call_command("collectstatic", verbosity=0, interactive=False)
        timed = pages.measure_pages(_hired("bench", "DATA_STEWARD"), options["requests"], options["seed"])
        self.stdout.write(f"  {'page':30} {'queries':>7} {'p50 ms':>8} {'p95 ms':>8}")
        for one in timed:
            self.stdout.write(f"  {one.page:30} {one.queries:>7} {one.p50:>8.2f} {one.p95:>8.2f}")
        return [asdict(one) for one in timed]


def _hired(number: str, role: str) -> Staff:
    staff = hire_staff(employee_number=number, name="측정", job="")
    assign_role(staff=staff, role=role)
    return staff
