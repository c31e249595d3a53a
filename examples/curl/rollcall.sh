#!/usr/bin/env bash
# Rollcall with curl: register an employee, check attendance, list punches. Needs bash and curl.
#
#   rollcall.sh register NAME EMPLOYEE_ID PHOTO
#   rollcall.sh check PHOTO [EMPLOYEE_ID]
#   rollcall.sh punches
#
# ROLLCALL_URL  the service; http://localhost:4000/graphql if not set
# ROLLCALL_KEY  the key, sent as "Authorization: Bearer <key>"; an open service (no ADMIN_API_KEY) needs none
#
# Exit code: 0 done, 1 error, 2 the check was refused and nothing was recorded.
set -euo pipefail

URL=${ROLLCALL_URL:-http://localhost:4000/graphql}

fail() {
  printf '%s\n' "$@" >&2
  exit 1
}

# Quotes a text for JSON.
json() {
  local text=${1//\\/\\\\}
  text=${text//\"/\\\"}
  text=${text//[[:cntrl:]]/ }
  printf '"%s"' "$text"
}

# The first string or number with this name in the answer. For more than this use jq.
field() {
  { grep -oE "\"$1\":(\"(\\\\.|[^\"\\\\])*\"|[0-9]+)" <<<"$2" || true; } |
    sed -E '1!d; s/^"[A-Za-z]*"://; s/^"(.*)"$/\1/; s/\\(.)/\1/g'
}

# Sends a request and prints the answer. The key goes through a file descriptor: process lists do not show it.
send() {
  curl --silent --show-error --max-time 60 "$URL" \
    --config <(if [ -n "${ROLLCALL_KEY:-}" ]; then echo "header = \"Authorization: Bearer $ROLLCALL_KEY\""; fi) "$@"
}

# Sends an operation with a photo: a multipart request (graphql-multipart-request-spec). The service refuses
# multipart requests without the header apollo-require-preflight, as protection against CSRF.
send_photo() {
  local query=$1 input=$2 photo=$3
  send --header 'apollo-require-preflight: true' \
    --form-string "operations={\"query\":$(json "$query"),\"variables\":{\"input\":$input}}" \
    --form-string 'map={"photo":["variables.input.image"]}' \
    --form "photo=@$(json "$photo")"
}

# Stops on an error of the API; prints any other answer.
expect_data() {
  case $1 in
    *'"errors":['*)
      local code
      code=$(field code "$1")
      [ "$code" != UNAUTHENTICATED ] || set -- "$1" 'Set ROLLCALL_KEY to a key of this service.'
      fail "$code: $(field message "$1")" "${@:2}"
      ;;
    *'"data":{'*) printf '%s\n' "$1" ;;
    *) fail "$URL did not answer as Rollcall does: ${1:0:200}" ;;
  esac
}

register() {
  local query='mutation ($input: RegisterEmployeeInput!) { registerEmployee(input: $input) { message } }'
  local answer
  # Not retried: a registration has no requestId, and a second one of the same person is a CONFLICT.
  answer=$(send_photo "$query" "{\"name\":$(json "$1"),\"employeeId\":$(json "$2")}" "$3") || fail "No answer from $URL"
  answer=$(expect_data "$answer")
  field message "$answer"
}

check() {
  local query='mutation ($input: CheckAttendanceInput!) {
    checkAttendance(input: $input) { status message ... on FaceNotUsable { hint } }
  }'
  # Made once for one photo. Every retry sends the same: if only the answer was lost, the service returns the punch
  # that it has recorded and does not record a second one.
  local request_id attempt answer code seconds
  request_id=$(od -An -N16 -tx1 /dev/urandom | tr -d ' \n')
  local input="{\"requestId\":\"$request_id\"${2:+,\"employeeId\":$(json "$2")}}"
  for attempt in 1 2 3 4 5; do
    answer=$(send_photo "$query" "$input" "$1") || answer='{"errors":[{"message":"No answer","code":"UNAVAILABLE"}]}'
    code=$(case $answer in *'"errors":['*) field code "$answer" ;; esac)
    case $code in
      TOO_MANY_REQUESTS | UNAVAILABLE) ;;
      *) break ;;
    esac
    seconds=$(field retryAfterSeconds "$answer")
    seconds=${seconds:-$((2 ** (attempt - 1)))}
    # A longer wait is for the person to know about.
    if [ "$attempt" = 5 ] || [ "$seconds" -gt 10 ]; then break; fi
    sleep "$seconds"
  done
  answer=$(expect_data "$answer")

  local status
  status=$(field status "$answer")
  echo "$status: $(field message "$answer")"
  case $status in
    RECORDED | ALREADY_RECORDED) return 0 ;;
    FACE_MISMATCH) echo 'Check the employee number, or take another photo.' ;;
    FACE_NOT_RECOGNIZED) echo 'Take another photo, or enter the employee number.' ;;
    FACE_NOT_USABLE) field hint "$answer" ;;
    EMPLOYEE_NOT_FOUND) echo 'Check the employee number, or ask HR.' ;;
    OUTSIDE_OFFICE) echo 'Go to the office and punch there.' ;;
    POSITION_UNCERTAIN) echo 'Wait for a better position, near a window or outside.' ;;
    REVIEW) echo 'Nothing: HR decides about it.' ;;
    OTHER_OFFICE) echo 'Use a kiosk of your own office.' ;;
    CHALLENGE_REFUSED) echo 'Get a new challenge (createChallenge), and check again.' ;;
    LIVENESS_FAILED) echo 'Get a new challenge, and follow its actions.' ;;
    DESCRIPTOR_MISMATCH) echo 'Compute the descriptor from the photo that is sent, or send none.' ;;
    REPLAY_DETECTED) echo 'Take a new photo: each photo is accepted once.' ;;
    *) echo 'This outcome is newer than the script.' ;;
  esac
  return 2
}

punches() {
  local query='{ attendances(first: 20) { nodes { recordedAt type employee { employeeId name } } } }'
  local answer
  answer=$(send --header 'content-type: application/json' --data "{\"query\":$(json "$query")}") ||
    fail "No answer from $URL"
  answer=$(expect_data "$answer")
  # One punch a line.
  grep -oE '"recordedAt":"[^"]*","type":"[A-Z]*","employee":\{"employeeId":"[^"]*","name":"(\\.|[^"\\])*"' <<<"$answer" |
    sed -E 's/^"recordedAt":"(.*)","type":"(.*)","employee":\{"employeeId":"(.*)","name":"(.*)"$/\1 \2 \3 \4/
      s/\\(.)/\1/g' || true
}

case ${1:-}:$# in
  register:4) [ -r "$4" ] || fail "Cannot read $4"; register "$2" "$3" "$4" ;;
  check:2 | check:3) [ -r "$2" ] || fail "Cannot read $2"; check "${@:2}" ;;
  punches:1) punches ;;
  *) fail "$(sed -n '4,6s/^#   /Usage: /p' "$0")" ;;
esac
