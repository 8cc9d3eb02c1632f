"""What browsers are told with every page: whom to trust, and what to keep. Pure."""

from collections.abc import Iterable

_YEAR = 365 * 24 * 60 * 60
STAY_ON_HTTPS = f"max-age={2 * _YEAR}; includeSubDomains"
_NOTHING_OF = ("camera", "microphone", "geolocation", "payment", "usb", "interest-cohort")


def content_policy(
    *, form_targets: Iterable[str] = (), images: Iterable[str] = (), may_frame: bool = False
) -> str:
    """The content security policy of every page of ours: only files of our own, nothing inline, and
    nobody frames it. `form_targets` are other origins that a form may lead on to, and `images`
    where else pictures may come from. One that `may_frame` frames what is ours."""
    frames = "frame-src 'self'; " if may_frame else ""
    targets = " ".join(("'self'", *form_targets))
    pictures = " ".join(("'self'", *images))
    return (
        f"default-src 'none'; script-src 'self'; style-src 'self'; img-src {pictures}; "
        "font-src 'self'; connect-src 'self'; manifest-src 'self'; "
        f"{frames}form-action {targets}; base-uri 'none'; frame-ancestors 'none'"
    )


def page_headers(
    *, is_secure: bool, form_targets: Iterable[str] = (), images: Iterable[str] = ()
) -> dict[str, str]:
    """For a page that may say something about somebody: it is never kept."""
    headers = {
        "Content-Security-Policy": content_policy(form_targets=form_targets, images=images),
        "Cache-Control": "no-store",
        "Referrer-Policy": "same-origin",
        "Permissions-Policy": ", ".join(f"{name}=()" for name in _NOTHING_OF),
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }
    if is_secure:
        headers["Strict-Transport-Security"] = STAY_ON_HTTPS
    return headers


def way_headers() -> dict[str, str]:
    """For an answer that only sends a browser on: nothing of it is kept, framed or guessed at."""
    return {
        "Cache-Control": "no-store",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "DENY",
    }


def framed_headers() -> dict[str, str]:
    """For a document that a page of ours frames, and that others may have written: it may have its
    own styles, and links that open elsewhere, but it does nothing and fetches nothing."""
    return {
        "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-popups allow-popups-to-escape-sandbox",
        "Cache-Control": "no-store",
        "Referrer-Policy": "no-referrer",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
        "X-Frame-Options": "SAMEORIGIN",
    }


def download_headers(filename: str) -> dict[str, str]:
    """For a file that a page gives away: it is saved and not shown, nothing in it may do anything,
    and browsers keep no other copy."""
    return {
        "Content-Disposition": f'attachment; filename="{filename}"',
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, no-store",
        "Cross-Origin-Resource-Policy": "same-origin",
        "X-Content-Type-Options": "nosniff",
    }
