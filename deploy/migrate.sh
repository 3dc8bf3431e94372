#!/bin/sh
# The database of this version, and the master tables as shipped; every step is safe to repeat.
set -eu
python manage.py migrate --noinput
python manage.py load_areas --keep
python manage.py load_agencies --keep
python manage.py load_standards
python manage.py load_plan --keep
# The running portal is another role than the owner of the tables.
if [ -n "${APP_DATABASE_ROLE:-}" ]; then
    python manage.py grant_app_role "$APP_DATABASE_ROLE"
fi
