import { registerEnumType } from 'type-graphql';

/** What a caller may do; resolvers/permissions.ts says what that is. */
export enum Role {
  ADMIN = 'ADMIN',
  HR = 'HR',
  KIOSK = 'KIOSK',
  VIEWER = 'VIEWER',
}

registerEnumType(Role, {
  name: 'Role',
  description: 'What the holder of a key or a token may do.',
  valuesConfig: {
    ADMIN: { description: 'Everything.' },
    HR: { description: 'Employees, their faces, offices and reports.' },
    KIOSK: { description: 'Checks of people in front of a camera, for its own office, and what they need.' },
    VIEWER: { description: 'Reads lists and photos, and changes nothing.' },
  },
});
