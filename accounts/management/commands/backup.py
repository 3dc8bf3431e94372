from pathlib import Path

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from accounts import backup
from accounts.backup_archive import Unreadable, WeakKey


class Command(BaseCommand):
    help = (
        "Write the database and the portal's files into one file, encrypted with BACKUP_KEY; people may go on working."
    )

    def add_arguments(self, parser):
        parser.add_argument("path", type=Path, help="a new file, or a folder: the file is named by day and time")

    def handle(self, *, path, **options):
        now = timezone.localtime()
        if path.is_dir():
            path = path / f"giam-ngheo-{now:%Y%m%d-%H%M%S}.backup"
        try:
            made = backup.back_up(path=path, at=now)
        except (backup.Refused, Unreadable, WeakKey) as error:
            raise CommandError(str(error)) from error
        except OSError as error:
            raise CommandError(f"Không ghi được {path}: {error.strerror}. Không để lại tệp nào.") from error
        size = f"{made.size / 1024 / 1024:.1f}".replace(".", ",")
        self.stdout.write(f"Đã sao lưu {made.tables} bảng vào {made.path} ({size} MB), đã đọc lại đủ.")
