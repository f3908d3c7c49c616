"""Django's Argon2id at the cost of latchkey-server."""

from django.contrib.auth.hashers import Argon2PasswordHasher


class Matched(Argon2PasswordHasher):
    memory_cost = 19 * 1024
    time_cost = 2
    parallelism = 1
