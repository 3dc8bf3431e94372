"""Reviews and their dossiers: requests, form B, the steps, complaints and re-checks, the decision."""

from dataclasses import replace

from households import score_file
from households.services import complaints, decisions, dossiers, rechecks, requests, rescoring, reviews, scores
from households.steps import Move
from tests import make
from tests.households import test_dossiers as round
from tests.households.scenes import then
from tests.households.test_rechecks import ON_BOARD, complained
from tests.households.test_requests import received
from tests.households.test_rescoring import lower_the_line
from tests.households.test_reviews import POOR, TODAY, decide, record
from tests.households.test_score_table import BY_ITEMS, TEXT


def listed(w):
    """The ward's dossier with two households on its list."""
    w.on_lists = round.on_lists(w.areas)
    return round.opened(w.cast, w.areas)


def opened(w):
    round.on_lists(w.areas)
    return then(dossiers.open_dossier, round=make.a_round(), ward=w.ward, by=w.hoa, today=round.DAY)


def at_meeting(w):
    dossier = round.go(listed(w), w.hoa)
    round.surveyed(dossier, w.hoa)
    return round.go(dossier, w.hoa)


def at_posting(w):
    dossier = at_meeting(w)
    round.met(dossier, w.hoa)
    return round.go(dossier, w.hoa)


def of_list(w, service, **more):
    dossier = listed(w)
    return then(service, dossier=dossier, listed=[dossier.listed.first().pk], by=w.hoa, **more)


def put_back(w):
    call = of_list(w, dossiers.put_back)
    dossiers.leave_out(**call.keywords, reason="Đã chuyển đi")
    return call


def decided(w):
    round.on_lists(w.areas)
    more = {"number": "398/QĐ-UBND", "day": round.DECIDED, "today": round.DECIDED}
    return then(decisions.decide_dossier, dossier=round.at_decision(w.cast, w.areas), by=w.lan, **more)


def screened(w):
    listed(w)
    row = received(make.a_household(w.ward), w.hoa)
    return then(requests.screen_request, request=row, yes=[], by=w.hoa, today=round.DAY, version=1)


def recheck(w):
    at_posting(w)
    row = complained(w.cast, w.on_lists[0])
    return then(rechecks.open_recheck, complaint=row, by=w.hoa, today=ON_BOARD, version=1)


def checked(w):
    call = recheck(w)
    call()
    return then(rechecks.close_recheck, **call.keywords | {"version": 2}, finding="Giữ nguyên.")


def withdrawn(w):
    call = checked(w).keywords
    return then(complaints.withdraw_complaint, **{name: call[name] for name in ("complaint", "by", "today", "version")})


def rescored(w):
    review = record(w.home, w.cast)
    lower_the_line(w.standards[0])
    return then(rescoring.rescore, review=review, standard=w.standards[0], by=w.cuc)


def entered(w):
    return {"review": record(w.home, w.cast), "by": w.lan}


def draft(w):
    return {"household": w.home, "round": make.a_round(), "by": w.hoa}


def table(w, text=TEXT):
    return {"file": score_file.read(text), "standard": w.standards[0], "version": "thử"}


def table_replaced(w):
    scores.load_score_table(**table(w))
    return then(scores.load_score_table, **table(w, TEXT.replace("Mức B", "Mức hai")))


def by_items(w):
    """Form B filled in again: its answers and who triggers an indicator take the place of what was there."""
    scores.load_score_table(**table(w))
    record(w.home, w.cast, BY_ITEMS)
    more = {"deprived": POOR.deprived | {"adult_education"}, "triggers": frozenset({("adult_education", w.child)})}
    again = replace(BY_ITEMS, **more)
    return then(record, w.home, w.cast, again, version=1)


def discarded(w):
    reviews.save_draft(**draft(w), typed={"b1_score": "165"})
    return then(reviews.discard_draft, **draft(w))


COMPLAINT = {"category": "result", "from_name": "Người gửi thử", "text": "Xem lại."}
MEETING = {"place": "Nhà văn hóa", "chair": "Tổ trưởng", "secretary": "Thư ký", "present": 10, "agreed": 6, "note": ""}

SCENES = {
    "complaints.answer_complaint": lambda w: then(
        complaints.answer_complaint, complaint=w.complaint, result="Giữ.", by=w.hoa, today=TODAY, version=1
    ),
    "complaints.assign_complaint": lambda w: then(
        complaints.assign_complaint, complaint=w.complaint, owner=w.lan, by=w.hoa, version=1
    ),
    "complaints.register_complaint": lambda w: then(
        complaints.register_complaint, ward=w.ward, received_on=TODAY, by=w.hoa, today=TODAY, **COMPLAINT
    ),
    "complaints.withdraw_complaint": withdrawn,
    "decisions.decide_dossier": decided,
    "dossiers.add_to_list": lambda w: then(
        dossiers.add_to_list, dossier=listed(w), household=make.a_household(w.ward), by=w.hoa
    ),
    "dossiers.leave_out": lambda w: of_list(w, dossiers.leave_out, reason="Đã chuyển đi"),
    "dossiers.move": lambda w: then(dossiers.move, dossier=listed(w), move=Move.FINISH, by=w.hoa, today=round.DAY),
    "dossiers.open_dossier": opened,
    "dossiers.put_back": put_back,
    "dossiers.record_meeting": lambda w: then(
        dossiers.record_meeting, dossier=at_meeting(w), group="Tổ 1", held_on=round.DAY, by=w.hoa, today=round.DAY, **MEETING
    ),
    "dossiers.record_posting": lambda w: then(round.post, at_posting(w), w.hoa),
    "rechecks.close_recheck": checked,
    "rechecks.open_recheck": recheck,
    "requests.receive_request": lambda w: then(received, w.home, w.hoa),
    "requests.screen_request": screened,
    "rescoring.rescore": rescored,
    "reviews.decide": lambda w: then(decide, entered(w)["review"], w.cast),
    "reviews.discard_draft": discarded,
    "reviews.record_review": lambda w: then(record, w.home, w.cast, POOR, round=make.a_round()),
    "reviews.record_review by items": by_items,
    "reviews.return_review": lambda w: then(reviews.return_review, **entered(w), note="Sai"),
    "scores.load_score_table": table_replaced,
    "reviews.save_draft": lambda w: then(reviews.save_draft, **draft(w), typed={"b1_score": "165"}),
}  # fmt: skip
