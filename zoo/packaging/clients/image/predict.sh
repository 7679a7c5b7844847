#!/bin/sh
# Predicts pictures with a model that Graft serves (`npx graft serve --package . --port 8080`), with nothing but curl:
#   sh predict.sh picture.jpg ...
# GRAFT_URL names another server, GRAFT_MODEL another model. Several pictures go in one request.
set -eu
url="${GRAFT_URL:-http://127.0.0.1:8080}/api/models/${GRAFT_MODEL:-champion}/predict"
[ $# -gt 0 ] || { echo "usage: sh predict.sh picture.jpg ..." >&2; exit 2; }
count=$#
while [ "$count" -gt 0 ]; do
  picture=$1; shift
  set -- "$@" -F "files=@$picture"
  count=$((count - 1))
done
curl --silent --show-error --fail-with-body "$@" "$url"
echo
