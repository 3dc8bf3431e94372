from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.roles import May
from households.models import Review, Standard
from households.services import rescoring
from households.standards import CATEGORY_LABELS


class Command(BaseCommand):
    help = (
        "Lists the reviews whose result under a standard would change, and why; codes only, no names. "
        "With --apply, sets the undecided ones right; decided ones are only listed."
    )

    def add_arguments(self, parser):
        parser.add_argument("--standard", required=True, help="code of the standard, for example central-2022")
        how = parser.add_mutually_exclusive_group()
        how.add_argument("--dry-run", action="store_true", help="only list (this is also the default)")
        how.add_argument("--apply", action="store_true", help="write the new results of undecided reviews")
        parser.add_argument("--by", help="user name of who answers for it; needed with --apply")

    def handle(self, *args, standard, apply, by, **options):
        chosen = Standard.objects.filter(code=standard).first()
        if chosen is None:
            codes = ", ".join(Standard.objects.values_list("code", flat=True))
            raise CommandError(f"{standard}: no such standard; there are: {codes}")
        user = self.user(by) if apply else None
        seen = written = decided = 0
        for change in rescoring.changes(chosen):
            review = change.result.review
            done = bool(user) and rescoring.rescore(review=review, standard=chosen, by=user)
            seen, written = seen + 1, written + done
            fixed = review.state == Review.State.DECIDED
            decided += fixed
            was, now = (CATEGORY_LABELS[category] for category in (change.result.category, change.receipt.category))
            mark = "written" if done else "decided, kept" if fixed else "not written" if user else "undecided"
            if change.b1 != review.b1_score:
                now += f" (B1 {review.b1_score} → {change.b1})"
            self.stdout.write(f"{review.household.code}\t{review.round}\t{was} → {now}\t{mark}\t{change.receipt.why}")
        for result in rescoring.unfit(chosen):
            review = result.review
            self.stdout.write(f"{review.household.code}\t{review.round}\tanswers do not fit the newest score table")
        self.stdout.write(f"{seen} would change: {seen - decided} undecided, {decided} decided; {written} written")

    def user(self, name):
        user = User.objects.filter(username=name or "", is_active=True).first()
        if user is None:
            raise CommandError("--apply needs --by with the name of an active user")
        if not user.may(May.CONFIRM_STANDARDS):
            raise CommandError(f"{name}: may not confirm standards, so may not rescore either")
        return user
