"""Files of a person, by their name: what the coach asks nothing of."""

from __future__ import annotations

from pathlib import Path

from posecoach.coach.named_person import NamedPerson
from posecoach.errors import OutputError


def body_path(data_folder: Path, person: NamedPerson) -> Path:
    """Where a person's body is described, in the form of `read_body`; it need not exist."""
    return data_folder / "people" / f"{person.key}.toml"


def forget_body(data_folder: Path, person: NamedPerson) -> bool:
    """Remove what is said of a person's body; whether there was anything.

    Raises:
        OutputError: It cannot be removed.
    """
    path = body_path(data_folder, person)
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    except OSError as error:
        raise OutputError(f"{path} cannot be removed: {error.strerror}") from error
    return True
