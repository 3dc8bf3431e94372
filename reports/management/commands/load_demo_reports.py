from django.core.management.base import BaseCommand

from areas.vietnamese import number
from reports import demo


class Command(BaseCommand):
    help = "Writes the units' reports of the demonstration, once; does nothing on real data. Run load_demo first."

    def handle(self, *args, **options):
        if demo.is_loaded():
            self.stdout.write("Báo cáo minh họa đã có, hoặc đây không phải dữ liệu minh họa; không làm gì thêm.")
            return
        self.stdout.write(f"Báo cáo minh họa: {number(demo.load_reports())} báo cáo đã nộp.")
