#!/usr/bin/env bash
# Makes a certificate authority and the certificates it signs, once: what is there already stays.
set -euo pipefail
folder=/certificates
if [[ -f $folder/kibana/kibana.crt ]]; then
  echo "certificates are there already"
  exit 0
fi
rm -rf "${folder:?}"/*
certutil=/usr/share/elasticsearch/bin/elasticsearch-certutil
"$certutil" ca --silent --pem --days 3650 --out "$folder/ca.zip"
unzip -q "$folder/ca.zip" -d "$folder"
cat >"$folder/instances.yml" <<INSTANCES
instances:
  - {name: elasticsearch, dns: [elasticsearch, localhost], ip: [127.0.0.1]}
  - {name: kibana, dns: [kibana, localhost], ip: [127.0.0.1]}
INSTANCES
"$certutil" cert --silent --pem --days 1095 --in "$folder/instances.yml" --out "$folder/certificates.zip" \
  --ca-cert "$folder/ca/ca.crt" --ca-key "$folder/ca/ca.key"
# Kibana's come last: their presence says that all is done.
unzip -q "$folder/certificates.zip" 'elasticsearch/*' -d "$folder"
unzip -q "$folder/certificates.zip" 'kibana/*' -d "$folder"
rm "$folder"/*.zip
chown -R root:root "$folder"
find "$folder" -type d -exec chmod 750 {} +
find "$folder" -type f -exec chmod 640 {} +
# The authority's own key is for this script alone; the pipeline, which is no member of the group, reads the certificate.
chmod 755 "$folder" "$folder/ca"
chmod 644 "$folder/ca/ca.crt"
chmod 600 "$folder/ca/ca.key"
echo "certificates made"
