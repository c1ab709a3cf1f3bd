"""Write context and frames of the project folder in the working directory, after ontology or shapes have changed."""

import json
from pathlib import Path

from justicegraph.jsonld.context import CONTEXT_FILE, make_context
from justicegraph.jsonld.frames import FRAMES_FILE, make_frames
from justicegraph.project.folder import load_folder
from justicegraph.system.files import atomic_write

if __name__ == "__main__":
    folder = load_folder(Path())
    context = {"@context": make_context(folder.ontology, folder.shapes)}
    for name, document in ((CONTEXT_FILE, context), (FRAMES_FILE, make_frames(folder.ontology, folder.shapes))):
        with atomic_write(folder.root / name) as file:
            file.write(json.dumps(document, indent=2).encode() + b"\n")
