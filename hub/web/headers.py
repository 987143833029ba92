from __future__ import annotations

from flask import Flask, Response, request

CONTENT_SECURITY_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; "
    "object-src 'none'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
_ALWAYS = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_SIGN_OUT = "sign_in.sign_out"
_HSTS = f"max-age={2 * 365 * 24 * 60 * 60}; includeSubDomains"


def for_doors(*, is_https: bool) -> list[tuple[str, str]]:
    """Return the headers of answers to vendors, which bypass the application: nobody reads those in a browser."""
    lasting = [("Strict-Transport-Security", _HSTS)] if is_https else []
    return [
        ("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'"),
        ("X-Content-Type-Options", "nosniff"),
        ("Cache-Control", "no-store"),
        *lasting,
    ]


def install(app: Flask, *, is_https: bool) -> None:
    """Give every answer its security headers; a view may set one itself and keeps it.

    Nothing but built files is ever kept by browsers or proxies: the next person at a shared computer sees none of it,
    and what a page left in the browser goes when its reader signs out.
    """

    def add(response: Response) -> Response:
        for name, value in _ALWAYS.items():
            response.headers.setdefault(name, value)
        if is_https:
            response.headers.setdefault("Strict-Transport-Security", _HSTS)
        if request.endpoint != "static" or response.mimetype == "text/html":
            response.headers.setdefault("Cache-Control", "no-store")
        if request.endpoint == _SIGN_OUT:
            response.headers.setdefault("Clear-Site-Data", '"cache", "storage"')
        return response

    app.after_request(add)
