"""The graph and its shapes to findings that a person can act on."""

from justicegraph.validate.files import check_files
from justicegraph.validate.findings import Finding
from justicegraph.validate.words import Vocabulary, check_words, read_vocabulary

__all__ = ["Finding", "Vocabulary", "check_files", "check_words", "read_vocabulary"]
