"""Backup and restore: the database and the portal's own files in one encrypted file, whole or not at all."""

import hashlib
import os
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.db import DatabaseError, connection, transaction

from accounts import backup_tables
from accounts.backup_archive import PIECE, Stream, Unreadable, reading, writing

FOLDERS = ("mail",)  # in the data folder; all else there is made anew
AGAIN = "before-restore.sqlite3"


class Refused(Exception):
    """Why a backup was not made or not restored, in a sentence for who runs the portal. Nothing was changed."""


@dataclass(frozen=True)
class Made:
    path: Path
    tables: int
    size: int


def back_up(*, path: Path, at: datetime) -> Made:
    """Write a backup, read it again from end to end, and only then give it its name. Refused, OSError: nothing is left."""
    if path.exists():
        raise Refused(f"Đã có tệp {path}; không ghi đè.")
    draft = path.with_name(f".{path.name}.part")
    try:
        with _private(draft) as file, tempfile.TemporaryDirectory(dir=path.parent, prefix=".backup-") as scratch:
            with writing(file, settings.BACKUP_KEY) as archive:
                archive.line(_head(at))
                tables = backup_tables.dump(archive, Path(scratch, "copy.sqlite3"))
                for name, source in _files():
                    with archive.blocks({"file": name}) as blocks, source.open("rb") as content:
                        while piece := content.read(PIECE):
                            blocks.write(piece)
            file.flush()
            os.fsync(file.fileno())
        check(path=draft)
        draft.rename(path)
    finally:
        draft.unlink(missing_ok=True)
    return Made(path, tables, path.stat().st_size)


def check(*, path: Path) -> dict:
    """Read a backup from end to end. Returns its head; Unreadable when it is not as it was written."""
    head = {}
    for told, _ in _read(path):
        head = head or told
    if "engine" not in head:
        raise Unreadable("Tệp này không phải bản sao lưu của cổng.")
    return head


def restore(*, path: Path, replace: bool, other_keys: bool) -> dict:
    """Put the backup in place of the database. Refused, Unreadable, OSError: all is as it was. Returns its head.

    `replace`: over a database that has accounts. `other_keys`: although FIELD_KEYS lack a key of the backup, so that the
    ID numbers sealed with it cannot be read.
    """
    head = check(path=path)  # to its end, before anything is touched
    if head["engine"] != connection.vendor:
        raise Refused(f"Bản sao lưu của {head['engine']} không phục hồi được vào {connection.vendor}.")
    if missing := backup_tables.unknown(head["migrations"]):
        raise Refused(f"Bản sao lưu do phiên bản mới hơn lập: cổng này chưa có {', '.join(missing[:3])}.")
    if not other_keys and set(head["field_keys"]) - set(_fingerprints()):
        raise Refused("FIELD_KEYS thiếu khóa đã dùng khi sao lưu: số định danh sẽ không đọc được.")
    if not replace and has_accounts():
        raise Refused("Cơ sở dữ liệu đang có dữ liệu. Thêm --replace để thay toàn bộ bằng bản sao lưu.")
    (_restore_postgresql if backup_tables.is_postgresql() else _restore_sqlite)(path, head)
    _restore_files(path)
    return head


def has_accounts() -> bool:
    with connection.cursor() as cursor:
        if "accounts_user" not in connection.introspection.table_names(cursor):
            return False
        cursor.execute("SELECT count(*) FROM accounts_user")
        return cursor.fetchone()[0] > 0


def _restore_postgresql(path: Path, head: dict) -> None:
    try:
        with transaction.atomic(durable=True):
            restoring = backup_tables.Restoring(head["migrations"])
            restoring.make()
            for told, stream in _read(path):
                restoring.take(told, stream)
            restoring.end()
            call_command("migrate", verbosity=0, interactive=False)
    except DatabaseError as error:
        raise Refused(f"Không phục hồi được, dữ liệu cũ còn nguyên: {str(error).strip().splitlines()[0]}") from error


def _restore_sqlite(path: Path, head: dict) -> None:
    kept = settings.VAR / AGAIN
    with tempfile.TemporaryDirectory(dir=settings.VAR, prefix=".restore-") as scratch:
        copy = Path(scratch, "copy.sqlite3")
        for told, stream in _read(path):
            if "sqlite" in told:
                with _private(copy) as file:
                    _pour(stream, file)
        if not copy.exists() or not backup_tables.is_whole(copy):
            raise Refused("Cơ sở dữ liệu trong bản sao lưu bị hỏng.")
        backup_tables.swap_sqlite(copy, keep=kept)
    try:
        call_command("migrate", verbosity=0, interactive=False)
    except Exception as error:
        backup_tables.swap_sqlite(kept)
        raise Refused(f"Không nâng cấp được bản sao lưu, dữ liệu cũ còn nguyên: {error}") from error
    finally:
        kept.unlink(missing_ok=True)


def _restore_files(path: Path) -> None:
    for told, stream in _read(path):
        if "file" not in told:
            continue
        target = (settings.VAR / told["file"]).resolve()
        if not any(target.is_relative_to((settings.VAR / folder).resolve()) for folder in FOLDERS):
            raise Unreadable("Bản sao lưu có tệp ngoài thư mục của cổng.")
        target.parent.mkdir(parents=True, exist_ok=True)
        draft = target.with_name(f".{target.name}.part")
        with _private(draft) as file:
            _pour(stream, file)
        draft.replace(target)


def _head(at: datetime) -> dict:
    head = {"engine": connection.vendor, "made_at": at.isoformat(), "migrations": backup_tables.migrations()}
    return head | {"field_keys": _fingerprints()}


def _fingerprints() -> list[str]:
    """Marks of the keys of ID numbers, so that a restore without them is noticed. The keys are in no backup."""
    return [hashlib.sha256(b"backup mark:" + key.encode()).hexdigest()[:16] for key in settings.FIELD_KEYS]


def _files() -> Iterator[tuple[str, Path]]:
    for folder in FOLDERS:
        for source in sorted((settings.VAR / folder).rglob("*")):
            if source.is_file():
                yield str(source.relative_to(settings.VAR)), source


def _read(path: Path) -> Iterator[tuple[dict, Stream | None]]:
    with path.open("rb") as file:
        yield from reading(file, settings.BACKUP_KEY)


def _private(path: Path):
    path.touch(mode=0o600)
    return path.open("wb")


def _pour(stream: Stream, file) -> None:
    while piece := stream.read(PIECE):
        file.write(piece)
