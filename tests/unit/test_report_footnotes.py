"""Footnotes are printed under an output and stand in the page: none may speak of what one of them lacks."""

import re

import pytest

from grevy.report.footnotes import FOOTNOTES

OF_A_SCREEN = re.compile(
    r"\b(click|hover|tap|tooltip|this page|link)|点击|单击|悬停|链接|本页", re.IGNORECASE
)

CODE = re.compile(r"(?<![A-Za-z])[TFL](1[46]\.|X)\d")  # F14.2.1, which is printed as Figure 14.2.1


@pytest.mark.parametrize("name", FOOTNOTES)
def test_a_footnote_holds_on_paper_too(name):
    for note in FOOTNOTES[name]:
        assert not OF_A_SCREEN.search(note.en), note.en
        assert not OF_A_SCREEN.search(note.zh), note.zh


@pytest.mark.parametrize("name", FOOTNOTES)
def test_a_footnote_names_an_output_as_its_heading_does(name):
    for note in FOOTNOTES[name]:
        assert not CODE.search(note.en), note.en
        assert not CODE.search(note.zh), note.zh


def test_a_word_of_the_screen_is_found():
    assert OF_A_SCREEN.search("A click opens the record.")
    assert OF_A_SCREEN.search("点击可查看记录。")
