"""What a page may load and run (Content Security Policy, level 3): what is ours, and only scripts that it names."""

from secrets import token_urlsafe

from flask import Response, g

POLICY = (
    "default-src 'none'; style-src 'self'{styles}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'{scripts}"
)


def nonce() -> str:
    """Return the number that a page's own scripts carry, another one for each response; who calls this has scripts."""
    if "nonce" not in g:
        g.nonce = token_urlsafe(18)
    found: str = g.nonce
    return found


def guard(response: Response) -> None:
    """Say what the page may do. One with scripts is kept by no cache in between: its number would serve others."""
    styles = scripts = ""
    if "nonce" in g:
        styles, scripts = f" 'nonce-{g.nonce}'", f"; script-src 'nonce-{g.nonce}'; connect-src 'self'"
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = POLICY.format(styles=styles, scripts=scripts)
