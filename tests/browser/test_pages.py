"""Every page in a browser: no accessibility fault, no console error, nothing wider than a phone."""

from datetime import date

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.core.management import call_command
from django.utils import timezone

from accounts import jobs
from accounts.models import Agency, Job, User
from accounts.notices import tell
from accounts.roles import Role
from households.models import HouseWork
from reports.duty_services import open_duties
from reports.models import Duty, Period, Report
from targets.models import Assignment, ModelHousehold, Plan
from targets.task_services import Given, move_task
from targets.task_talk import add_subtask, ask_partner, comment
from tests import make
from tests.browser.conftest import sign_in
from tests.browser.test_journey import city
from tests.targets.activities import an_activity, an_officer, was_there
from tests.targets.money import a_line, spent

__all__ = ["city"]

WARD = [
    "/",
    "/ho/",
    "/ho/?q=tran",
    "/ho/moi/",
    "/ra-soat/",
    "/ra-soat/ho/{code}/phieu-b/",
    "/ho/{code}/",
    "/ra-soat/ho/{code}/ho-tro/",
    "/ra-soat/ho-so/",
    "/bieu-tong-hop/so-bien-dong/",
    "/bieu-tong-hop/2/",
    "/bieu-tong-hop/10/",
    "/de-nghi/?state=waiting",
    "/de-nghi/ho/{code}/moi/",
    "/don-thu/",
    "/don-thu/moi/",
    "/ho-tro/",
    "/ho-tro/?kind=house_new",
    "/ho-tro/nha-o/?stage=",
    "/ho-tro/nha-o/moi/",
    "/ho-tro/chinh-sach/",
    "/ho-tro/cho-lam/",
    "/ho-tro/cho-lam/?viec=no_plan",
    "/in/danh-sach/",
    "/nhap/",
    "/nhap/moi/",
    "/danh-sach/",
    "/danh-sach/chua-co-viec/",
    "/ke-hoach/hoat-dong/can-bo/",
    "/ke-hoach/hoat-dong/can-bo/moi/",
    "/trung-ho/",
    "/doi-chieu/",
    "/doi-chieu/da-hoi/",
    "/viec/",
    "/viec/{job}/",
]
CITY = [
    "/quan-tri/households/scoretable/",
    "/danh-sach/chuan-trung-uong/",
    "/tong-quan/",
    "/tong-quan/493/",
    "/tong-quan/?so=30/06/2023&chi_tieu=poor_escaped",
    "/tong-quan/?trinh-chieu=1",
    "/tong-quan/?ngay=x&so=y",
    "/tong-quan/20275/",
    "/tong-quan/dien-bien/",
    "/tong-quan/dieu-hanh/",
    "/tong-quan/dieu-hanh/?co_quan=so-ldtbxh",
    "/ke-hoach/",
    "/ke-hoach/phu-luc/",
    "/",
    "/ke-hoach/nhiem-vu/",
    "/ke-hoach/nhiem-vu/?co_quan=x&tinh_trang=late",
    "/ke-hoach/nhiem-vu/bang/",
    "/ke-hoach/nhiem-vu/lich/",
    "/ke-hoach/nhiem-vu/ma-tran/",
    "/ke-hoach/nhiem-vu/{task}/",
    "/ke-hoach/nhiem-vu/hang-loat/?viec=giao-han&chon={task}",
    "/ke-hoach/co-quan/so-ldtbxh/",
    "/ke-hoach/hoat-dong/",
    "/ke-hoach/hoat-dong/?loai=khac&tu=khong",
    "/ke-hoach/hoat-dong/kiem-tra/",
    "/ke-hoach/hoat-dong/moi/training/",
    "/ke-hoach/hoat-dong/moi/inspection/",
    "/ke-hoach/hoat-dong/{inspection}/",
    "/ke-hoach/hoat-dong/{inspection}/sua/",
    "/ke-hoach/hoat-dong/{training}/",
    "/ke-hoach/hoat-dong/{training}/diem-danh/",
    "/ke-hoach/hoat-dong/{model}/",
    "/ke-hoach/hoat-dong/{model}/ho/{link}/",
    "/ke-hoach/hoat-dong/can-bo/",
    "/ke-hoach/hoat-dong/can-bo/nhap/",
    "/ke-hoach/hoat-dong/can-bo/{officer}/",
    "/ke-hoach/so-lieu/",
    "/ke-hoach/so-lieu/chenh-lech/",
    "/ke-hoach/chi-tieu/",
    "/ke-hoach/chi-tieu/?nguon=typed&co_quan=x",
    "/ke-hoach/chi-tieu/poor_labour_reduction/",
    "/ke-hoach/chi-tieu/insurance_near_poor/?dia_ban=492",
    "/ke-hoach/kinh-phi/",
    "/ke-hoach/kinh-phi/?nam=2023&theo=co_quan&ngay=x",
    "/ke-hoach/kinh-phi/them/",
    "/ke-hoach/kinh-phi/{line}/",
    "/ke-hoach/kinh-phi/{line}/sua/",
    "/ke-hoach/kinh-phi/{line}/ho-tro/",
    "/ke-hoach/kinh-phi/chi/{spending}/",
    "/ke-hoach/cac-nam/",
    "/ke-hoach/2023/giao-chi-tieu/48/",
    "/ke-hoach/2023/gop-y/",
    "/ke-hoach/2023/them-muc/",
    "/bao-cao/",
    "/bao-cao/2023-05-31/",
    "/bao-cao/van-ban/{report}/",
    "/bao-cao/van-ban/{report}/the-thuc/",
    "/bao-cao/van-ban/{report}/phan/causes/",
    "/bao-cao/kiem-tra/",
    "/bao-cao/tien-do/",
    "/bao-cao/tien-do/?xem=late",
    "/bao-cao/dot-xuat/moi/",
    "/bao-cao/tien-do/{period}/",
    "/bao-cao/don-vi/{duty}/",
    "/bao-cao/don-vi/{duty}/so-lieu/",
    "/trung-ho/lien-phuong/",
    "/doi-chieu/da-hoi/",
    "/toi/",
    "/toi/thong-bao/",
    "/toi/luot-xem/",
    "/doi-mat-khau/",
    "/toi/khoa-api/",
    "/toi/phien/",
    "/toi/hai-buoc/",
    "/nhat-ky/households.household/{home}/",
    "/api/",
    "/api/bat-dau/",
]
ADMIN = ["/quan-tri/", "/quan-tri/households/household/", "/quan-tri/households/review/"]
ADMINISTRATOR = [
    "/",
    "/nhat-ky/",
    "/nhat-ky/?who=khong-ai&first=31/02/2023",
    "/nhat-ky/luot-xem/",
    "/quan-tri/accounts/webhook/add/",
    "/quan-tri/accounts/webhookdelivery/",
]
ADMIN += [f"/quan-tri/households/{name}/" for name in ("dossier", "listed", "exitplan", "complaint", "importbatch")]
ADMIN += [f"/quan-tri/households/{name}/" for name in ("reviewrequest", "householdchange", "duplicatepair", "support")]
ADMIN += [f"/quan-tri/households/{name}/" for name in ("housework", "loanbalance", "recheck", "wardrequest")]


