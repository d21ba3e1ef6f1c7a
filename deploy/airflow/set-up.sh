#!/usr/bin/env bash
# Brings Airflow's database and the store up to date, makes the pools and the user `admin`. Safe to run again: a changed password is set anew.
set -euo pipefail
airflow db migrate
airflow pools import /opt/airflow/deploy/pools.json
password=$(cat /run/secrets/airflow_admin_password)
airflow users create --username admin --password "$password" --role Admin --firstname Wirewatch --lastname Admin --email admin@wirewatch.invalid
airflow users reset-password --username admin --password "$password"
wirewatch status --json > /dev/null
