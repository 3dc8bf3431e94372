"""Tables of B1 points: loaded as a whole or not at all, and never changed under a review that was counted by them."""

from datetime import date

from django.core.exceptions import ValidationError
from django.db import transaction

from accounts.log import log
from accounts.models import User
from areas.vietnamese import tidy
from households.models import Review, ScoreItem, ScoreOption, ScoreTable, Standard
from households.score_file import ScoreFile
from households.scoring import Item
from households.standards import IncomeBasis


@transaction.atomic
def load_score_table(
    *,
    file: ScoreFile,
    standard: Standard,
    version: str,
    region: str = "",
    valid_from: date | None = None,
    valid_to: date | None = None,
    document: str = "",
    by: User | None = None,
) -> dict[str, str]:
    """Write a table for each zone of the file (Circular 07/2021/TT-BLĐTBXH, annex). Safe to run twice.

    `valid_from` falls back on the standard's first day, `valid_to` on its last. Returns what became of each zone:
    'added', 'same' (it is there already) or 'replaced' (it was there otherwise and no review was counted by it).
    ValidationError, and nothing written, when a review was counted by a version that now differs: corrections need a
    new version.
    """
    if standard.basis != IncomeBasis.B1_SCORE:
        raise ValidationError(f"Chuẩn {standard.code} so với thu nhập, không dùng bảng điểm B1.")
    version, region = tidy(version), tidy(region)
    if not 0 < len(version) <= 40:
        raise ValidationError("Ghi phiên bản của bảng điểm, không quá 40 ký tự.")
    first, last = valid_from or standard.valid_from, valid_to or standard.valid_to
    if last and first > last:
        raise ValidationError("Ngày áp dụng phải trước ngày hết hiệu lực.")
    # The standard's row is the lock: two loads of one table wait for each other.
    Standard.objects.select_for_update().get(pk=standard.pk)
    facts = {"valid_from": first, "valid_to": last, "document": tidy(document), "note": file.note}
    told = {}
    for zone, items in file.tables.items():
        other = ScoreTable.objects.filter(standard=standard, zone=zone).exclude(region=region).first()
        if other:
            raise ValidationError(
                f"Khu vực {zone} đang dùng bảng điểm của vùng “{other.region or '(không ghi)'}”; một địa bàn chỉ theo một vùng."
            )
        told[zone] = _zone(standard, version, region, zone, items, facts, by)
    return told


def _zone(standard, version, region, zone, items, facts, by) -> str:
    key = {"standard": standard, "version": version, "region": region, "zone": zone}
    table = ScoreTable.objects.filter(**key).first()
    if table and table.rules() == list(items) and all(getattr(table, name) == value for name, value in facts.items()):
        return "same"
    outcome = "replaced" if table else "added"
    if table:
        if Review.objects.filter(score_table=table).exists():
            raise ValidationError(
                f"{table.title} đã dùng để tính phiếu nên không ghi đè. Nạp bảng đã sửa bằng --version khác."
            )
        for name, value in facts.items():
            setattr(table, name, value)
        table.save()
        table.items.all().delete()
    else:
        table = ScoreTable.objects.create(**key, **facts)
    _write(table, items)
    log(by, "scoretable.loaded", table, after={"table": str(table), "items": len(items), "outcome": outcome})
    return outcome


def _write(table: ScoreTable, items: tuple[Item, ...]) -> None:
    rows = [
        ScoreItem(table=table, place=place, code=item.code, text=item.text, kind=item.kind)
        for place, item in enumerate(items, 1)
    ]
    kept = {row.code: row for row in ScoreItem.objects.bulk_create(rows)}
    ScoreOption.objects.bulk_create(
        ScoreOption(
            item=kept[item.code],
            place=place,
            code=option.code,
            text=option.text,
            points=option.points,
            least=option.least,
            most=option.most,
        )
        for item in items
        for place, option in enumerate(item.options, 1)
    )
