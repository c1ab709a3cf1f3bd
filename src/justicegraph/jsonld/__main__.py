"""Write the context of the project folder that this is run in, for whoever has changed ontology or shapes."""

import json
from pathlib import Path

from justicegraph.disk import writing
from justicegraph.jsonld.context import FILE, make_context
from justicegraph.load import load_folder

if __name__ == "__main__":
    folder = load_folder(Path())
    with writing(folder.root / FILE) as file:
        context = make_context(folder.ontology, folder.shapes)
        file.write(json.dumps({"@context": context}, indent=2).encode() + b"\n")
