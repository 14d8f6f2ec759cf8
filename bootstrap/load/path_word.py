"""A word that is either the name of something that kboot ships, or the path of one's own."""


def is_path(word: str) -> bool:
    """Whether a path is meant: what has a folder, or begins as one."""
    return "/" in word or word.startswith(("~", "."))


def is_playbook_path(word: str) -> bool:
    """The same of a playbook, which is a file: `mine.yaml` is one, too."""
    return is_path(word) or word.endswith((".yaml", ".yml"))
