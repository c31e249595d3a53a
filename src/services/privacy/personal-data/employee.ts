import { shown, OWNER, OFFICE, PHOTO, type PersonalTable } from './personal-table';

/** The employee, and where they work. */
export const EMPLOYEE_TABLES = {
  employees: {
    of: 'id = $1',
    section: { name: 'employee', order: 'id' },
    photo: { path: 'image_path' },
    erasure: 'pseudonymise',
    columns: {
      ...shown('id'),
      // Made of the row's id, so nobody else's.
      employee_id: { as: 'employeeId', erased: `'erased-' || id::text` },
      employee_id_key: {
        omitted: 'The employeeId in the form that is compared.',
        erased: `'erased-' || id::text`,
      },
      name: { as: 'name', erased: `'Erased employee'` },
      name_key: { omitted: 'The name in the form that is compared.', erased: `'erased employee'` },
      active: { as: 'active', erased: 'false' },
      created_at: { as: 'registeredAt' },
      ...shown('deactivated_at', 'employed_from', 'employed_until'),
      erased_at: { omitted: 'There is no export of an employee who is being erased.' },
      office_id: { ...OFFICE, erased: 'NULL' },
      ...PHOTO,
      consent_version: { as: 'consentVersion', erased: 'NULL' },
      consent_given_at: { as: 'consentGivenAt', erased: 'NULL' },
      consent_recorded_by: { as: 'consentRecordedBy', mentions: true, erased: 'NULL' },
      consent_withdrawn_at: { as: 'consentWithdrawnAt', erased: 'NULL' },
      audit_key: {
        omitted:
          'A random key. Hashes in the audit trail stand for changed values; an erasure deletes the key.',
        erased: 'NULL',
      },
    },
  },
  employee_offices: {
    of: 'employee_id = $1',
    section: { name: 'officeHistory', order: 'valid_from' },
    erasure: { keeps: 'The days of the punches that are kept depend on it. It names nobody.' },
    columns: {
      ...shown('id'),
      employee_id: OWNER,
      office_id: OFFICE,
      ...shown('valid_from', 'created_by', 'created_at'),
    },
  },
} satisfies Readonly<Record<string, PersonalTable>>;
