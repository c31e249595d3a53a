#!/usr/bin/env python3
"""Rollcall with the Python standard library (3.9 or later): register an employee, check attendance, list punches.

    rollcall_client.py register NAME EMPLOYEE_ID PHOTO
    rollcall_client.py check PHOTO [EMPLOYEE_ID]
    rollcall_client.py punches

ROLLCALL_URL  the service; http://localhost:4000/graphql if not set
ROLLCALL_KEY  the key, sent as "Authorization: Bearer <key>"; an open service (no ADMIN_API_KEY) needs none

Exit code: 0 done, 1 error, 2 the check was refused and nothing was recorded.
"""

from __future__ import annotations

import json
import os
import sys
import time
import uuid
from dataclasses import dataclass
from http.client import HTTPException
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

REGISTER = """mutation ($input: RegisterEmployeeInput!) {
  registerEmployee(input: $input) { message }
}"""

CHECK = """mutation ($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    status message
    ... on AttendanceRecorded { attendance { ...punch } }
    ... on AttendanceAlreadyRecorded { attendance { ...punch } }
    ... on FaceNotUsable { hint }
    ... on LivenessFailed { livenessHint: hint }
  }
}
fragment punch on Attendance { type recordedAt employee { employeeId name } }"""

PUNCHES = """query ($first: Int!) {
  attendances(first: $first) { nodes { type recordedAt employee { employeeId name } } }
}"""


# What the person does next, by CheckAttendanceStatus of the schema. A newer service may have more outcomes.
NEXT_STEP = {
    "RECORDED": "Nothing to do.",
    "ALREADY_RECORDED": "Nothing to do: this punch was recorded before.",
    "FACE_MISMATCH": "Check the employee number, or take another photo.",
    "FACE_NOT_RECOGNIZED": "Take another photo, or enter the employee number.",
    "FACE_NOT_USABLE": "Take another photo.",
    "EMPLOYEE_NOT_FOUND": "Check the employee number, or ask HR.",
    "OUTSIDE_OFFICE": "Go to the office and punch there.",
    "POSITION_UNCERTAIN": "Wait for a better position, near a window or outside.",
    "REVIEW": "Nothing: HR decides about it.",
    "OTHER_OFFICE": "Use a kiosk of your own office.",
    "CHALLENGE_REFUSED": "Get a new challenge (createChallenge), and check again.",
    "LIVENESS_FAILED": "Get a new challenge, and follow its actions.",
    "DESCRIPTOR_MISMATCH": "Compute the descriptor from the photo that is sent, or send none.",
    "REPLAY_DETECTED": "Take a new photo: each photo is accepted once.",
}


@dataclass(frozen=True)
class Punch:
    type: str
    recorded_at: str
    employee_id: str
    name: str

    @staticmethod
    def of(node: dict[str, Any]) -> Punch:
        employee = node["employee"]
        return Punch(node["type"], node["recordedAt"], employee["employeeId"], employee["name"])


@dataclass(frozen=True)
class CheckResult:
    status: str
    message: str
    # None: the check was refused, and nothing was recorded.
    punch: Punch | None
    # What is wrong with the photo, in words for the person.
    hint: str | None

    @property
    def advice(self) -> str:
        step = NEXT_STEP.get(self.status, "This outcome is newer than the script.")
        return f"{self.hint} {step}" if self.hint else step


class RollcallError(Exception):
    """An error of the API (extensions.code), or NETWORK: no answer arrived."""

    def __init__(self, code: str, message: str, retry_after_seconds: int | None = None) -> None:
        super().__init__(message)
        self.code = code
        self.retry_after_seconds = retry_after_seconds

    @property
    def temporary(self) -> bool:
        """Every other error is answered the same way again."""
        return self.code in ("TOO_MANY_REQUESTS", "UNAVAILABLE", "NETWORK")


def multipart(fields: dict[str, str], photo: Path) -> tuple[bytes, str]:
    """The body of a form with one file, and its content type."""
    boundary = uuid.uuid4().hex
    parts = [
        f'--{boundary}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode()
        for name, value in fields.items()
    ]
    # The service does not need the name of the file.
    head = f'--{boundary}\r\nContent-Disposition: form-data; name="photo"; filename="photo"\r\n\r\n'
    body = b"".join([*parts, head.encode(), photo.read_bytes(), f"\r\n--{boundary}--\r\n".encode()])
    return body, f"multipart/form-data; boundary={boundary}"


