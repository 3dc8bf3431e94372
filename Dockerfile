FROM python:3.11-slim

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PORTAL_MODE=production DJANGO_SETTINGS_MODULE=danang_poverty.settings
WORKDIR /app
# Papers are set in Liberation Serif 2: the measures of Times New Roman and every Vietnamese letter (version 1 lacks most).
# Debian 12 calls it fonts-liberation2, later ones fonts-liberation.
RUN apt-get update \
    && { apt-get install -y --no-install-recommends fonts-liberation2 || apt-get install -y --no-install-recommends fonts-liberation; } \
    && rm -rf /var/lib/apt/lists/*
COPY requirements.txt .
RUN pip install --no-cache-dir -r requirements.txt
COPY . .
# collectstatic reads no data: the values below only satisfy the settings and are not kept in the image's environment.
RUN SECRET_KEY=build FIELD_KEYS=build ALLOWED_HOSTS=build DATABASE_URL=sqlite:////tmp/build.sqlite3 REDIS_URL=redis://build \
    PORTAL_VAR=/tmp/build python manage.py collectstatic --noinput \
    && useradd --system --uid 10001 --create-home portal && mkdir -p /app/var && chown portal /app/var && rm -rf /tmp/build
USER portal
EXPOSE 8000
CMD ["gunicorn", "danang_poverty.wsgi", "--config", "deploy/gunicorn.conf.py"]
