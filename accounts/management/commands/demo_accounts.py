"""One account per role for a demonstration."""

import json

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from accounts.services.demonstration import DemoAccount, DemonstrationRefused, refresh_demo_staff


class Command(BaseCommand):
    help = "Enter or refresh one account per role and print them; refused where this is no demonstration."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--keeper", default="", help="employee number of the FP whose account is taken for FP")
        parser.add_argument("--branch", default="", help="code of the branch for the branch manager and the FP")
        parser.add_argument("--json", action="store_true", help="print JSON")

    def handle(self, *args: object, **options: object) -> None:
        password = settings.DEMO_PASSWORD
        try:
            accounts = refresh_demo_staff(password=password, keeper=options["keeper"], branch=options["branch"])
        except DemonstrationRefused as refusal:
            raise CommandError(str(refusal)) from None
        self.stdout.write(as_json(accounts, password) if options["json"] else as_table(accounts, password))


def as_json(accounts: list[DemoAccount], password: str) -> str:
    """The accounts for a machine: a list of role, employee_number, password."""
    return json.dumps(
        [
            {"role": account.role, "employee_number": account.employee_number, "password": password}
            for account in accounts
        ]
    )


def as_table(accounts: list[DemoAccount], password: str) -> str:
    """The accounts for a person, one a line, in columns."""
    rows = [("role", "employee number", "password")]
    rows += [(account.role, account.employee_number, password) for account in accounts]
    widths = [max(len(row[column]) for row in rows) for column in range(2)]
    return "\n".join(f"{role:<{widths[0]}}  {number:<{widths[1]}}  {word}" for role, number, word in rows)
