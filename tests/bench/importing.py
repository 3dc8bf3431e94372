"""How long a sheet takes from its file to committed rows, beside the stock admin path and a bare COPY and INSERT.

`python -m tests.bench.importing [--households 4000] [--stock 800] [--rounds 3]`, on the database that DATABASE_URL
names with `_bench_import` after it, made anew each time, or on a SQLite file of its own without one.
`--households 120000 --only-memory` prints the most memory that the worker took, and measures nothing else.
"""

import argparse
import io
import os
import subprocess
import sys
import tempfile
import time
from datetime import date
from statistics import median

DAY = date(2023, 5, 4)
PEOPLE = 2.5  # rows a household, on average
TITLES = (
    ("STT", "Họ và tên chủ hộ", "Họ và tên", "Quan hệ với chủ hộ", "Giới tính", "Ngày sinh", "Dân tộc", "CCCD")
    + ("CMND cũ", "Mã bảo hiểm", "BHYT", "Tổ", "Địa chỉ", "Điện thoại", "Chỗ ở", "Diện tích ở", "Phân loại hộ")
    + ("Ghi chú", "Trường học", "Cán bộ")
)
WORDS = ("An", "Bình", "Chi", "Dũng", "Hà", "Khoa", "Lan", "Minh", "Nga", "Phúc", "Quân", "Sơn", "Thu", "Vy")


