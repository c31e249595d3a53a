import { SAMPLE_DESCRIPTOR, SAMPLE_PHOTO } from './sample-face';

/** The first minutes with the service: everything is filled in, the operations are to be run from top to bottom. */
export const firstMinutes = {
  document: `# 1. Enrol an employee. Photo and descriptor of a sample face are among the variables below.
mutation Register($register: RegisterEmployeeInput!) {
  registerEmployee(input: $register) {
    message
    faceDetectionStatus
    cloudinaryUrl
    employee {
      id
      employeeId
      name
      imageUrl
    }
  }
}

# 2. The same person in front of the camera: recorded as a LOGIN.
mutation Check($check: CheckAttendanceInput!) {
  checkAttendance(input: $check) {
    status
    message
    similarity
    distanceFromOffice
    ... on AttendanceRecorded {
      attendance {
        type
        recordedAt
        imageUrl
      }
    }
  }
}

# 3. Who punched?
query Punches {
  attendances(first: 10) {
    totalCount
    nodes {
      type
      recordedAt
      similarity
      employee {
        employeeId
        name
      }
    }
  }
}
`,
  variables: {
    register: {
      name: 'Grace Hopper',
      employeeId: 'GH-1906',
      imageBase64: SAMPLE_PHOTO,
      faceDescriptor: SAMPLE_DESCRIPTOR,
    },
    check: { imageBase64: SAMPLE_PHOTO, faceDescriptor: SAMPLE_DESCRIPTOR },
  },
};

/** What Apollo Sandbox opens with. @param withKey whether the service asks for an API key */
export const sandboxExample = (withKey: boolean) => ({
  ...firstMinutes,
  ...(withKey ? { headers: { Authorization: 'Bearer <your API key>' } } : {}),
});
