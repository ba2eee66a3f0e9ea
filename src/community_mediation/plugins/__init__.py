"""Load plugins: what is built in, like any other, and those that are named. Installed is not enabled.

A plugin that cannot be used is named with the remedy, and stops nothing else: see ``Plugins``.
"""

from community_mediation.plugins.finding import BUILTINS, GROUP, installed
from community_mediation.plugins.fitting import HOOKS, LoadedPlugin
from community_mediation.plugins.loader import Plugins
from community_mediation.plugins.problems import Fault, PluginProblem
from community_mediation.plugins.verdicts import CHECK_FAILED, Verdict

__all__ = [
    "BUILTINS",
    "CHECK_FAILED",
    "Fault",
    "GROUP",
    "HOOKS",
    "LoadedPlugin",
    "PluginProblem",
    "Plugins",
    "Verdict",
    "installed",
]
