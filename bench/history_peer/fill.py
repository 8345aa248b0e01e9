"""`python -m bench.history_peer.fill COUNT` makes the tables and saves so many sections sixty times over."""

import os
import sys

import django
from django.core.management import call_command

from bench import deep, seed
from bench.prose import Writer


def main(count: int) -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "bench.history_peer.settings"
    django.setup()
    call_command("migrate", "auth", verbosity=0)  # the history's table points at its users
    call_command("migrate", run_syncdb=True, verbosity=0)
    from bench.history_peer.models import Section  # it is there once Django is set up

    for plan in seed.texts(Writer(deep.SEED), count):
        section = Section(plan=plan.id)
        for items in deep.section_texts(plan):
            section.items = items
            section.save()


if __name__ == "__main__":
    main(int(sys.argv[1]))
