"""Write context and frames of the project folder that this is run in, for whoever has changed ontology or shapes."""

import json
from pathlib import Path

from justicegraph.jsonld.context import FILE, FRAMES, make_context, make_frames
from justicegraph.project.folder import load_folder
from justicegraph.system.files import writing

if __name__ == "__main__":
    folder = load_folder(Path())
    context = {"@context": make_context(folder.ontology, folder.shapes)}
    for name, said in ((FILE, context), (FRAMES, make_frames(folder.ontology, folder.shapes))):
        with writing(folder.root / name) as file:
            file.write(json.dumps(said, indent=2).encode() + b"\n")
