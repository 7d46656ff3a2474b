import * as v from 'valibot';
import { distinctBy, fields, HttpUrl, label, list, StorableNumber, text } from '../../lib/domain/fields.ts';
import { oneOf } from '../../lib/domain/one-of.ts';
import { recordKind } from '../../lib/domain/record-kind.ts';
import { orEmptyList, orNull, Timestamp } from '../../lib/domain/replies.ts';

const ContactMethod = v.pipe(
  fields({
    type: v.pipe(oneOf(['whatsapp', 'phone', 'email', 'fax', 'other']), v.description('The kind of contact.')),
    value: v.pipe(text(1, 500), v.description('The number or address.')),
    isPreferred: v.pipe(v.boolean('must be true or false'), v.description('Whether to try this one first.')),
  }),
  v.title('ContactMethod'),
  v.description('A way to reach the client.'),
);

const ContactMethods = v.pipe(
  list(ContactMethod, 1, 50),
  v.partialCheck(
    [['$', 'isPreferred']],
    (methods) => methods.filter(({ isPreferred }) => isPreferred).length === 1,
    'must have exactly one item with isPreferred true',
  ),
  v.metadata({
    contains: { type: 'object', properties: { isPreferred: { const: true } }, required: ['isPreferred'] },
    minContains: 1,
    maxContains: 1,
  }),
);

const CustomField = v.pipe(
  fields({
    fieldKey: v.pipe(text(1, 100), v.description('The key of the field. No two fields in a list may have the same.')),
    value: v.pipe(
      v.union(
        [text(0, 5000), v.boolean(), v.null(), StorableNumber, list(text(0, 5000), 0, 100)],
        'must be text of at most 5000 characters, a boolean, null, a number, or a list of at most 100 texts',
      ),
      v.description('Text, a boolean, `null`, a number, or a list of texts.'),
    ),
  }),
  v.title('CustomField'),
  v.description('A field of your own.'),
);

const CustomFields = v.pipe(list(CustomField, 0, 100), distinctBy('fieldKey'));

/** What a caller may change of a client. Lists are replaced whole; `avatarUrl: null` takes the picture away. */
export const ClientPatch = v.pipe(
  fields({
    name: v.exactOptional(v.pipe(label(500), v.description('The name of the client.'))),
    avatarUrl: v.exactOptional(
      v.pipe(
        v.nullable(HttpUrl),
        v.description('Where the picture of the client is; `null` takes it away. The service never fetches it.'),
      ),
    ),
    contactMethods: v.exactOptional(
      v.pipe(ContactMethods, v.description('All ways to reach the client: replaces the whole list.')),
    ),
    customFields: v.exactOptional(
      v.pipe(CustomFields, v.description('All fields of your own: replaces the whole list, and `[]` clears it.')),
    ),
  }),
  v.title('ClientPatch'),
  v.description('What to change of a client. What is not sent stays as it is.'),
);
/** A client in a response. */
const Client = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('The id, as in the path.')),
    name: v.pipe(v.string(), v.description('The name of the client.')),
    avatarUrl: v.pipe(orNull(v.string()), v.description('Where the picture is; `null` if there is none.')),
    contactMethods: v.pipe(
      orEmptyList(
        v.object({
          type: v.pipe(v.string(), v.description('The kind of contact.')),
          value: v.pipe(v.string(), v.description('The number or address.')),
          isPreferred: v.pipe(v.boolean(), v.description('Whether to try this one first.')),
        }),
      ),
      v.description('All ways to reach the client.'),
    ),
    customFields: v.pipe(
      orEmptyList(
        v.object({
          fieldKey: v.pipe(v.string(), v.description('The key of the field.')),
          value: v.pipe(v.unknown(), v.description('Any JSON value; what this endpoint stores is described there.')),
        }),
      ),
      v.description('All fields of your own.'),
    ),
    createdAt: v.pipe(orNull(Timestamp), v.description('When the client was made, in UTC; `null` if not known.')),
    updatedAt: v.pipe(orNull(Timestamp), v.description('When the client last changed, in UTC; `null` if not known.')),
  }),
  v.title('Client'),
  v.description('A client as it is stored now.'),
);

/** The clients of a workspace. A client is known within its workspace only. */
export const clients = recordKind({
  name: 'client',
  sortKey: 'CLIENT#{clientId}',
  ids: { workspaceId: 'The workspace that the client belongs to.', clientId: 'The client.' },
  record: Client,
  unique: {},
});
