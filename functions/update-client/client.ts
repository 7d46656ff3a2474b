import * as v from 'valibot';
import { distinctBy, fields, HttpUrl, Id, label, list, StorableNumber, text } from '../../lib/domain/fields.ts';
import type { Change, Changed, Records } from '../../lib/domain/records.ts';
import { orEmptyList, orNull, Timestamp } from '../../lib/domain/replies.ts';

/** A client is known within its workspace only. */
export const ClientIds = v.object({ workspaceId: Id, clientId: Id });
export type ClientIds = v.InferOutput<typeof ClientIds>;

const ContactMethod = fields({
  type: v.picklist(
    ['whatsapp', 'phone', 'email', 'fax', 'other'],
    'must be one of whatsapp, phone, email, fax and other',
  ),
  value: text(1, 500),
  isPreferred: v.boolean('must be true or false'),
});

const ContactMethods = v.pipe(
  list(ContactMethod, 1, 50),
  v.partialCheck(
    [['$', 'isPreferred']],
    (methods) => methods.filter(({ isPreferred }) => isPreferred).length === 1,
    'must have exactly one item with isPreferred true',
  ),
);

const CustomField = fields({
  fieldKey: text(1, 100),
  value: v.union(
    [text(0, 5000), v.boolean(), v.null(), StorableNumber, list(text(0, 5000), 0, 100)],
    'must be text of at most 5000 characters, a boolean, null, a number, or a list of at most 100 texts',
  ),
});

const CustomFields = v.pipe(list(CustomField, 0, 100), distinctBy('fieldKey'));

/** What a caller may change of a client. Lists are replaced whole; `avatarUrl: null` takes the picture away. */
export const ClientPatch = fields({
  name: v.exactOptional(label(500)),
  avatarUrl: v.exactOptional(v.nullable(HttpUrl)),
  contactMethods: v.exactOptional(ContactMethods),
  customFields: v.exactOptional(CustomFields),
});
export type ClientPatch = v.InferOutput<typeof ClientPatch>;

/** A client as it is answered. */
export const Client = v.object({
  id: v.string(),
  name: v.string(),
  avatarUrl: orNull(v.string()),
  contactMethods: orEmptyList(v.object({ type: v.string(), value: v.string(), isPreferred: v.boolean() })),
  customFields: orEmptyList(v.object({ fieldKey: v.string(), value: v.unknown() })),
  createdAt: orNull(Timestamp),
  updatedAt: orNull(Timestamp),
});

/**
 * Changes the given fields of a client and no others.
 *
 * @throws Problem `not-found`, `stale-version`, `record-too-large` or `unavailable`
 */
export const updateClient = async (
  records: Records,
  { ids, patch, expected }: Change<ClientIds, ClientPatch>,
): Promise<Changed> => {
  const { version, fields } = await records.update({ key: ids, patch, expected });
  const updatedAt = fields.updatedAt ?? fields.createdAt;
  return { version, reply: { client: { ...fields, id: ids.clientId, updatedAt } } };
};
