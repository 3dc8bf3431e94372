from pathlib import Path

from django.core.management.base import BaseCommand, CommandError

from targets import services
from targets.loading import BrokenPlan, parse_plan

DATA = Path(__file__).resolve().parents[2] / "data"


class Command(BaseCommand):
    help = "Loads a plan with its clauses, tasks, targets and amendments. Safe to run again. A broken file changes nothing."

    def add_arguments(self, parser):
        parser.add_argument(
            "--file", type=Path, default=DATA / "plan-66.json", help="a plan as JSON (default: Plan 66)"
        )
        parser.add_argument(
            "--keep",
            action="store_true",
            help="leave a plan that is there already, with the targets edited in the portal",
        )

    def handle(self, *args, file, keep, **options):
        try:
            given = parse_plan(file.read_text(encoding="utf-8"), file.name)
            wrote = services.load_plan(given=given, by=None, keep=keep)
        except OSError as error:
            raise CommandError(f"Không mở được tệp {file}: {error.strerror}.") from error
        except UnicodeDecodeError as error:
            raise CommandError(f"{file.name}: không phải mã UTF-8. Chưa ghi gì.") from error
        except BrokenPlan as error:
            raise CommandError(f"{error}. Chưa ghi gì.") from error
        tasks = sum(clause.kind == "task" for clause in given.clauses)
        done = "đã nạp" if wrote else "giữ nguyên"
        self.stdout.write(f"Kế hoạch {given.number}: {done}; {tasks} nhiệm vụ, {len(given.targets)} chỉ tiêu giao.")
