"""Pictures of pages, to look at: `PYTHONPATH=tests .venv/bin/python -m browser.pictures FOLDER [NAME…]`."""

import sys
from pathlib import Path

from .conftest import browsing, serving_our_graph, visiting
from .kinds import PAGES

WIDTHS = (320, 768, 1280)


def main(folder: Path, names: list[str]) -> None:
    """Take a picture of each page, else of those that are named, in light and dark at each width."""
    with serving_our_graph() as server, browsing() as browser:
        for name in names or PAGES:
            for scheme in ("light", "dark"):
                with visiting(browser, server.address, color_scheme=scheme) as page:
                    page.goto(PAGES[name])
                    for width in WIDTHS:
                        page.set_viewport_size({"width": width, "height": 900})
                        page.screenshot(path=folder / f"{name}-{scheme}-{width}.png", full_page=True)


if __name__ == "__main__":
    Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
    main(Path(sys.argv[1]), sys.argv[2:])