class RollcallClient:
    ATTEMPTS = 5
    LONGEST_WAIT_SECONDS = 10

    def __init__(self, url: str, key: str | None = None, timeout: float = 60) -> None:
        """key: None for an open service."""
        self.url = url
        self.timeout = timeout
        # Without apollo-require-preflight the service refuses multipart requests (protection against CSRF).
        self.headers = {"apollo-require-preflight": "true"}
        if key:
            self.headers["Authorization"] = f"Bearer {key}"

    def register(self, name: str, employee_id: str, photo: Path) -> str:
        # Not retried: a registration has no requestId, and a second one of the same person is a CONFLICT.
        data = self._send_photo(REGISTER, {"name": name, "employeeId": employee_id}, photo)
        return data["registerEmployee"]["message"]

    def check(self, photo: Path, employee_id: str | None = None) -> CheckResult:
        # The requestId is made once for one photo. Every retry sends the same: if only the answer was lost, the
        # service returns the punch that it has recorded and does not record a second one.
        variables = {"requestId": str(uuid.uuid4()), "employeeId": employee_id}
        for attempt in range(self.ATTEMPTS):
            try:
                answer = self._send_photo(CHECK, variables, photo)["checkAttendance"]
                break
            except RollcallError as error:
                seconds = error.retry_after_seconds or 2**attempt
                last = attempt == self.ATTEMPTS - 1
                if last or not error.temporary or seconds > self.LONGEST_WAIT_SECONDS:
                    raise
                time.sleep(seconds)
        attendance = answer.get("attendance")
        return CheckResult(
            status=answer["status"],
            message=answer["message"],
            punch=None if attendance is None else Punch.of(attendance),
            hint=answer.get("hint") or answer.get("livenessHint"),
        )

    def punches(self, first: int = 20) -> list[Punch]:
        body = json.dumps({"query": PUNCHES, "variables": {"first": first}}).encode()
        data = self._send(body, "application/json")
        return [Punch.of(node) for node in data["attendances"]["nodes"]]

    def _send_photo(self, query: str, variables: dict[str, Any], photo: Path) -> dict[str, Any]:
        operations = {"query": query, "variables": {"input": {**variables, "image": None}}}
        form = {"operations": json.dumps(operations), "map": json.dumps({"photo": ["variables.input.image"]})}
        return self._send(*multipart(form, photo))

    def _send(self, body: bytes, content_type: str) -> dict[str, Any]:
        request = Request(self.url, body, {**self.headers, "Content-Type": content_type})
        try:
            with urlopen(request, timeout=self.timeout) as response:
                text = response.read()
        except HTTPError as error:
            # Errors of the API can come with a status such as 401; the body says more.
            with error:
                text = error.read()
        except (OSError, HTTPException) as error:
            raise RollcallError("NETWORK", f"{self.url} did not answer: {error}") from error
        try:
            answer = json.loads(text)
            if "errors" not in answer:
                return answer["data"]
            [first, *_] = answer["errors"]
            extensions = first.get("extensions", {})
        except (ValueError, TypeError, KeyError, AttributeError) as error:
            raise RollcallError("NETWORK", f"{self.url} does not answer as Rollcall does") from error
        raise RollcallError(
            extensions.get("code", "INTERNAL_SERVER_ERROR"), first["message"], extensions.get("retryAfterSeconds")
        )


def main(arguments: list[str]) -> int:
    client = RollcallClient(
        os.environ.get("ROLLCALL_URL", "http://localhost:4000/graphql"), os.environ.get("ROLLCALL_KEY")
    )
    try:
        if len(arguments) == 4 and arguments[0] == "register":
            print(client.register(arguments[1], arguments[2], Path(arguments[3])))
        elif len(arguments) in (2, 3) and arguments[0] == "check":
            result = client.check(Path(arguments[1]), *arguments[2:])
            print(f"{result.status}: {result.message}\n{result.advice}")
            return 0 if result.punch else 2
        elif arguments == ["punches"]:
            for punch in client.punches():
                print(punch.recorded_at, punch.type, punch.employee_id, punch.name)
        else:
            print(__doc__, file=sys.stderr)
            return 1
    except RollcallError as error:
        print(f"{error.code}: {error}", file=sys.stderr)
        if error.code == "UNAUTHENTICATED":
            print("Set ROLLCALL_KEY to a key of this service.", file=sys.stderr)
        return 1
    except OSError as error:
        print(f"Cannot read {error.filename}: {error.strerror}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
