"""What can be wrong with a plugin, told with its remedy."""

from __future__ import annotations

import enum

from community_mediation.domain.frozen import frozen
from community_mediation.errors import MediationError, PluginFailed
from community_mediation.ports import Finding, Severity


class Fault(enum.StrEnum):
    """The ways in which a plugin can be wrong."""

    NOT_INSTALLED = "not-installed"
    INSTALLED_TWICE = "installed-twice"
    IMPORT_FAILED = "import-failed"
    UNSUPPORTED_API = "unsupported-api"
    MISSPELT_HOOK = "misspelt-hook"
    UNKNOWN_ARGUMENT = "unknown-argument"
    WRAPPER = "wrapper"
    SHADOWS = "shadows"
    HOOK_FAILED = "hook-failed"
    UNMARKED_HOOK = "unmarked-hook"
    NO_HOOKS = "no-hooks"


@frozen(kw_only=True)
class PluginProblem:
    """What is wrong with a plugin.

    Attributes:
        plugin: Its name.
        code: A member of ``Fault``, for programs.
        message: What is wrong, without the words of the plugin's own errors, which may hold anything.
        remedy: What to do.
        severity: ``ERROR``: it was left out, or its answer was; ``WARNING``: it works, and likely not as meant.
    """

    plugin: str
    code: Fault
    message: str
    remedy: str
    severity: Severity = Severity.ERROR

    def finding(self) -> Finding:
        """The same as a finding about the installation."""
        return Finding(f"plugin.{self.code}", self.severity, self.message, self.remedy)

    def error(self) -> PluginFailed:
        """The same as an error."""
        return PluginFailed(f"{self.message} {self.remedy}")


class Unusable(Exception):
    """Carries a problem to where it is decided whether it stops anything."""

    def __init__(self, problem: PluginProblem) -> None:
        self.problem = problem
        super().__init__(problem.message)


def unusable(plugin: str, code: Fault, message: str, remedy: str) -> Unusable:
    """A problem, to be raised."""
    return Unusable(PluginProblem(plugin=plugin, code=code, message=message, remedy=remedy))


def told(error: BaseException) -> str:
    """An error of a plugin, as far as it may be repeated: the words of this library's own errors name no one."""
    name = type(error).__name__
    # Not str(error): a plugin's own class may fail at that.
    words = error.args[0] if isinstance(error, MediationError) and error.args else None
    return f"{name}: {words.rstrip('.')}" if type(words) is str else name


def mend(error: BaseException, module: str) -> str:
    """What to do about an error of the plugin in *module*: with the line, for its words may name someone."""
    import traceback

    package = module.partition(".")[0]
    places = [
        f" (line {line} of {frame.f_globals['__name__']})"
        for frame, line in traceback.walk_tb(error.__traceback__)
        if str(frame.f_globals.get("__name__")).partition(".")[0] == package
    ]
    if isinstance(error, SyntaxError) and error.lineno is not None:
        places.append(f" (line {error.lineno})")
    return f"Mend or upgrade it{places[-1] if places else ''}"