def wider_than_screen(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


def faults(page):
    found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21aa", "wcag22aa"]}).response["violations"]
    return [f"{page.url} {fault['id']}: {node['html'][:120]}" for fault in found for node in fault["nodes"][:3]]


def a_task_with_everything():
    """A task of the office's own department with a file, a comment, an asked partner and work of its own."""
    task = Assignment.objects.filter(agency__code="so-ldtbxh").order_by("pk").first()
    by, now = User.objects.get(username="chuongtrinh"), timezone.now()
    given = [Given("bien-ban.pdf", b"%PDF-1.4 thu")]
    move_task(assignment=task, move="update", by=by, at=now, version=1, text="Đã họp.", percent=40, files=given)
    comment(assignment=task, text="Xem giúp @chuongtrinh", by=by, at=now)
    day, partner = date(2023, 12, 1), Agency.objects.get(code="so-y-te")
    ask_partner(assignment=task, agency=partner, text="Gửi số", due_on=day, by=by, today=day, at=now)
    add_subtask(assignment=task, text="Lấy số", due_on=day, by=by)
    tell(users=[by], text="Một thông báo", url="/")
    return task


def activities_with_everything(home):
    """One of each kind that has a part of its own: people to tick, recommendations, a household."""
    plan, agency = Plan.objects.get(year=2023), Agency.objects.get(code="so-ldtbxh")
    made = {
        "training": an_activity(plan, agency, home.ward.parent),
        "inspection": an_activity(plan, agency, home.ward, "inspection", form="check", recommendations="Niêm yết lại"),
        "model": an_activity(plan, agency, home.ward, "model", form="farming"),
    }
    officer = an_officer(home.ward)
    was_there(made["training"], officer)
    link = ModelHousehold.objects.create(activity=made["model"], household=home, joined_on=date(2023, 7, 1))
    return {name: row.pk for name, row in made.items()} | {"officer": officer.pk, "link": link.pk}


def money_with_everything(task):
    """A line with a spending on it that may be overdrawn."""
    office = User.objects.get(username="chuongtrinh")
    line = a_line(task.agency, clause=task.clause, over_allowed=5, over_reason="Giá tăng", over_by=office)
    row = spent(line, 40_000_000, office)
    return {"line": row.line_id, "spending": row.pk}


@pytest.mark.parametrize("width", [360, 1280])
def test_pages_are_accessible_and_fit(city, visit, width):
    call_command("generate_report", "2023-05-31", verbosity=0)
    open_duties(period=Period.objects.get(), today=date(2023, 5, 1))
    duty = Duty.objects.get(agency__code="so-ldtbxh")
    loan = make.a_support(city, "loan", amount=20_000_000)
    policy = make.a_support(city, "house_new").policy
    house = HouseWork.objects.create(household=city, policy=policy, ward=city.ward, approved_on=date(2023, 5, 1))
    helped = [f"/ho-tro/{loan.pk}/du-no/", f"/ho-tro/nha-o/{house.pk}/"]
    wrong = []
    page = visit(width, 800)
    page.goto(f"{page.base}/dang-nhap/")
    wrong += faults(page)
    task = a_task_with_everything()
    by = User.objects.get(username="canbo")
    job = jobs.start(kind="tests.sheet", title="Lập tệp danh-sach-ho-20230531.xlsx", by=by)
    Job.objects.filter(pk=job.pk).update(state="failed", failure="Máy chủ đang bận hoặc mất kết nối.")
    keys = {
        "code": city.code,
        "task": task.pk,
        "duty": duty.pk,
        "period": duty.period_id,
        "report": Report.objects.get().pk,
        "job": job.pk,
    }
    keys |= {"home": city.pk} | money_with_everything(task) | activities_with_everything(city)
    make.a_user(Role.DEPARTMENT_STAFF, agency=Agency.objects.get(code="so-y-te"), username="so")
    make.a_user(Role.ADMINISTRATOR, username="quantri")
    pages = {"canbo": WARD + helped + ADMIN, "chuongtrinh": CITY, "so": ["/"], "quantri": ADMINISTRATOR}
    for name, paths in pages.items():
        page = visit(width, 800)
        sign_in(page, name)
        for path in paths:
            answer = page.goto(page.base + path.format(**keys))
            assert answer.status == 200, path
            if wider_than_screen(page) > 0:
                wrong.append(f"{path} is {wider_than_screen(page)} px wider than {width}")
            if not path.startswith(("/quan-tri/", "/api/")):  # their inner markup is Django's and Swagger's to mend
                wrong += faults(page)
    assert not wrong, "\n".join(wrong)
