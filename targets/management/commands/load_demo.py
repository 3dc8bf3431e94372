import os
import secrets

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError

from areas.vietnamese import number
from households import search_words
from targets.demo.cast import SEATS
from targets.demo.ground import Missing
from targets.demo.loading import Refused, is_loaded, load_demo

WORDS = {
    "households": "hộ",
    "members": "thành viên",
    "reviews": "phiếu rà soát",
    "results": "kết quả phân loại",
    "spells": "giai đoạn phân loại",
    "supports": "hỗ trợ",
    "houses": "nhà ở",
    "balances": "dư nợ",
    "plans": "kế hoạch thoát nghèo",
    "complaints": "đơn",
    "requests": "giấy đề nghị",
    "dossiers": "hồ sơ rà soát",
    "pairs": "cặp hộ có thể trùng",
    "figures": "số liệu nhập",
    "lines": "dòng kinh phí",
    "spending": "khoản chi",
    "updates": "cập nhật nhiệm vụ",
    "evidence": "minh chứng",
    "officers": "cán bộ thuộc diện tập huấn",
    "activities": "hoạt động",
    "follow_ups": "kiến nghị đã theo dõi",
    "joined": "hộ tham gia mô hình",
    "typed": "số liệu nhập của cơ quan",
}


class Command(BaseCommand):
    help = (
        "Fills an empty database with a synthetic city whose opening counts are the plan's own. "
        "Run load_areas, load_agencies, load_standards and load_plan first, in this order."
    )

    def add_arguments(self, parser):
        parser.add_argument("--households", type=int, default=8400, help="how many households (default 8400)")
        parser.add_argument("--seed", type=int, default=66, help="equal seeds give equal cities (default 66)")
        parser.add_argument(
            "--password", help="of the demonstration's accounts (default: DEMO_PASSWORD, else made and printed)"
        )

    def handle(self, *args, households, seed, password, **options):
        if is_loaded():
            self.stdout.write("Dữ liệu minh họa đã có, không làm gì thêm.")
            return
        given = password or os.environ.get("DEMO_PASSWORD", "")
        if given:
            try:
                validate_password(given)
            except ValidationError as error:
                raise CommandError(f"Mật khẩu không dùng được. {' '.join(error.messages)}") from None
        chosen = given or secrets.token_urlsafe(9)
        try:
            written = load_demo(households=households, seed=seed, password=chosen)
        except (Missing, Refused) as error:
            raise CommandError(f"{error} Chưa ghi gì.") from None
        search_words.refresh()
        rows = ", ".join(f"{number(count)} {WORDS[name]}" for name, count in written.items())
        self.stdout.write(f"Dữ liệu minh họa: {rows}.")
        if not given:
            self.stdout.write(f"Tài khoản: {', '.join(SEATS)}. Mật khẩu chung: {chosen}")
