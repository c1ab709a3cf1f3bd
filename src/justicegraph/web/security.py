"""What a page may load and run (Content Security Policy, level 3): our own files, and scripts with its nonce."""

from secrets import token_urlsafe

from flask import Response, g

POLICY = (
    "default-src 'none'; style-src 'self'{styles}; img-src 'self' data:; form-action 'self'; base-uri 'none'; "
    "frame-ancestors 'none'{scripts}"
)


def nonce() -> str:
    """Return the nonce for the page's scripts, another one for each response. Only pages with scripts call this."""
    if "nonce" not in g:
        g.nonce = token_urlsafe(18)
    value: str = g.nonce
    return value


def add_security_policy(response: Response) -> None:
    """Add the policy to a response. Shared caches may not store a page with a nonce, which others could then reuse."""
    styles = scripts = ""
    if "nonce" in g:
        styles, scripts = f" 'nonce-{g.nonce}'", f"; script-src 'nonce-{g.nonce}'; connect-src 'self'"
        response.headers["Cache-Control"] = "private, no-cache"
    response.headers["Content-Security-Policy"] = POLICY.format(styles=styles, scripts=scripts)
