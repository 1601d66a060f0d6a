"""Names of cookies: over TLS with the prefix that browsers hold them to (RFC 6265bis, section 4.1.3).

A cookie of a plain name may also come from a neighbour's host name, or from a page that came without TLS; so over TLS
no plain name is looked at.
"""

COOKIE = "obt_session"
FLOW_COOKIE = "obt_oidc"
SECURE_SCHEMES = frozenset({"https", "wss"})


def session_cookie(scheme: str) -> str:
    """Return the name of the cookie of who is signed in: over TLS it is of this host alone, for all its paths."""
    return f"__Host-{COOKIE}" if scheme in SECURE_SCHEMES else COOKIE


def flow_cookie(scheme: str) -> str:
    """Return the name of what a browser keeps while it is at an OpenID provider; it has a path, so no `__Host-`."""
    return f"__Secure-{FLOW_COOKIE}" if scheme in SECURE_SCHEMES else FLOW_COOKIE
