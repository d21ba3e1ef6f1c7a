#!/usr/bin/env bash
# Sets Kibana's password and makes the users and roles of deploy/roles/. Safe to run again: everything is put in place anew.
set -euo pipefail
server=https://elasticsearch:9200

ask() { # method, path, body or @file
  curl --silent --show-error --fail-with-body --retry 10 --retry-connrefused --cacert /certificates/ca/ca.crt \
    --user "elastic:$ELASTIC_PASSWORD" --request "$1" --header 'Content-Type: application/json' --data "$3" "$server$2"
  echo
}

ask POST /_security/user/kibana_system/_password "{\"password\": \"$KIBANA_PASSWORD\"}"
for role in indexer reader; do
  ask PUT "/_security/role/wirewatch_$role" "@/deploy/roles/$role.json"
done
ask PUT /_security/user/wirewatch "{\"password\": \"$INDEXER_PASSWORD\", \"roles\": [\"wirewatch_indexer\"], \"full_name\": \"Wirewatch's pipeline\"}"
ask PUT /_security/user/desk "{\"password\": \"$READER_PASSWORD\", \"roles\": [\"wirewatch_reader\"], \"full_name\": \"News desk\"}"
