"""What a case file tells of a fact: its output in the file itself, or one that was recorded on a lab host.

    nodes: {file: nodes.json}                                 tests/cases/outputs/nodes.json
    nodes: {file: nodes.json, replace: {'"True"': '"False"'}}  the same with every one of these words replaced
"""

from pathlib import Path
from typing import Any

OUTPUTS = Path(__file__).parent / "outputs"


def unfolded(told: Any) -> Any:
    """The same, a recorded output in place of its file's name. A word to be replaced must be there."""
    match told:
        case {"file": str(name)}:
            text = (OUTPUTS / name).read_text()
            for old, new in told.get("replace", {}).items():
                assert old in text, f"{name} does not hold {old}"
                text = text.replace(old, new)
            return text
    return told