def rows(households: int):
    """Rows of a sheet: a head, a spouse and, in every second household, a child; the head's row tells the household."""
    number = 0
    for place in range(households):
        surname, given = WORDS[place % 14], WORDS[place // 14 % 14]
        for member in range(2 + place % 2):
            number += 1
            head = member == 0
            name = f"{'Lê' if head else 'Trần'} {surname} {given} {WORDS[(place // 196 + member) % 14]}"
            role, sex = (("Chủ hộ", "Nam"), ("Vợ", "Nữ"), ("Con", "Nam"))[member]
            year = (1970, 1975, 2005)[member] + place % 9
            century = {"Nam": 0, "Nữ": 1}[sex] + 2 * (year // 100 - 19)
            card = f"048{century}{year % 100:02d}{number:06d}"
            place_of = (f"Tổ {place % 40 + 1}", f"{place} Lê Duẩn", f"0905{place:06d}", "Nhà của hộ", 45.5, "Hộ nghèo")
            yield [
                *(place + 1 if head else "", name if head else "", name, role, sex, f"{place % 27 + 1:02d}/05/{year}"),
                *("Kinh", card, "", f"{4800000000 + number}", "Có"),
                *(place_of if head else [""] * 6),
                *("", "Trường", "Người ghi"),
            ]


def sheet(households: int) -> bytes:
    import xlsxwriter

    out = io.BytesIO()
    with xlsxwriter.Workbook(out, {"constant_memory": True}) as book:
        page = book.add_worksheet("Danh sách")
        page.write_row(0, 0, TITLES)
        for at, cells in enumerate(rows(households), 1):
            page.write_row(at, 0, cells)
    return out.getvalue()


def ours(data: bytes, officer) -> dict[str, float]:
    """Seconds of each step as the pages and the worker run them."""
    from django.utils import timezone

    from households.models import ImportBatch
    from households.services import import_apply, import_reading, imports

    took, start = {}, time.perf_counter()

    def lap(name):
        nonlocal start
        took[name], start = time.perf_counter() - start, time.perf_counter()

    batch = imports.keep_file(name="do.xlsx", data=data, day=DAY, by=officer)
    lap("keep")
    import_reading.run(batch_id=batch.pk, at=timezone.now())
    lap("read and check")
    batch = ImportBatch.objects.get(pk=batch.pk)
    wrong = batch.rows.filter(wrong=True)
    if wrong.exists():
        raise SystemExit(f"the sheet was to be without errors: {batch.failure} {wrong.first().errors}")
    imports.approve(batch=batch, leaving_out=0, by=officer)
    if not import_apply.run(batch_id=batch.pk, at=timezone.now()):
        raise SystemExit("nothing was applied")
    lap("apply")
    return took


# Another process, as the worker is: what the page's process took to keep the file does not count.
WORKER = """
import time, django
django.setup()
from django.utils import timezone
from households.services import import_apply, import_reading, imports
from households.models import ImportBatch

def told(name):
    with open("/proc/self/status") as status:  # getrusage would tell of the process that started this one too
        most = next(int(line.split()[1]) // 1024 for line in status if line.startswith("VmHWM"))
    print(f"{{name}}: {{most}} MB at most, {{time.process_time():.0f}} s of processor", flush=True)

told("worker begins")
if not import_reading.run(batch_id={0}, at=timezone.now()):
    raise SystemExit("nothing was read")
told("read and checked")
batch = ImportBatch.objects.get(pk={0})
imports.approve(batch=batch, leaving_out=0, by=batch.by)
if not import_apply.run(batch_id={0}, at=timezone.now()):
    raise SystemExit("nothing was applied")
told("applied")
"""


def undo(officer) -> None:
    """Take the sheet out of the register, so that it can be brought again."""
    from households.models import ImportBatch
    from households.services import import_apply

    import_apply.undo(batch=ImportBatch.objects.get(by=officer, state=ImportBatch.State.APPLIED), by=officer)


def stock(data: bytes, ward, officer) -> tuple[float, float]:
    """Seconds (`since`) of django-import-export as its admin runs it, with its own settings.

    The file is read for the preview and again for the confirmation; each of two resources, households by code and
    members by number, each with a foreign key by widget, is imported dry and for good and leaves the admin's log
    entries. Drawing the pages is left out.
    """
    import tablib
    from django.contrib.admin import ModelAdmin, site
    from django.db import connection
    from import_export import fields, resources, widgets
    from import_export.admin import ImportMixin

    from areas.models import Area
    from households.models import Household, Member

    class HouseholdResource(resources.ModelResource):
        ward = fields.Field("ward", "ward", widgets.ForeignKeyWidget(Area, "code"))

        class Meta:
            model = Household
            import_id_fields = ("code",)
            fields = ("code", "ward", "group", "address", "phone", "tenure", "living_area", "registered_on", "search")

    class MemberResource(resources.ModelResource):
        household = fields.Field("household", "household", widgets.ForeignKeyWidget(Household, "code"))

        class Meta:
            model = Member
            import_id_fields = ("citizen_id_hash",)
            fields = ("household", "full_name", "search_name", "sort_key", "relation", "sex", "birth_year")
            fields += ("ethnicity", "citizen_id_hash", "joined_on")

    class StockAdmin(ImportMixin, ModelAdmin):
        pass

    class Request:
        user = officer

    # It looks for people by number alone, which no index of the portal answers: with one of its own it is not slowed.
    with connection.cursor() as cursor:
        cursor.execute("CREATE INDEX IF NOT EXISTS stock_number ON households_member (citizen_id_hash)")
        cursor.execute("ANALYZE")
    begun = now()
    for _ in ("preview", "confirm"):
        cells = list(tablib.Dataset().load(data, format="xlsx"))
    homes, people, code = [], [], ""
    for row in cells:
        if row[0]:
            code = f"STOCK-{row[0]}"
            homes.append((code, ward.code, row[11], row[12], row[13], "own", row[15], DAY, "words"))
        relation = {"Chủ hộ": "head", "Vợ": "spouse", "Con": "child"}[row[3]]
        sex = {"Nam": "male", "Nữ": "female"}[row[4]]
        people.append((code, row[2], row[2], row[2], relation, sex, row[5][-4:], "Kinh", row[7], DAY))
    for kind, given in ((HouseholdResource, homes), (MemberResource, people)):
        dataset = tablib.Dataset(*given, headers=list(kind._meta.fields))
        admin = StockAdmin(kind._meta.model, site)
        for dry in (True, False):
            result = kind().import_data(dataset, dry_run=dry, user=officer, retain_instance_in_row_result=not dry)
            if result.has_errors() or result.has_validation_errors():
                raise SystemExit("the stock path refused rows")
        admin.generate_log_entries(result, Request)
    took = since(begun)
    Household.objects.filter(code__startswith="STOCK-").delete()
    return took


def bare(data: bytes, ward) -> tuple[float, float]:
    """Seconds (`since`) to read the file with calamine, COPY it into a table and write both tables with a statement each."""
    import python_calamine
    from django.db import connection

    begun = now()
    cells = python_calamine.CalamineWorkbook.from_filelike(io.BytesIO(data)).get_sheet_by_index(0).to_python()[1:]
    text = io.StringIO()
    home = 0
    for row in cells:
        home += bool(row[0] != "")
        text.write("\t".join([str(home), *map(str, row)]) + "\n")
    text.seek(0)
    columns = ", ".join(f"c{at} text" for at in range(len(TITLES)))
    with connection.cursor() as cursor:
        cursor.execute(f"CREATE TEMP TABLE bare (home int, {columns})")
        cursor.connection.cursor().copy_expert("COPY bare FROM STDIN", text)
        cursor.execute(
            'INSERT INTO households_household (code, ward_id, "group", address, phone, search, tenure, living_area,'
            " registered_on, closed_as, version) SELECT 'BARE-' || home, %s, c11, c12, c13, lower(c2), 'own',"
            " c15::numeric, %s, '', 1 FROM bare WHERE c0 <> '' ON CONFLICT (code) DO NOTHING",
            [ward.pk, DAY],
        )
        filled = ("old_id", "insurance", "citizen_id")
        blank = [f"{name}_{part}" for name in filled for part in ("sealed", "hash", "last4")]
        blank = [name for name in blank if name != "citizen_id_hash"] + ["schooling", "education", "work", "left_as"]
        cursor.execute(
            "INSERT INTO households_member (household_id, full_name, search_name, sort_key, relation, sex, birth_year,"
            f" ethnicity, joined_on, citizen_id_hash, {', '.join(blank)}) SELECT h.id, c2, lower(c2), lower(c2),"
            " CASE c3 WHEN 'Chủ hộ' THEN 'head' WHEN 'Vợ' THEN 'spouse' ELSE 'child' END,"
            " CASE c4 WHEN 'Nam' THEN 'male' ELSE 'female' END, right(c5, 4)::int, 'Kinh', %s, c7,"
            f" {', '.join(['%s'] * len(blank))} FROM bare JOIN households_household h ON h.code = 'BARE-' || home"
            " ON CONFLICT DO NOTHING",
            [DAY, *[""] * len(blank)],
        )
        took = since(begun)  # taking the rows out again does not count
        cursor.execute(
            "DELETE FROM households_member WHERE household_id IN"
            " (SELECT id FROM households_household WHERE code LIKE 'BARE-%%')",
            [],
        )
        cursor.execute("DELETE FROM households_household WHERE code LIKE 'BARE-%%'", [])
        cursor.execute("DROP TABLE bare")
    return took


def cpu() -> float:
    """Seconds of processor that this process and its database server, when it is on this machine, have used so far.

    On a machine with other work on it this tells more than the clock.
    """
    from django.db import connection

    if connection.vendor != "postgresql":
        return time.process_time()
    connection.ensure_connection()
    try:
        with open(f"/proc/{connection.connection.info.backend_pid}/stat") as stat:
            parts = stat.read().rpartition(")")[2].split()
    except OSError:  # the server is on another machine
        return time.process_time()
    return time.process_time() + (int(parts[11]) + int(parts[12])) / os.sysconf("SC_CLK_TCK")


def now() -> tuple[float, float]:
    return time.perf_counter(), cpu()


def since(begun: tuple[float, float]) -> tuple[float, float]:
    """Seconds by the clock and of processor since `begun`, a `now()`."""
    return tuple(after - before for before, after in zip(begun, now(), strict=True))


def main() -> int:
    asked = argparse.ArgumentParser(prog="python -m tests.bench.importing", description=__doc__)
    asked.add_argument(
        "--households", type=int, default=4000, help="households of the sheet (default 4000: 10,000 rows)"
    )
    asked.add_argument("--stock", type=int, default=800, help="households for the stock path, which is scaled up")
    asked.add_argument("--rounds", type=int, default=3, help="how often the sheet is brought (default 3)")
    asked.add_argument("--only-memory", action="store_true", help="how much memory the worker takes, and no more")
    options = asked.parse_args()
    scratch = tempfile.mkdtemp(prefix="import-bench-")
    if os.environ.get("DATABASE_URL"):
        from tests.bench import database

        os.environ["DATABASE_URL"] = address = f"{database.url()}_import"
        database.create(address, fresh=True)
    os.environ["PORTAL_VAR"] = scratch
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "danang_poverty.settings")
    os.environ.setdefault("LOG_LEVEL", "WARNING")
    import django

    django.setup()
    from django.core.management import call_command
    from django.db import connection, transaction

    call_command("migrate", verbosity=0)
    from tests import make

    with transaction.atomic():
        city = make.an_area("city", "BENCH-48", "Thành phố")
        ward = make.an_area("ward", "BENCH-1", "Phường", make.an_area("district", "BENCH-2", "Quận", city), "urban")
        officer = make.a_user("ward_officer", ward)
    data = made_elsewhere(options.households)
    count = sum(1 for _ in rows(options.households))
    print(
        f"{connection.vendor}: {count} rows, {options.households} households, {len(TITLES)} columns, {len(data)} bytes"
    )
    if options.only_memory:
        from households.services import imports

        batch = imports.keep_file(name="do.xlsx", data=data, day=DAY, by=officer)
        return subprocess.run([sys.executable, "-c", WORKER.format(batch.pk)], check=True).returncode
    compare(data, ward, officer, options)
    return 0


def made_elsewhere(households: int) -> bytes:
    """The sheet, made in another process so that making it does not count as the worker's memory."""
    code = f"import sys; from tests.bench.importing import sheet; sys.stdout.buffer.write(sheet({households}))"
    return subprocess.run([sys.executable, "-c", code], stdout=subprocess.PIPE, check=True).stdout


def compare(data: bytes, ward, officer, options) -> None:
    """Ours and the bare path in turns, the stock path once on fewer rows."""
    from django.db import connection

    mine, least = [], []
    for _ in range(options.rounds):
        begun = now()
        steps = ours(data, officer)
        mine.append(since(begun))
        undo(officer)
        print("ours: " + ", ".join(f"{name} {took:.2f} s" for name, took in steps.items()), flush=True)
        if connection.vendor == "postgresql":
            least.append(bare(data, ward))
    scale = options.households / options.stock
    theirs = [part * scale for part in stock(sheet(options.stock), ward, officer)]
    wanted = 40 if connection.vendor == "postgresql" else 25
    print(f"{'':>24}  {'by the clock':>14}  {'processor':>14}")
    middle = [median(part) for part in zip(*mine, strict=True)]
    print(f"{'ours':>24}  {middle[0]:>12.2f} s  {middle[1]:>12.2f} s")
    print(f"{'stock, scaled':>24}  {theirs[0]:>12.2f} s  {theirs[1]:>12.2f} s")
    print(f"{f'stock/ours, wanted {wanted}':>24}  {theirs[0] / middle[0]:>13.1f}×  {theirs[1] / middle[1]:>13.1f}×")
    if least:
        bottom = [median(part) for part in zip(*least, strict=True)]
        print(f"{'calamine, COPY, INSERT':>24}  {bottom[0]:>12.2f} s  {bottom[1]:>12.2f} s")
        print(f"{'ours/that, wanted ≤ 3':>24}  {middle[0] / bottom[0]:>13.1f}×  {middle[1] / bottom[1]:>13.1f}×")
        # Where the machine's speed changes from round to round, the two sides' medians may be of different speeds.
        each = [median(a[at] / b[at] for a, b in zip(mine, least, strict=True)) for at in (0, 1)]
        print(f"{'of each round, middle':>24}  {each[0]:>13.1f}×  {each[1]:>13.1f}×")


if __name__ == "__main__":
    sys.exit(main())
