"""The indicators that are tallies of activities (activity_counts.py). Pure."""

from typing import Any

from targets.measures import CITY_DISTRICTS, Measure


def _held(key: str, name: str, short: str, unit: str, definition: str, **more: Any) -> Measure:
    """An indicator that is nothing but a tally of activities; the code is the tally's key."""
    more = {"direction": "up", "numerator": name} | more
    return Measure(
        key, name, short, unit, "activities", more.pop("direction"), definition,
        actual=lambda c: c.held.get(key, 0), in_appendix=False, **more,
    )  # fmt: skip


ACTIVITIES = [
    _held("trainings", "Lớp tập huấn về giảm nghèo", "Lớp tập huấn", "event",
          "Số lớp tập huấn đã tổ chức trong năm, tính theo ngày khai giảng (giải pháp III.7).",
          clause="III.7"),
    _held("study_visits", "Chuyến học tập, trao đổi kinh nghiệm", "Học tập", "event",
          "Số chuyến học tập, trao đổi kinh nghiệm về công tác giảm nghèo trong năm (giải pháp III.7).",
          clause="III.7"),
    _held("inspected_urban_districts", "Quận được kiểm tra, giám sát", "Quận kiểm tra", "unit",
          "Số quận được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi quận tính một lần (giải pháp III.8).",
          clause="III.8"),
    _held("inspected_rural_districts", "Huyện được kiểm tra, giám sát", "Huyện kiểm tra", "unit",
          "Số huyện được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi huyện tính một lần (giải pháp III.8).",
          clause="III.8"),
    _held("inspected_wards", "Phường, xã được kiểm tra, giám sát", "Phường, xã kiểm tra", "unit",
          "Số phường, xã được đoàn của thành phố kiểm tra, giám sát trong năm; mỗi nơi tính một lần (giải pháp III.8).",
          clause="III.8"),
    _held("district_inspections", "Cuộc kiểm tra của UBND quận, huyện", "Quận, huyện kiểm tra", "event",
          "Số cuộc UBND quận, huyện tự kiểm tra, giám sát trên địa bàn trong năm (mục IV.14.e); "
          "không tính vào chỉ tiêu của giải pháp III.8.",
          owner=CITY_DISTRICTS, clause="IV.14.e"),
    _held("dialogues", "Cuộc đối thoại với hộ nghèo", "Đối thoại", "event",
          "Số cuộc gặp mặt, đối thoại với hộ nghèo trong năm (giải pháp III.3, mục IV.14.b).",
          owner=CITY_DISTRICTS, clause="III.3"),
    _held("dialogue_households", "Lượt hộ dự đối thoại", "Hộ đối thoại", "turn",
          "Số lượt hộ dự các cuộc đối thoại trong năm; một hộ dự hai cuộc là hai lượt.",
          owner=CITY_DISTRICTS, clause="IV.14.b"),
    _held("communications", "Tin, bài, buổi tuyên truyền", "Tuyên truyền", "item",
          "Số tin, bài, buổi phát, sự kiện tuyên truyền về giảm nghèo trong năm (giải pháp III.1, mục IV.6, IV.16).",
          owner="co-quan-bao-chi", clause="III.1"),
    _held("communication_reach", "Lượt người tiếp cận tuyên truyền", "Người tiếp cận", "turn",
          "Tổng số lượt người tiếp cận do đơn vị ước tính; một người có thể được tính nhiều lần.",
          direction="none", owner="co-quan-bao-chi", clause="IV.16"),
    _held("livelihood_models", "Mô hình giảm nghèo", "Mô hình", "model",
          "Số mô hình giảm nghèo được xây dựng, nhân rộng trong năm (giải pháp III.5).",
          owner="so-nnptnt", clause="III.5"),
    _held("model_households", "Lượt hộ tham gia mô hình giảm nghèo", "Hộ tham gia mô hình", "turn",
          "Số lượt hộ bắt đầu tham gia mô hình trong năm, tính tại địa bàn của mô hình.",
          owner="so-nnptnt", clause="III.5"),
    _held("legal_aid_sessions", "Đợt trợ giúp pháp lý", "Đợt pháp lý", "event",
          "Số đợt trợ giúp pháp lý cho người nghèo trong năm (mục IV.10.a).",
          owner="so-tu-phap", clause="IV.10.a"),
    _held("legal_aid_people", "Lượt người được trợ giúp pháp lý", "Người trợ giúp pháp lý", "turn",
          "Số lượt người được trợ giúp trong các đợt trợ giúp pháp lý của năm.",
          owner="so-tu-phap", clause="IV.10.a"),
    _held("free_clinics", "Đợt khám chữa bệnh miễn phí", "Đợt khám", "event",
          "Số đợt khám chữa bệnh miễn phí cho người nghèo trong năm (mục IV.2.c).",
          owner="so-y-te", clause="IV.2.c"),
    _held("free_clinic_people", "Lượt người được khám chữa bệnh miễn phí", "Người khám", "turn",
          "Số lượt người được khám trong các đợt khám chữa bệnh miễn phí của năm.",
          owner="so-y-te", clause="IV.2.c"),
    _held("fund_drives", "Đợt vận động vì người nghèo", "Đợt vận động", "event",
          "Số đợt vận động Quỹ Vì người nghèo, Tháng cao điểm Vì người nghèo trong năm (mục IV.11.b).",
          owner="mat-tran-doan-the", clause="IV.11.b"),
    _held("fund_raised", "Tiền vận động vì người nghèo", "Tiền vận động", "money",
          "Tổng số tiền vận động được trong các đợt của năm (mục IV.11.b, IV.11.d).",
          owner="mat-tran-doan-the", clause="IV.11.b"),
]  # fmt: skip
