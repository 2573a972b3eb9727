"""Problems as values, and the registry of their codes."""

from sitecert.problems.problem import Problem, Severity, errors
from sitecert.problems.rule import Rule

__all__ = ["Problem", "Rule", "Severity", "errors"]
