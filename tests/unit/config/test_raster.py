"""What a picture's bytes say of it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from statusgen.config.raster import EXTENSIONS, Raster, look
from tests.pictures import exif, gif, jpeg, png, webp

KINDS = {
    "image/png": png(),
    "image/gif": gif(),
    "image/jpeg": jpeg(),
    "image/webp": webp(b"VP8X"),
}


@pytest.mark.parametrize("content_type", EXTENSIONS)
def test_a_picture_is_known_by_its_bytes_and_so_is_its_size(content_type: str) -> None:
    assert look(KINDS[content_type]) == Raster(content_type=content_type, width=640, height=480)


@pytest.mark.parametrize("kind", [b"VP8 ", b"VP8L", b"VP8X"])
def test_every_kind_of_webp_has_a_size(kind: bytes) -> None:
    assert look(webp(kind, 1000, 3)) == Raster(content_type="image/webp", width=1000, height=3)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize(("orientation", "size"), [(1, (640, 480)), (3, (640, 480)), (6, (480, 640)), (8, (480, 640))])
def test_a_photo_taken_upright_is_as_high_as_it_is_shown(orientation: int, size: tuple[int, int], order: str) -> None:
    found = look(jpeg(notes=exif(orientation=orientation, order=order)))
    assert found is not None
    assert (found.width, found.height) == size


@pytest.mark.parametrize("body", [png, jpeg, lambda **more: webp(b"VP8X", **more)])
def test_a_picture_that_tells_where_it_was_taken_is_known(body: object) -> None:
    assert callable(body)
    assert [
        look(body(notes=notes)).located for notes in (b"", exif(), exif(located=True), exif(located=True, order=">"))
    ] == [*(False, False, True, True)]


@pytest.mark.parametrize("notes", [b"", b"II", b"II*\0\xff\xff\xff\xff", b"MM\0*\0\0\0\x08\xff\xff"])
def test_notes_that_nobody_can_read_say_nothing(notes: bytes) -> None:
    assert look(jpeg(notes=notes)) == Raster(content_type="image/jpeg", width=640, height=480)


@pytest.mark.parametrize(
    "body",
    [
        *(
            b"",
            b"<svg xmlns='http://www.w3.org/2000/svg'/>",
            b"\x89PNG\r\n\x1a\n",
            b"GIF89a",
            b"\xff\xd8\xff",
            b"%PDF-1.7",
        ),
        *(
            b"RIFF\0\0\0\0WAVE",
            b"RIFF\0\0\0\0WEBPVP8L",
            b"RIFF\0\0\0\0WEBPNONE",
            b"\xff\xd8\xff\xda\0\0",
            png(0, 5),
            gif(5, 0),
        ),
    ],
)
def test_what_is_no_picture_is_none(body: bytes) -> None:
    assert look(body) is None


@given(st.sampled_from([*KINDS.values(), jpeg(notes=exif(located=True))]), st.integers(0, 200), st.binary(max_size=4))
def test_no_bytes_make_it_stumble(body: bytes, at: int, noise: bytes) -> None:
    look(body[:at] + noise)
    look(body[:at] + noise + body[at + len(noise) :])
