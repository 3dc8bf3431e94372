from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from accounts import backup
from accounts.backup_archive import Unreadable, WeakKey


class Command(BaseCommand):
    help = "Put a backup in place of the database. Stop web, worker and beat first. Whole, or nothing is changed."

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path)
        parser.add_argument("--check", action="store_true", help="only read the backup from end to end")
        parser.add_argument("--replace", action="store_true", help="over a database that has accounts")
        parser.add_argument("--other-keys", action="store_true", help="although FIELD_KEYS lack a key of the backup")

    def handle(self, *, path, check, replace, other_keys, **options):
        try:
            if check:
                head = backup.check(path=path)
                self.stdout.write(f"Bản sao lưu {head['engine']} lập lúc {head['made_at']}: đọc được đủ.")
                return
            head = backup.restore(path=path, replace=replace, other_keys=other_keys)
        except (backup.Refused, Unreadable, WeakKey) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không đọc hoặc ghi được tệp: {error.strerror}. Dữ liệu cũ còn nguyên.") from error
        self.stdout.write(f"Đã phục hồi bản sao lưu lập lúc {head['made_at']}.")
