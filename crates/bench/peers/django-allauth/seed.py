"""Makes the database anew, with fifty people, and signs each of them in."""

import os
import pathlib

import django

folder = pathlib.Path(os.environ["FOLDER"])
for file in folder.glob("django.sqlite3*"):
    file.unlink()
os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
django.setup()

from django.contrib.auth import get_user_model  # noqa: E402
from django.core.management import call_command  # noqa: E402
from django.test import Client  # noqa: E402

call_command("migrate", verbosity=0)
password = os.environ["PASSWORD"]
with open(folder / "people.tsv", "w") as people:
    for n in range(50):
        username = f"person{n}"
        get_user_model().objects.create_user(username, f"{username}@example.org", password)
        body = {"username": username, "password": password}
        answer = Client().post("/_allauth/app/v1/auth/login", body, content_type="application/json")
        people.write(f"{username}\t{answer.json()['meta']['session_token']}\n")
