import {
  defaultFieldResolver,
  isObjectType,
  Kind,
  TypeInfo,
  visit,
  visitWithTypeInfo,
  type ASTNode,
  type DocumentNode,
  type GraphQLCompositeType,
  type GraphQLObjectType,
  type GraphQLSchema,
  type OperationDefinitionNode,
} from 'graphql';
import type { Context } from '../../context';
import type { Requester } from '../../services/access/requester';
import type { Role } from '../../entities/role';
import { RollcallError } from '../../errors';
import { mayCall, mayRead, maySeePhotos, PHOTO_FIELDS } from './permissions';

const unauthenticated = (): RollcallError =>
  new RollcallError('UNAUTHENTICATED', 'API key required; send it as Authorization: Bearer <key>');
const forbidden = (role: Role, what: string): RollcallError =>
  new RollcallError('FORBIDDEN', `Role ${role} may not use ${what}`);

/**
 * Decides on a whole operation before any part of it runs. Otherwise a client could get a refusal although a part was
 * done. The fields of a document are looked up once, because Apollo caches documents.
 */
export class Gate {
  private readonly known = new WeakMap<OperationDefinitionNode, readonly AskedField[]>();

  constructor(private readonly schema: GraphQLSchema) {}

  /** @throws RollcallError UNAUTHENTICATED, FORBIDDEN naming the field */
  check({ role }: Requester, document: DocumentNode, operation: OperationDefinitionNode): void {
    const asked = this.known.get(operation) ?? this.askedBy(document, operation);
    this.known.set(operation, asked);
    // Introspection asks for none of our fields; if it is on, it is open.
    const refused = asked.find(({ root, type, interfaces, field }) =>
      root ? !mayCall(role, `${type}.${field}`) : !mayRead(role, type, interfaces, field),
    );
    if (refused === undefined) return;
    if (role === null) throw unauthenticated();
    throw forbidden(role, `${refused.type}.${refused.field}`);
  }

  /** The fields of an operation and of the fragments that it uses, directly or through others. */
  private askedBy(document: DocumentNode, operation: OperationDefinitionNode): readonly AskedField[] {
    const found = new Map<string, AskedField>();
    const fragments = new Set<string>();
    const look = (node: ASTNode): void => {
      const types = new TypeInfo(this.schema);
      visit(
        node,
        visitWithTypeInfo(types, {
          Field: ({ name }) => {
            const asked = this.fieldOf(types.getParentType(), name.value);
            if (asked !== null) found.set(`${asked.type}.${asked.field}`, asked);
          },
          FragmentSpread: ({ name }) => void fragments.add(name.value),
        }),
      );
    };
    look(operation);
    // The iteration of a set includes elements that are added meanwhile.
    for (const name of fragments) {
      const fragment = document.definitions.find(
        (definition) => definition.kind === Kind.FRAGMENT_DEFINITION && definition.name.value === name,
      );
      if (fragment !== undefined) look(fragment);
    }
    return [...found.values()];
  }

  private fieldOf(parent: GraphQLCompositeType | null | undefined, field: string): AskedField | null {
    if (parent == null || parent.name.startsWith('__') || field.startsWith('__')) return null;
    const { schema } = this;
    const roots: unknown[] = [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()];
    const interfaces = 'getInterfaces' in parent ? parent.getInterfaces().map(({ name }) => name) : [];
    return { root: roots.includes(parent), type: parent.name, interfaces, field };
  }
}

interface AskedField {
  readonly root: boolean;
  readonly type: string;
  readonly interfaces: readonly string[];
  readonly field: string;
}

/**
 * Puts the gate before the resolver of every operation of the schema as well, and so before its arguments are
 * validated: whatever way leads to a resolver, it is closed. Done on the built schema: a global middleware of
 * TypeGraphQL runs for every field of every answer, which costs more than all resolvers together.
 */
export function guard(schema: GraphQLSchema): GraphQLSchema {
  for (const root of [schema.getQueryType(), schema.getMutationType(), schema.getSubscriptionType()]) {
    for (const field of Object.values(root?.getFields() ?? {})) {
      const operation = `${root?.name}.${field.name}`;
      const may = (role: Role | null): boolean => {
        if (mayCall(role, operation)) return true;
        throw role === null ? unauthenticated() : forbidden(role, operation);
      };
      wrap(field, may);
      wrapSubscribe(field, may);
    }
  }
  hidePhotos(schema);
  return schema;
}

/** Answers null to a kiosk that asks for the address of a photo. */
function hidePhotos(schema: GraphQLSchema): void {
  for (const type of Object.values(schema.getTypeMap())) {
    if (!isObjectType(type)) continue;
    const names = [type, ...type.getInterfaces()].flatMap(({ name }) => PHOTO_FIELDS[name] ?? []);
    for (const name of names) {
      const field = type.getFields()[name];
      if (field !== undefined) wrap(field, (role) => role !== null && maySeePhotos(role));
    }
  }
}

type SchemaField = ReturnType<GraphQLObjectType['getFields']>[string];

/** A subscription asks before its stream opens as well. */
function wrapSubscribe(field: SchemaField, may: (role: Role | null) => boolean): void {
  const { subscribe } = field;
  if (subscribe === undefined) return;
  field.subscribe = (source, args, context: Context, info): unknown => {
    may(context.requester.role);
    return subscribe(source, args, context, info);
  };
}

/** Checks access before a field is resolved; without access it is null. */
function wrap(field: SchemaField, may: (role: Role | null) => boolean): void {
  const { resolve = defaultFieldResolver } = field;
  field.resolve = (source, args, context: Context, info): unknown =>
    may(context.requester.role) ? resolve(source, args, context, info) : null;
}
