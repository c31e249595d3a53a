/**
 * Keeps everybody from changing or deleting audit events, also a client that sets parameters of its session. Only
 * audit_retention deletes events: a trigger sees in its call stack that this function runs, and that it runs as the
 * table's owner. Empty tables and the end of an empty trail can be replaced, as the restore of a backup does. The owner of the
 * database can drop triggers; the signatures then show what they did.
 * @param schema of the tables, quoted
 */
export const appendOnly = (schema: string): readonly string[] => [
  `CREATE OR REPLACE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ${schema}, pg_temp AS $$
    DECLARE stack text;
    BEGIN
      GET DIAGNOSTICS stack = PG_CONTEXT;
      IF TG_OP = 'DELETE' AND stack LIKE '%function audit_retention(bigint)%'
        AND current_user = (SELECT pg_get_userbyid(relowner) FROM pg_class WHERE oid = TG_RELID)
      THEN RETURN NULL; END IF;
      IF NOT EXISTS (SELECT FROM audit_events) THEN RETURN NULL; END IF;
      RAISE EXCEPTION 'audit_events is append-only';
    END $$`,
  `DROP TRIGGER audit_events_append_only ON audit_events`,
  `CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()`,
  `CREATE FUNCTION audit_chain_grows() RETURNS trigger LANGUAGE plpgsql
    SET search_path = ${schema}, pg_temp AS $$
    BEGIN
      IF TG_OP = 'UPDATE' THEN
        IF NEW.id = OLD.id AND NEW.sequence >= OLD.sequence THEN RETURN NEW; END IF;
      ELSIF TG_OP = 'DELETE' THEN
        IF OLD.sequence = 0 OR NOT EXISTS (SELECT FROM audit_events) THEN RETURN OLD; END IF;
      ELSIF NOT EXISTS (SELECT FROM audit_events) THEN
        RETURN NULL;
      END IF;
      RAISE EXCEPTION 'audit_chain only grows';
    END $$`,
  `CREATE TRIGGER audit_chain_grows BEFORE UPDATE OR DELETE ON audit_chain
    FOR EACH ROW EXECUTE FUNCTION audit_chain_grows()`,
  `CREATE TRIGGER audit_chain_no_truncate BEFORE TRUNCATE ON audit_chain
    FOR EACH STATEMENT EXECUTE FUNCTION audit_chain_grows()`,
  `CREATE FUNCTION audit_retention(through bigint) RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER
    SET search_path = ${schema}, pg_temp AS $$
    DECLARE removed bigint;
    BEGIN
      IF NOT EXISTS (
        SELECT FROM audit_events v JOIN audit_chain c ON c.sequence = v.sequence
        WHERE v.action = 'audit.purge' AND v.key_id IS NOT NULL AND v.sequence > audit_retention.through
          AND v.details ->> 'through' = audit_retention.through::text
      ) THEN
        RAISE EXCEPTION 'audit_retention needs a signed cut (audit.purge) as the last event';
      END IF;
      DELETE FROM audit_events v WHERE v.sequence <= audit_retention.through;
      GET DIAGNOSTICS removed = ROW_COUNT;
      RETURN removed;
    END $$`,
];

/** What the migration before had made. */
export const EARLIER_TRIGGERS: readonly string[] = [
  `DROP FUNCTION audit_retention(bigint)`,
  `DROP TRIGGER audit_chain_grows ON audit_chain`,
  `DROP TRIGGER audit_chain_no_truncate ON audit_chain`,
  `DROP FUNCTION audit_chain_grows()`,
  `DROP TRIGGER audit_events_append_only ON audit_events`,
  `DROP TRIGGER audit_events_no_truncate ON audit_events`,
  `DROP FUNCTION audit_events_append_only()`,
  `CREATE FUNCTION audit_events_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
    BEGIN
      IF TG_OP = 'DELETE' AND current_setting('rollcall.audit_retention', true) = 'on' THEN RETURN OLD; END IF;
      RAISE EXCEPTION 'audit_events is append-only';
    END $$`,
  `CREATE TRIGGER audit_events_append_only BEFORE UPDATE OR DELETE ON audit_events
    FOR EACH ROW EXECUTE FUNCTION audit_events_append_only()`,
  `CREATE TRIGGER audit_events_no_truncate BEFORE TRUNCATE ON audit_events
    FOR EACH STATEMENT EXECUTE FUNCTION audit_events_append_only()`,
];
