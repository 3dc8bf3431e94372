import sys
from getpass import getpass

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from accounts.models import Agency, User
from accounts.roles import Role
from accounts.services import create_user
from areas.models import Area


class Command(BaseCommand):
    help = (
        "Adds an account: the first administrator of a new installation. The password is asked for, or read from stdin."
    )

    def add_arguments(self, parser):
        parser.add_argument("username")
        parser.add_argument("--name", required=True, help="full name")
        parser.add_argument("--role", required=True, choices=[role.value for role in Role])
        parser.add_argument("--area", help="code of the ward, district or city, if the role needs one")
        parser.add_argument("--agency", help="code of the agency, if the role needs one")

    def handle(self, *args, username, name, role, area, agency, **options):
        # a code that was used again means its newest area
        values = {"username": username, "full_name": name, "role": role}
        values["area"] = self.one(Area.objects.order_by("-valid_from"), area, "địa bàn")
        values["agency"] = self.one(Agency.objects.all(), agency, "cơ quan")
        try:
            password = self.password()
            validate_password(password, User(username=username, full_name=name))
            create_user(password=password, by=None, **values)
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error
        self.stdout.write(f"Đã tạo tài khoản {username}.")

    def one(self, rows, code, what):
        if not code:
            return None
        found = rows.filter(code=code).first()
        if found is None:
            raise CommandError(f"Không có {what} mã {code}.")
        return found

    def password(self) -> str:
        if not sys.stdin.isatty():
            return sys.stdin.readline().rstrip("\n")
        first, second = getpass("Mật khẩu: "), getpass("Nhập lại mật khẩu: ")
        if first != second:
            raise CommandError("Hai lần nhập khác nhau.")
        return first
