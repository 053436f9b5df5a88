"""Pictures beside announcements: which are found, and what is said of those that cannot be shown."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pytest

from statusgen.config.pictures import MAX_BYTES, MOST
from statusgen.model.announcement import Picture
from statusgen.model.project import Project
from tests.pictures import exif, jpeg, png

Reader = Callable[[Mapping[str, str]], Project]
Teller = Callable[[Mapping[str, str]], list[str]]

POST = "---\ntitle: Pictures\npublished: 2022-12-01T14:00Z\n---\n"


def put(root: Path, name: str, body: bytes) -> None:
    (root / name).parent.mkdir(parents=True, exist_ok=True)
    (root / name).write_bytes(body)


def pictures(read: Reader, text: str) -> Mapping[str, Picture]:
    """Return the pictures of a post with this text."""
    (post,) = read({"content/posts/a.md": f"{POST}{text}\n"}).announcements
    return post.pictures


def test_a_picture_beside_the_file_is_published_under_a_name_that_changes_with_it(read: Reader, tmp_path: Path) -> None:
    put(tmp_path, "content/posts/The Rack.PNG", png(3, 2))
    digest = hashlib.sha256(png(3, 2)).hexdigest()[:12]
    assert pictures(read, "![the rack](<The Rack.PNG>) ![again](The%20Rack.PNG)") == {
        "The%20Rack.PNG": Picture(
            path=f"posts/the-rack.{digest}.png", content_type="image/png", width=3, height=2, body=png(3, 2)
        )
    }


def test_what_a_name_ends_in_is_what_its_bytes_are(read: Reader, tmp_path: Path) -> None:
    put(tmp_path, "content/posts/rack.png", jpeg())
    (picture,) = pictures(read, "![](rack.png)").values()
    assert (picture.content_type, picture.path[-4:]) == ("image/jpeg", ".jpg")


def test_it_may_lie_anywhere_below_content_and_in_any_announcement(read: Reader, tmp_path: Path) -> None:
    put(tmp_path, "content/Ünser Bild/☃.png", png())
    put(tmp_path, "content/incidents/2022/b.png", png(1, 1))
    started = "---\ntitle: A\nimpact: minor\n---\n![](/Ünser%20Bild/☃.png)\n\n## 2022-12-01T14:00Z investigating\n"
    (incident,) = read({"content/incidents/2022/a.md": f"{started}![](b.png)\n"}).announcements
    assert [one.path.split(".")[0] for one in incident.pictures.values()] == ["unser-bild/picture", "incidents/2022/b"]


def test_pictures_elsewhere_and_in_code_are_not_looked_for(read: Reader) -> None:
    assert pictures(read, "![](https://x.example/a.png) `![](b.png)` [c](c.png)") == {}


BESIDE = "put the file beside this one, or correct its name"
INSIDE = "put it below 'content/', best beside this file"
FORMATS = "save it as one of these; a drawing (SVG) best as PNG or WebP"
SMALL = "make it smaller, such as 1600 pixels wide: readers are on bad networks"


@pytest.mark.parametrize(
    ("text", "column", "said", "hint"),
    [
        ("![](rak.png)", 5, "there is no file 'rak.png'", "did you mean 'Rack.png'?"),
        ("![](x/y.png)", 5, "there is no file 'x/y.png'", BESIDE),
        ("![a][b]\n\n[b]: xyz.gif", 1, "there is no file 'xyz.gif'", BESIDE),
        ("![](.)", 5, "there is no file '.'", BESIDE),
        ("![](../../statusgen.yaml)", 5, "'../../statusgen.yaml' lies outside 'content/'", INSIDE),
        ("a ![](out.png)", 7, "'out.png' lies outside 'content/'", INSIDE),
        ("![](a.svg)", 5, "expected a picture (PNG, JPEG, GIF or WebP), got something else in 'a.svg'", FORMATS),
        ("![](large.png)", 5, "'large.png' is larger than 1 MiB", SMALL),
        (
            *("![](photo.jpg)", 5, "'photo.jpg' tells where it was taken"),
            "remove that: save it without its metadata, or as a screenshot",
        ),
    ],
)
def test_a_picture_that_cannot_be_shown_is_a_mistake_at_its_place(
    *, text: str, column: int, said: str, hint: str, problems: Teller, tmp_path: Path
) -> None:
    put(tmp_path, "content/posts/Rack.png", png())
    put(tmp_path, "content/posts/a.svg", b"<svg/>")
    put(tmp_path, "content/posts/large.png", png() + bytes(MAX_BYTES))
    put(tmp_path, "content/posts/photo.jpg", jpeg(notes=exif(located=True)))
    put(tmp_path, "outside.png", png())
    (tmp_path / "content/posts/out.png").symlink_to(tmp_path / "outside.png")
    told = f"content/posts/a.md:6:{column}: picture: {said}\n    hint: {hint}"
    assert problems({"content/posts/a.md": f"{POST}\n{text}\n"}) == [told]


def test_one_that_is_wrong_is_told_once(problems: Teller) -> None:
    assert len(problems({"content/posts/a.md": f"{POST}![](a.png) ![](a.png)\n\n![](b.png)\n"})) == 2


def test_a_file_shows_so_many_and_no_more(problems: Teller, tmp_path: Path) -> None:
    put(tmp_path, "content/posts/a.png", png())
    shown = "\n".join(f"![](a.png) ![](./{'./' * number}a.png)" for number in range(MOST + 20))
    (said,) = problems({"content/posts/a.md": f"{POST}{shown}\n"})
    assert "expected at most 100 pictures in a file" in said


def test_one_that_may_not_be_read_is_told(problems: Teller, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    put(tmp_path, "content/posts/a.png", png())
    opened = Path.open

    def refuse(path: Path, *more: Any, **options: Any) -> Any:
        if path.suffix == ".png":
            raise PermissionError(13, "Permission denied")
        return opened(path, *more, **options)

    monkeypatch.setattr(Path, "open", refuse)
    (said,) = problems({"content/posts/a.md": f"{POST}![](a.png)\n"})
    assert said == "content/posts/a.md:5:5: picture: 'a.png' cannot be read: permission denied"
