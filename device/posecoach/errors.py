"""Every exception raised on purpose.

Each inherits twice: from our base, and from the built-in that says what kind of mistake it is.
Messages name what, where, expected, actual and what to do; ``exit_code`` is what a command ends
with (sysexits.h, DESIGN.md section 3).
"""


class PosecoachError(Exception):
    """Base of every error that is reported to a person as one line."""

    exit_code = 70


class ShapeError(PosecoachError, ValueError):
    """An array has another shape or other values than its type promises."""

    exit_code = 65


class InputMissing(PosecoachError, FileNotFoundError):
    """A named input does not exist."""

    exit_code = 66


class MediaError(PosecoachError, ValueError):
    """A picture or video cannot be read."""

    exit_code = 65


class TrackError(PosecoachError, ValueError):
    """A pose track is malformed."""

    exit_code = 65


class RoutineError(PosecoachError, ValueError):
    """A routine is malformed, or cannot be made from what was given."""

    exit_code = 65


class ProgrammeError(PosecoachError, ValueError):
    """A programme is malformed, or names what is not here."""

    exit_code = 65


class ExchangeError(PosecoachError, ValueError):
    """A file is not a routine's, not as it was written, or not wanted on this box."""

    exit_code = 65


class SignatureError(ExchangeError):
    """A signature is not of what it comes with, or cannot be made."""


class BodyError(PosecoachError, ValueError):
    """What is said of a person's body names no part of one."""

    exit_code = 65


class PersonError(PosecoachError, ValueError):
    """A person's name cannot be one, or names nobody here."""

    exit_code = 65


class ExportError(PosecoachError, ValueError):
    """A file is not a history that posecoach wrote."""

    exit_code = 65


class LibraryError(PosecoachError, ValueError):
    """A library of pictures is damaged, or none."""

    exit_code = 65


class ModelError(PosecoachError, ValueError):
    """A file is not a model that can be used."""

    exit_code = 65


class ModelUnavailable(PosecoachError, OSError):
    """A known model, or what runs it, is not on this box."""

    exit_code = 69


class ToolMissing(PosecoachError, OSError):
    """A program that something needs is not on this box."""

    exit_code = 69


class CameraError(PosecoachError, OSError):
    """A camera cannot be opened or has stopped."""

    exit_code = 69


class CameraTimeout(CameraError, TimeoutError):
    """A camera gave no frame in time."""


class DisplayError(PosecoachError, OSError):
    """A display cannot be opened or has gone."""

    exit_code = 69


class VoiceError(PosecoachError, OSError):
    """Nothing can be heard: no sound card, or nothing that speaks."""

    exit_code = 69


class OutputError(PosecoachError, OSError):
    """A result cannot be written."""

    exit_code = 74


class HistoryError(PosecoachError, OSError):
    """The history cannot be read or written."""

    exit_code = 74


class ConfigurationError(PosecoachError, ValueError):
    """The files that say how this box is set are wrong."""

    exit_code = 78


class LanguageMissing(ConfigurationError):
    """A language is not on this box."""
