/** The operations of the pages. */

const OFFICE = 'id name timeZone';
const PUNCH = `id type recordedAt offline employee { employeeId name } office { ${OFFICE} }`;
const EMPLOYEE = 'employeeId name active office { id name } faceImageUrl faceTemplates { id createdAt }';

export const REDEEM = `mutation ($code: String!) {
  redeemKioskPairing(code: $code) { apiKey office { ${OFFICE} } }
}`;

export const SETTINGS = `{
  kioskSettings {
    office { ${OFFICE} latitude longitude radiusMeters }
    requireChallenge requireLiveness
  }
}`;

export const OFFICES = `{ offices { ${OFFICE} } }`;

export const CHECK = `mutation ($input: CheckAttendanceInput!) {
  checkAttendance(input: $input) {
    status distanceFromOffice
    ... on AttendanceRecorded { attendance { ${PUNCH} } }
    ... on AttendanceAlreadyRecorded { attendance { ${PUNCH} } }
    ... on OutsideOffice { office { ${OFFICE} } }
    ... on FaceNotUsable { reason }
    ... on ChallengeRefused { challengeReason: reason }
    ... on LivenessFailed { livenessReason: reason action faceReason }
  }
}`;

export const CHALLENGE = `mutation ($input: CreateChallengeInput!) {
  createChallenge(input: $input) { token actions expiresAt }
}`;

export const EMPLOYEES = `query ($filter: EmployeeFilter, $first: Int!, $after: String) {
  employees(filter: $filter, first: $first, after: $after) {
    totalCount nodes { ${EMPLOYEE} } pageInfo { hasNextPage endCursor }
  }
}`;

/** How many people are enrolled, and nothing about any of them. */
export const ENROLLED_COUNT = `{ employees(filter: { active: true }, first: 1) { totalCount } }`;

export const EMPLOYEE_BY_ID = `query ($employeeId: String!) { employee(employeeId: $employeeId) { ${EMPLOYEE} } }`;

export const REGISTER = `mutation ($input: RegisterEmployeeInput!) {
  registerEmployee(input: $input) { employee { ${EMPLOYEE} } }
}`;

export const ADD_FACES = `mutation ($input: FaceTemplateInput!) {
  addFaceTemplate(input: $input) { employee { ${EMPLOYEE} } }
}`;

export const REPLACE_FACES = `mutation ($input: FaceTemplateInput!) {
  replaceFace(input: $input) { employee { ${EMPLOYEE} } }
}`;

export const DEACTIVATE = `mutation ($employeeId: String!) {
  deactivateEmployee(employeeId: $employeeId) { ${EMPLOYEE} }
}`;

export const REACTIVATE = `mutation ($employeeId: String!) {
  reactivateEmployee(employeeId: $employeeId) { ${EMPLOYEE} }
}`;

export const PUNCHES = `query ($filter: AttendanceFilter, $first: Int!, $after: String) {
  attendances(filter: $filter, first: $first, after: $after) {
    totalCount nodes { ${PUNCH} } pageInfo { hasNextPage endCursor }
  }
}`;

export const RECORDED = `subscription ($officeId: ID) { attendanceRecorded(officeId: $officeId) { ${PUNCH} } }`;
