"""A synthetic year of activities and a roster: what units held for the plan, each of which says that it is made up.

The roster has as many people as the typed figures of objective 5 say, and as many of them were trained by the same days.
Nobody on it has a name of a person.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.db.models import Prefetch
from django.utils import timezone

from accounts.models import User
from areas.models import Area
from households.models import Household
from targets import activity_following, activity_services
from targets.demo.cast import HOME_WARD, Cast
from targets.demo.ground import LAST_DAY, YEAR, Ground
from targets.demo.progress import SAYS_SO, small_pdf
from targets.demo.shape import pace_of
from targets.demo.writing import OFFICERS_A_WARD, TRAINING_DAYS
from targets.models import Activity, ActivityFile, Attendance, ModelHousehold, Officer, Plan
from targets.roster import key_of, place_of
from targets.task_services import Given

OFFICERS = 3  # of a ward's people; the others are cadres of its hamlets or groups
TOLD = "(minh họa)"


@dataclass(frozen=True)
class Held:
    """An activity as the story has it. `where`: code of a district or ward; '' for the city."""

    agency: str
    kind: str
    title: str
    day: tuple[int, int]
    where: str = ""
    form: str = ""
    ref: str = ""
    proof: bool = True
    more: dict = field(default_factory=dict)


CITY_WIDE = [
    Held("so-tttt", "communication", "Chuyên đề giảm nghèo về thông tin", (4, 12), form="online", more={"times": 18, "people": 42_000}),
    Held("bao-da-nang", "communication", "Chuyên mục Vì người nghèo", (6, 2), form="press", more={"times": 36, "people": 120_000}),
    Held("dai-ptth", "communication", "Phóng sự gương thoát nghèo", (8, 9), form="press", more={"times": 24, "people": 90_000}),
    Held("hoi-phu-nu", "communication", "Hội nghị tuyên truyền chính sách giảm nghèo", (5, 24), form="event", more={"times": 4, "people": 620}),
    Held("so-tu-phap", "legal_aid", "Trợ giúp pháp lý lưu động quý I", (3, 28), "493", "advice", more={"people": 64, "times": 21}),
    Held("so-tu-phap", "legal_aid", "Trợ giúp pháp lý lưu động quý II", (6, 20), "497", "advice", more={"people": 88, "times": 30}),
    Held("so-tu-phap", "legal_aid", "Truyền thông pháp luật tại khu dân cư", (9, 14), "490", "talk", proof=False, more={"people": 140}),
    Held("so-y-te", "clinic", "Khám, phát thuốc miễn phí", (4, 22), "497", more={"people": 310, "amount": 95_000_000}),
    Held("so-y-te", "clinic", "Khám mắt cho người cao tuổi hộ nghèo", (10, 7), "494", more={"people": 180, "amount": 40_000_000}),
    Held("uy-ban-mttq", "fund", "Tiếp nhận ủng hộ dịp Tết", (1, 12), form="fund", more={"amount": 4_200_000_000, "households": 1_900}),
    Held("uy-ban-mttq", "fund", "Tháng cao điểm Vì người nghèo", (10, 17), form="month", more={"amount": 6_800_000_000, "households": 820}),
    Held("so-ngoai-vu", "fund", "Vận động tổ chức phi chính phủ nước ngoài", (7, 5), form="other", ref="IV.9", more={"amount": 1_150_000_000}),
    Held("so-nnptnt", "model", "Mô hình trồng rau an toàn", (3, 20), "497", "farming", more={"amount": 420_000_000}),
    Held("hoi-nong-dan", "model", "Mô hình nuôi gà thả vườn", (4, 18), "497", "farming", more={"amount": 260_000_000}),
    Held("hoi-phu-nu", "model", "Tổ làm bánh, nấu ăn thuê", (5, 10), "493", "service", more={"amount": 180_000_000}),
    Held("so-ldtbxh", "training", "Học tập kinh nghiệm giảm nghèo", (8, 17), form="visit", more={"people": 32}),
]  # fmt: skip
WARNED = ("Niêm yết danh sách đủ 3 ngày làm việc; lưu biên bản họp dân.", "Đã niêm yết lại, gửi biên bản và ảnh.")
INSPECTED = [
    # unit, day, day by which, day closed
    ("493", (5, 16), (6, 30), (6, 21)), ("20272", (5, 17), (6, 30), (6, 21)), ("20275", (5, 18), None, None),
    ("497", (6, 13), (7, 31), (7, 28)), ("20293", (6, 14), (7, 31), (7, 28)), ("20299", (6, 15), None, None),
    ("20302", (6, 16), (7, 31), None), ("20194", (8, 15), None, None), ("20195", (8, 16), (9, 30), (9, 25)),
    ("20227", (9, 12), None, None), ("20236", (9, 13), (10, 31), (10, 30)), ("20206", (10, 10), None, None),
    ("20209", (10, 11), (11, 30), None), ("20284", (11, 7), None, None), ("20305", (11, 8), (12, 20), None),
]  # fmt: skip


def write_activities(cast: Cast, ground: Ground) -> dict[str, int]:
    """Rows by kind; nothing of it where the plan or a unit is not there."""
    office, plan = cast.office, Plan.objects.get(year=YEAR)
    there = {area.code: area for area in Area.objects.existing_on(LAST_DAY)}
    officers = _roster(ground)
    story = [*CITY_WIDE, *_of_districts(ground)]
    for number, held in enumerate(story):
        if held.agency in ground.agencies and (not held.where or held.where in there):
            _enter(held, number, plan, there, ground, office)
    closed = _inspections(plan, there, ground, office)
    _train(plan, there, ground, officers, office)
    joined = _join(office)
    _date_back()
    return {"officers": len(officers), "activities": Activity.objects.count(), "follow_ups": closed, "joined": joined}


def _date_back() -> None:
    """As if each had been entered on the day after it was held."""
    rows = list(Activity.objects.prefetch_related(Prefetch("files", ActivityFile.objects.defer("content"))))
    files = []
    for row in rows:
        row.entered_at = timezone.make_aware(datetime.combine(row.day + timedelta(days=1), time(9)))
        for file in row.files.all():
            file.added_at = row.entered_at
            files.append(file)
    Activity.objects.bulk_update(rows, ["entered_at"], 200)
    ActivityFile.objects.bulk_update(files, ["added_at"], 200)


def _roster(ground: Ground) -> list[Officer]:
    rows = []
    for ward in ground.areas.values():
        word = "Thôn" if ward.parent.full_name.startswith("Huyện") else "Tổ"
        for place in range(1, OFFICERS_A_WARD + 1):
            officer = place <= OFFICERS
            name = f"Cán bộ minh họa {place:02d}"
            post = "Cán bộ giảm nghèo" if officer else ("Trưởng thôn" if word == "Thôn" else "Tổ trưởng")
            group = "" if officer else f"{word} {place - OFFICERS}"
            rows.append(
                Officer(
                    area=ward,
                    kind=Officer.Kind.OFFICER if officer else Officer.Kind.GROUP,
                    full_name=name,
                    post=post,
                    group=group,
                    key=key_of(name, post, group),
                    place=place_of("officer" if officer else "group", name, group),
                    valid_from=date(YEAR - 1, 1, 1),
                )
            )
    return Officer.objects.bulk_create(rows, 500)


def _of_districts(ground: Ground) -> list[Held]:
    """Each committee talks with poor households twice, speaks over the loudspeakers and looks at one ward itself."""
    found = []
    for number, district in enumerate(ground.districts):
        area = ground.areas[district.wards[0].code].parent
        agency, ward = ground.committees[area.pk].code, district.wards[-1].code
        for month, households in ((4, 40 + 7 * number), (9, 55 + 3 * number)):
            title = f"Đối thoại với hộ nghèo {'đợt 1' if month == 4 else 'đợt 2'}"
            more = {"households": households, "people": households + 12}
            found.append(Held(agency, "dialogue", title, (month, 5 + number), district.code, "", "IV.14.b", True, more))
        more = {"times": 24 + number, "people": 3_000 + 500 * number}
        title = "Phát thanh chính sách giảm nghèo"
        found.append(
            Held(agency, "communication", title, (7, 3 + number), district.code, "loudspeaker", "", False, more)
        )
        more = {"content": f"{SAYS_SO} Hồ sơ rà soát đầy đủ, thống nhất với sổ."}
        title = "Tự kiểm tra việc thực hiện chính sách"
        found.append(Held(agency, "inspection", title, (10, 20 + number), ward, "check", "IV.14.e", True, more))
    return found


def _enter(held: Held, number: int, plan: Plan, there: dict[str, Area], ground: Ground, office: User) -> Activity:
    agency = ground.agencies[held.agency]
    clauses = {row.ref: row for row in activity_services.clauses_for(plan, agency)}
    refs = [held.ref, *activity_services.KINDS[held.kind].refs] if held.ref else activity_services.KINDS[held.kind].refs
    area = there[held.where] if held.where else ground.areas[min(ground.areas)].parent.parent
    values = {"content": f"{SAYS_SO} Đã tổ chức theo kế hoạch."} | held.more
    proof = [Given("minh-chung-minh-hoa.pdf", small_pdf(f"Minh chung minh hoa {number}: khong phai van ban that."))]
    return activity_services.enter_activity(
        kind=held.kind,
        agency=agency,
        by=office,
        today=LAST_DAY,
        clause=next(clauses[ref] for ref in refs if ref in clauses),
        form=held.form,
        title=f"{held.title} {TOLD}",
        day=date(YEAR, *held.day),
        area=area,
        files=proof if held.proof else [],
        **values,
    )


def _inspections(plan: Plan, there: dict[str, Area], ground: Ground, office: User) -> int:
    """City teams at some units; what they asked for is closed at some, still open at others. Returns lines of it."""
    lines, team = 0, "so-ldtbxh"
    for number, (unit, day, follow_by, closed) in enumerate(INSPECTED):
        if unit not in there:
            continue
        asked = {"recommendations": f"{SAYS_SO} {WARNED[0]}", "follow_by": date(YEAR, *follow_by)} if follow_by else {}
        more = {"content": f"{SAYS_SO} Việc chi trả, rà soát cơ bản đúng quy định."} | asked
        title, form = "Kiểm tra thực hiện chính sách giảm nghèo", "watch" if number % 4 == 3 else "check"
        row = _enter(
            Held(team, "inspection", title, day, unit, form, "III.8", True, more), number, plan, there, ground, office
        )
        if closed:
            given = {"text": f"{SAYS_SO} {WARNED[1]}", "by": office, "today": LAST_DAY, "at": timezone.now()}
            activity_following.follow_up(activity=row, step="close", day=date(YEAR, *closed), **given)
            lines += 1
    return lines


def _train(plan: Plan, there, ground: Ground, officers: list[Officer], office: User) -> None:
    """Each district's people in three classes, as many as the typed figures of those days say."""
    by_ward: dict[int, list[Officer]] = {}
    for officer in officers:
        by_ward.setdefault(officer.area_id, []).append(officer)
    rows = []
    for district in ground.districts:
        # ward by ward from the first person of each, so that no ward is left out
        wards = [by_ward[ground.areas[ward.code].pk] for ward in district.wards]
        people = [officer for turn in zip(*wards, strict=True) for officer in turn]
        taken = 0
        for number, (month, day) in enumerate(TRAINING_DAYS):
            upto = round(len(people) * pace_of(district.code).trained[number])
            if upto <= taken:
                continue
            title = (
                "Chính sách, giải pháp giảm nghèo",
                "Quy trình rà soát hộ nghèo, hộ cận nghèo",
                "Bồi dưỡng bổ sung",
            )[number]
            held = Held(
                "so-ldtbxh", "training", title, (month, day), district.code, "class", more={"people": upto - taken}
            )
            row = _enter(held, number, plan, there, ground, office)
            at = timezone.make_aware(datetime.combine(row.day, time(17)))
            rows += [Attendance(activity=row, officer=one, by=office, at=at) for one in people[taken:upto]]
            taken = upto
    Attendance.objects.bulk_create(rows, 500)


def _join(office: User) -> int:
    """Some households of the home ward and of the rural district in each model; the first ones have told results."""
    joined = 0
    for number, model in enumerate(Activity.objects.filter(kind="model").select_related("area").order_by("day", "pk")):
        homes = Household.objects.filter(ward__path__startswith=model.area.path, closed_on=None).order_by("code")
        if model.area.code == "493":
            homes = homes.filter(ward__code=HOME_WARD)
        start = number * 20
        for place, code in enumerate(homes.values_list("code", flat=True)[start : start + 8 + 2 * number]):
            day = model.day + timedelta(days=10 + place)
            activity_following.join_model(activity=model, code=code, joined_on=day, by=office, today=LAST_DAY)
            joined += 1
    ModelHousehold.objects.filter(result="", activity__kind="model", pk__in=_first(3)).update(
        result=ModelHousehold.Result.BETTER, result_on=date(YEAR, 12, 20), result_note=SAYS_SO
    )
    return joined


def _first(count: int) -> list[int]:
    return list(ModelHousehold.objects.order_by("pk").values_list("pk", flat=True)[:count])
