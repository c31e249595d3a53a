import { SAMPLE_DESCRIPTOR, SAMPLE_PHOTO } from './sample-face';

/** Examples for the first minutes with the service: complete operations to run from top to bottom. */
export const FIRST_OPERATIONS = `# 1. Enrol an employee. The photo of a sample face is among the variables below.
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
`;

/** @param describesFaces whether the service computes descriptors itself; otherwise the sample comes with one */
export function firstMinutes(describesFaces: boolean) {
  const face = {
    imageBase64: SAMPLE_PHOTO,
    ...(describesFaces ? {} : { faceDescriptor: SAMPLE_DESCRIPTOR }),
  };
  return {
    document: FIRST_OPERATIONS,
    variables: { register: { name: 'Grace Hopper', employeeId: 'GH-1906', ...face }, check: face },
  };
}

/** What the API explorers need to know about the service. */
export interface ExampleOptions {
  /** Whether it asks for an API key. */
  readonly withKey: boolean;
  readonly describesFaces: boolean;
}

/** What Apollo Sandbox opens with. */
export const sandboxExample = ({ withKey, describesFaces }: ExampleOptions) => ({
  ...firstMinutes(describesFaces),
  ...(withKey ? { headers: { Authorization: 'Bearer <your API key>' } } : {}),
});
