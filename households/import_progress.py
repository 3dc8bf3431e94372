"""How far a sheet is, and the officer's wish to stop it: accounts/progress.py under the sheet's name."""

from accounts import progress


def tell(batch_id: int, done: int, total: int, at: float) -> None:
    """`done` of `total` rows or households, at a moment in seconds; none done is the start of a run."""
    progress.tell(name_of(batch_id), done, total, at)


def seen(batch_id: int) -> dict | None:
    return progress.seen(name_of(batch_id))


def last_alive(batch_id: int) -> float:
    """When its worker last gave a sign of life, in seconds; 0: nobody knows of one."""
    return progress.last_alive(name_of(batch_id))


def ask_to_stop(batch_id: int) -> None:
    progress.ask_to_stop(name_of(batch_id))


def is_asked_to_stop(batch_id: int) -> bool:
    return progress.is_asked_to_stop(name_of(batch_id))


def name_of(batch_id: int) -> str:
    return f"import-{batch_id}"
