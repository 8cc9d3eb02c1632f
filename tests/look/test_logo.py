"""A logo is a picture, and holds nothing else."""

import pytest

from app.errors import Conflict
from app.logo import LARGEST, logo_at, svg_fault

PNG = b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + bytes(40)
SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" '
    'viewBox="0 0 9 9">{}</svg>'
)


def svg(inside):
    return SVG.format(inside).encode()


def refused(path):
    with pytest.raises(Conflict) as refusal:
        logo_at(path)
    return str(refusal.value.detail)


@pytest.mark.parametrize(
    "inside",
    [
        '<path d="M0 0h9v9z" fill="#00594f"/>',
        '<defs><linearGradient id="a"/></defs><rect fill="url(#a)" style="stroke:url( \'#a\' )"/>',
        '<use href="#a"/><use xlink:href="#a"/>',
        "<style>.a { fill: red } /* a note */</style><title>Lindborg Kommune</title>",
        '<image href="data:image/png;base64,iVBORw0KGgo="/>',
        '<g xmlns:inkscape="http://www.inkscape.org/x" inkscape:file="C:\\logo//x.png"/>',
    ],
)
def test_a_plain_picture_is_taken(inside):
    assert svg_fault(svg(inside)) is None


def test_what_drawing_programs_write_around_it_is_taken():
    around = (
        '<?xml version="1.0" encoding="utf-8"?><!-- Generator: some -->'
        '<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" '
        '"http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">'
    )
    assert svg_fault(around.encode() + svg("<rect/>")) is None


@pytest.mark.parametrize(
    ("inside", "what"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ("<SCRIPT/>", "<SCRIPT>"),
        ('<x:script xmlns:x="http://www.w3.org/1999/xhtml"/>', "<script>"),
        ("<foreignObject/>", "<foreignObject>"),
        ("<g><iframe/></g>", "<iframe>"),
        ('<animate attributeName="href" to="javascript:alert(1)"/>', "<animate>"),
        ('<rect onload="alert(1)"/>', "onload="),
        ('<rect ONCLICK="alert(1)"/>', "ONCLICK="),
        ('<use href="https://evil.example/a.svg#a"/>', "href="),
        ('<image xlink:href="//evil.example/a.png"/>', "href="),
        ('<a href="javascript:alert(1)"/>', "href="),
        ('<a href="java&#10;script:alert(1)"/>', "href="),
        ('<image href="data:image/svg+xml;base64,PHN2Zz4="/>', "href="),
        ('<g xml:base="https://evil.example/"/>', "base="),
        ('<rect fill="url(https://evil.example/a#b)"/>', "url("),
        ("<rect style=\"fill:URL( 'https://evil.example/a')\"/>", "URL("),
        ('<rect style="fill:\\75rl(a)"/>', "\\"),
        ("<style>@import 'a.css';</style>", "@import"),
        ("<style>@imp<![CDATA[ort]]> 'a.css';</style>", "@import"),
        ("<style>@import 'a.css';<style/></style>", "<style>"),
        ("<style>a { background: url(a.png) }</style>", "url("),
        ("<style>a { background: image-set('a.png' 1x) }</style>", "image-set"),
        ("<?xml-stylesheet href='a.css'?>", "<?xml-stylesheet>"),
    ],
)
def test_what_is_more_than_a_picture_is_refused_and_named(inside, what):
    fault = svg_fault(svg(inside))
    assert fault is not None
    assert what in str(fault)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "latin-1"])
def test_what_a_document_declares_itself_is_refused_in_every_encoding(encoding):
    lines = "<!DOCTYPE svg [<!ENTITY a 'x'><!ENTITY b '&a;&a;&a;'>]>" + SVG.format("&b;")
    head = f'<?xml version="1.0" encoding="{encoding}"?>'
    assert "DOCTYPE" in str(svg_fault((head + lines).encode(encoding)))


@pytest.mark.parametrize(
    "content",
    [b"", b"GIF89a", b"\xff\xd8\xff\xe0 JFIF", b"<svg/>", b"<html/>", svg("")[:-3], b"\x89PNG\r\n"],
)
def test_what_is_neither_is_refused(content, tmp_path):
    (tmp_path / "logo.png").write_bytes(content)
    assert "hverken en SVG eller en PNG" in refused(tmp_path / "logo.png")


def test_the_kind_is_told_by_what_is_in_the_file(tmp_path):
    path = tmp_path / "logo"
    path.write_bytes(PNG)
    assert logo_at(path).media_type == "image/png"
    path.write_bytes(svg("<rect/>"))
    assert logo_at(path).media_type == "image/svg+xml"


def test_a_file_that_is_too_large_or_not_there_is_refused(tmp_path):
    path = tmp_path / "logo.png"
    path.write_bytes(PNG.ljust(LARGEST, b"x"))
    assert len(logo_at(path).content) == LARGEST
    path.write_bytes(PNG.ljust(LARGEST + 1, b"x"))
    assert "over 100 kB" in refused(path)
    assert "kan ikke læses" in refused(tmp_path / "missing.svg")
    assert "kan ikke læses" in refused(tmp_path)
