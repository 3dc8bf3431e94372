"""What else sections III and IV of the plan speak of and can be counted, beside appendix and objectives. Pure.

From statuses, supports, households' plans and dossiers; the last ones no row yields, so their agency types them.
Left out, because the plan's words name nothing to count: leadership and emulation (III.1, III.2, IV.1.c), studying and
proposing policies (III.4, IV.1.b, IV.4.d, IV.7, IV.8, IV.12.a), quality of care (IV.2.a), integration of programmes
(IV.15). Trainings, inspections, dialogues, communication, models and fund drives are activities.
"""

from typing import Any

from targets.measures import CITY_DISTRICTS, Counts, Measure

ESCAPES, ARRIVALS = ("escaped", "to_near_poor"), ("new", "from_near_poor")  # reasons of spells.Closed and spells.Opened


def _status(code: str, name: str, short: str, direction: str, definition: str, actual: Any, **more: Any) -> Measure:
    return Measure(
        code, name, short, "household", "spells", direction, definition, actual=actual, in_appendix=False, **more
    )


def _given(code: str, name: str, short: str, unit: str, definition: str, **more: Any) -> Measure:
    """A tally of the register of supports (or `source`); the code is the tally's key in counting_sql.py."""
    more = {"source": "supports", "direction": "up", "numerator": name} | more
    source, direction = more.pop("source"), more.pop("direction")
    return Measure(
        code, name, short, unit, source, direction, definition,
        actual=lambda c: c.given.get(code, 0), in_appendix=False, **more,
    )  # fmt: skip


def _typed(code: str, name: str, short: str, unit: str, definition: str, **more: Any) -> Measure:
    """What an agency types. None until somebody did: null is not zero."""
    more = {"numerator": name, "direction": "up"} | more
    if unit == "percent":
        more["whole"] = lambda c: _of(c, code)[1]
    return Measure(
        code, name, short, unit, "typed", more.pop("direction"), definition,
        actual=lambda c: _of(c, code)[0], in_appendix=False, **more,
    )  # fmt: skip


def _of(counts: Counts, code: str) -> tuple[int | None, int | None]:
    return counts.typed.get(code, (None, None))


def _moved(kept: dict[str, int], reasons: tuple[str, ...]) -> int:
    return sum(kept.get(reason, 0) for reason in reasons)


