#!/usr/bin/env bash
# Run once by the image of PostgreSQL, on an empty volume: Airflow's own database and user, beside the store.
set -euo pipefail
psql --set ON_ERROR_STOP=1 --set password="$AIRFLOW_POSTGRES_PASSWORD" --username "$POSTGRES_USER" --dbname "$POSTGRES_DB" <<'SQL'
CREATE USER airflow PASSWORD :'password';
CREATE DATABASE airflow OWNER airflow;
SQL
