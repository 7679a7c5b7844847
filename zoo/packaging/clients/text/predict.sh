#!/bin/sh
# Predicts texts with a model that Graft serves (`npx graft serve --package . --port 8080`), with nothing but curl:
#   sh predict.sh "a text"
#   sh predict.sh - < text.txt
# GRAFT_URL names another server, GRAFT_MODEL another model.
set -eu
url="${GRAFT_URL:-http://127.0.0.1:8080}/api/models/${GRAFT_MODEL:-champion}/predict"
[ $# -eq 1 ] || { echo 'usage: sh predict.sh "a text", or - to read it from standard input' >&2; exit 2; }
if [ "$1" = - ]; then text=$(cat); else text=$1; fi
# A JSON string: backslashes and quotes escaped, line breaks and tabs written out.
json=$(printf '%s' "$text" | sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/\t/\\t/g' -e 's/\r/\\r/g' | awk 'NR > 1 { printf "\\n" } { printf "%s", $0 }')
printf '{"text": "%s"}' "$json" |
  curl --silent --show-error --fail-with-body -H 'content-type: application/json' --data-binary @- "$url"
echo
