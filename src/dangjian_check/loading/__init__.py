"""Files become models: the only package that opens a file or knows YAML.

`INPUTS` is the table of what can be read: a file ending and the function that reads it.
"""

from __future__ import annotations

from collections.abc import Callable

from dangjian_check.loading.tree import Tree
from dangjian_check.loading.yaml_events import read_yaml

INPUTS: dict[str, Callable[[bytes, str], Tree]] = {
    ".yaml": read_yaml,
    ".yml": read_yaml,
}