FURTHER = [
    # Statuses: III.2, III.6, IV.1.a, IV.14
    _status(
        "poor_escaped", "Hộ nghèo còn sức lao động thoát nghèo", "Thoát nghèo", "up",
        "Số hộ ra khỏi danh sách hộ nghèo trong năm vì thoát nghèo hoặc thành hộ cận nghèo; không trừ số hộ vào.",
        lambda c: _moved(c.out_of, ESCAPES), clause="III.2",
        numerator="Hộ thoát nghèo, hộ thành cận nghèo trong năm",
    ),
    _status(
        "poor_arrived", "Hộ nghèo còn sức lao động phát sinh", "Phát sinh", "down",
        "Số hộ vào danh sách hộ nghèo trong năm vì mới nghèo hoặc từ cận nghèo xuống.",
        lambda c: _moved(c.into, ARRIVALS), clause="III.6",
        numerator="Hộ mới nghèo, hộ từ cận nghèo xuống trong năm",
    ),
    _status(
        "poor_relapsed", "Hộ nghèo còn sức lao động tái nghèo", "Tái nghèo", "down",
        "Số hộ đã thoát nghèo nay vào lại danh sách trong năm.",
        lambda c: c.into.get("relapsed", 0), clause="III.6", numerator="Hộ tái nghèo trong năm",
    ),
    _status(
        "central_poor_now", "Hộ nghèo chuẩn Trung ương còn sức lao động hiện có", "Chuẩn Trung ương hiện có", "down",
        "Số hộ nghèo theo chuẩn Trung ương còn sức lao động vào ngày tính.",
        lambda c: c.central_poor, start=lambda c: c.opening_central_poor, over="stock", clause="IV.14.a",
        numerator="Hộ nghèo chuẩn Trung ương còn sức lao động",
    ),
    _status(
        "special_hardship_now", "Hộ nghèo có hoàn cảnh đặc biệt khó khăn hiện có", "Đặc biệt khó khăn hiện có", "down",
        "Số hộ nghèo chuẩn thành phố còn sức lao động, có hoàn cảnh đặc biệt khó khăn vào ngày tính.",
        lambda c: c.special_hardship, start=lambda c: c.opening_special_hardship, over="stock", clause="IV.14.a",
        numerator="Hộ nghèo có hoàn cảnh đặc biệt khó khăn, còn sức lao động",
    ),
    _status(
        "near_poor_now", "Hộ cận nghèo hiện có", "Cận nghèo hiện có", "down",
        "Số hộ cận nghèo theo chuẩn thành phố vào ngày tính.",
        lambda c: c.near_poor, start=lambda c: c.opening_near_poor, over="stock", clause="III.2",
        numerator="Hộ cận nghèo chuẩn thành phố",
    ),
    # Households' own plans and dossiers: III.3, III.6, IV.14.b, IV.14.đ
    _given(
        "exit_plans", "Hộ có kế hoạch giảm nghèo riêng", "Kế hoạch của hộ", "household",
        "Số hộ đã lập kế hoạch giảm nghèo của năm.", source="plans", owner=CITY_DISTRICTS, clause="III.3",
    ),
    _given(
        "exit_dialogues", "Hộ đã được đối thoại để lập kế hoạch", "Hộ đối thoại riêng", "household",
        "Số hộ mà kế hoạch của năm ghi ngày đối thoại.", source="plans", owner=CITY_DISTRICTS, clause="IV.14.b",
    ),
    _given(
        "exit_helpers", "Hộ có đơn vị, cá nhân nhận giúp đỡ", "Có người giúp", "household",
        "Số hộ mà kế hoạch của năm ghi đơn vị hoặc người giúp đỡ, tính từ ngày lập kế hoạch.",
        source="plans", owner=CITY_DISTRICTS, clause="IV.14.b",
    ),
    _given(
        "reviewed_wards", "Phường, xã đã quyết định kết quả rà soát định kỳ", "Xong rà soát", "unit",
        "Số phường, xã có hồ sơ đợt rà soát định kỳ của năm đã được quyết định.",
        source="dossiers", owner=CITY_DISTRICTS, clause="III.6",
    ),
    # Supports: III.2, III.4, III.5 and the agencies' tasks
    _given(
        "insurance_cards", "Lượt người được cấp thẻ bảo hiểm y tế", "Cấp thẻ", "turn",
        "Số lượt người thuộc hộ nghèo, cận nghèo, mới thoát nghèo được cấp thẻ trong năm, tính theo ngày thẻ có hiệu lực.",
        owner="bhxh", clause="IV.13",
    ),
    _given(
        "vocational_training", "Lượt người được hỗ trợ đào tạo nghề", "Đào tạo nghề", "turn",
        "Số lượt người thuộc hộ được hỗ trợ đào tạo nghề trong năm.", clause="IV.14.a",
    ),
    _given(
        "tuition", "Lượt học sinh được miễn, giảm học phí", "Học phí", "turn",
        "Số lượt học sinh, sinh viên của hộ được miễn, giảm học phí, hỗ trợ chi phí học tập trong năm.",
        owner="so-gddt", clause="IV.3.a",
    ),
    _given(
        "scholarships", "Lượt học sinh được cấp học bổng", "Học bổng", "turn",
        "Số lượt học sinh, sinh viên của hộ nghèo, cận nghèo được cấp học bổng trong năm.",
        owner="so-gddt", clause="IV.3.b",
    ),
    _given(
        "social_housing", "Hộ được bố trí nhà ở xã hội", "Nhà ở xã hội", "household",
        "Số hộ được bố trí thuê, mua nhà ở xã hội trong năm; mỗi hộ tính một lần ở một phường, xã.",
        owner="so-xay-dung", clause="IV.4.a",
    ),
    _given(
        "rent_relief", "Hộ được miễn, giảm tiền thuê nhà", "Tiền thuê nhà", "household",
        "Số hộ được miễn, giảm tiền thuê nhà ở thuộc sở hữu nhà nước trong năm; mỗi hộ tính một lần ở một phường, xã.",
        owner="so-xay-dung", clause="IV.4.c",
    ),
    _given(
        "production_support", "Hộ được hỗ trợ sản xuất, sinh kế", "Sinh kế", "household",
        "Số hộ được hỗ trợ sản xuất, phương tiện sinh kế trong năm; mỗi hộ tính một lần ở một phường, xã.",
        owner="so-nnptnt", clause="IV.5.a",
    ),
    _given(
        "legal_aid_households", "Lượt hộ được trợ giúp pháp lý", "Hộ được trợ giúp pháp lý", "turn",
        "Số lượt hộ có ghi trợ giúp pháp lý trong sổ hỗ trợ của năm.", owner="so-tu-phap", clause="IV.10.a",
    ),
    _given(
        "gifts", "Lượt hộ nhận quà, hiện vật", "Quà, hiện vật", "turn",
        "Số lượt hộ nhận quà, hiện vật do các tổ chức, cá nhân ủng hộ trong năm.",
        owner="mat-tran-doan-the", clause="IV.11.d",
    ),
    _given(
        "loan_households", "Hộ được vay vốn chính sách", "Hộ vay vốn", "household",
        "Số hộ được vay vốn chính sách trong năm; mỗi hộ tính một lần ở một phường, xã.", owner="nh-csxh", clause="IV.12.b",
    ),
    _given(
        "loan_turns", "Lượt hộ vay vốn chính sách", "Lượt vay", "turn",
        "Số khoản vay giải ngân cho hộ trong năm.", owner="nh-csxh", clause="IV.12.b",
    ),
    _given(
        "loan_amount", "Doanh số cho vay hộ nghèo, cận nghèo, mới thoát nghèo", "Doanh số cho vay", "money",
        "Tổng số tiền các khoản vay giải ngân cho hộ trong năm, đồng.", owner="nh-csxh", clause="IV.12.b",
    ),
    # Typed: no row of the portal yields them
    _typed(
        "guidance_documents", "Văn bản chỉ đạo, hướng dẫn công tác giảm nghèo", "Văn bản chỉ đạo", "document",
        "Số văn bản chỉ đạo, hướng dẫn thành phố ban hành trong năm. Văn bản của thành phố không cộng từ các quận, huyện.",
        clause="III.1", adds="none",
    ),
    _typed(
        "medical_cost_turns", "Lượt người nghèo được hỗ trợ chi phí khám chữa bệnh", "Chi phí khám chữa bệnh", "turn",
        "Số lượt người thuộc hộ nghèo được hỗ trợ chi phí khám chữa bệnh, ghi riêng từng tháng.",
        owner="so-y-te", clause="IV.2.b", over="flow",
    ),
    _typed(
        "child_nutrition", "Bà mẹ, trẻ em được can thiệp dinh dưỡng", "Dinh dưỡng", "person",
        "Số bà mẹ, trẻ em dưới 5 tuổi thuộc hộ nghèo, cận nghèo được can thiệp dinh dưỡng trong năm.",
        owner="so-y-te", clause="IV.2.c",
    ),
    _typed(
        "information_officers", "Cán bộ thông tin, truyền thông cơ sở được nâng cao năng lực", "Cán bộ thông tin",
        "percent",
        "Số cán bộ thông tin, truyền thông cơ sở đã được bồi dưỡng trong năm, chia cho tổng số cán bộ.",
        numerator="Cán bộ đã được bồi dưỡng", denominator="Tổng số cán bộ thông tin, truyền thông cơ sở",
        owner="so-tttt", clause="IV.6.a",
    ),
    _typed(
        "foreign_projects", "Khoản viện trợ nước ngoài vận động được", "Viện trợ", "unit",
        "Số chương trình, dự án, khoản viện trợ nước ngoài cho an sinh xã hội được tiếp nhận trong năm.",
        owner="so-ngoai-vu", clause="IV.9", adds="none",
    ),
    _typed(
        "union_cadres", "Cán bộ hội, đoàn thể cơ sở được bồi dưỡng", "Cán bộ hội", "percent",
        "Số cán bộ hội, đoàn thể cơ sở đã được bồi dưỡng về công tác giảm nghèo trong năm, chia cho tổng số cán bộ.",
        numerator="Cán bộ đã được bồi dưỡng", denominator="Tổng số cán bộ hội, đoàn thể cơ sở",
        owner="mat-tran-doan-the", clause="IV.11.c",
    ),
    _typed(
        "loans_outstanding", "Dư nợ cho vay hộ nghèo, cận nghèo, mới thoát nghèo", "Dư nợ", "money",
        "Tổng dư nợ vào ngày tính, đồng, theo sổ của Ngân hàng Chính sách xã hội.",
        owner="nh-csxh", clause="IV.12.a", over="stock", direction="none",
    ),
    _typed(
        "districts_own_budget", "Kinh phí quận, huyện bố trí cho giảm nghèo", "Kinh phí quận, huyện", "money",
        "Số tiền ngân sách quận, huyện bố trí trong năm cho nhiệm vụ giảm nghèo, đồng.",
        owner=CITY_DISTRICTS, clause="IV.14.e",
    ),
]  # fmt: skip
