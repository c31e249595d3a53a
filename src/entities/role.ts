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
  description: 'What a key or token allows.',
  valuesConfig: {
    ADMIN: { description: 'All operations.' },
    HR: { description: 'Manage employees, faces and offices; read reports.' },
    KIOSK: { description: 'Check employees at its own office, with the operations that a kiosk needs.' },
    VIEWER: { description: 'Read lists and photos; change nothing.' },
  },
});
