import * as v from 'valibot';
import { fields, label, list, text } from '../../../lib/domain/fields.ts';
import { recordKind } from '../../../lib/domain/record-kind.ts';
import { orEmptyList, orNull, Timestamp } from '../../../lib/domain/replies.ts';
import { defineEndpoint } from '../../../lib/endpoint.ts';

const Note = v.exactOptional(v.nullable(text(1, 200)));

const sessions = recordKind({
  name: 'session',
  sortKey: 'ROOM#{roomId}#SESSION#{sessionId}',
  ids: { workspaceId: '', roomId: '', sessionId: '' },
  record: v.object({
    id: v.string(),
    title: v.string(),
    bookedBy: v.string(),
    attendees: orEmptyList(v.object({ id: v.string(), answer: v.unknown() })),
    reminder: v.object({ channel: orNull(v.string()), sentAt: orNull(Timestamp) }),
    createdAt: orNull(Timestamp),
  }),
  unique: {
    code: { within: 'workspace', ignoresCase: false, claim: 'CODE', problem: 'value-taken' },
    'links.slug': { within: 'platform', ignoresCase: true, claim: 'SLUG', problem: 'value-taken' },
  },
});

const declared = {
  description: '',
  summary: '',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/rooms/{roomId}/sessions/{sessionId}',
  kind: sessions,
  permission: 'sessions.update',
} as const;

const ids = { workspaceId: 'w1', roomId: 'r1', sessionId: 's1' };

const reply = {
  session: {
    id: 's1',
    title: 'Second',
    bookedBy: 'u1',
    attendees: [],
    reminder: { channel: 'voice', sentAt: '2024-03-01T09:00:00.000Z' },
    createdAt: '2024-02-01T10:00:00.000Z',
  },
};

/** An endpoint of a kind with three ids, nested fields, members of a reply that nobody sends, and unique fields in two scopes. */
export const updateSession = defineEndpoint({
  ...declared,
  id: 'update-session',
  body: fields({
    title: v.exactOptional(label(80)),
    code: v.exactOptional(text(1, 20)),
    attendees: v.exactOptional(list(fields({ id: text(1, 64), answer: text(0, 9) }), 0, 20)),
    reminder: v.exactOptional(
      fields({
        channel: v.exactOptional(text(1, 9)),
        wording: v.exactOptional(fields({ opening: Note, closing: Note })),
      }),
    ),
    links: v.exactOptional(fields({ slug: v.exactOptional(text(1, 20)) })),
  }),
  example: {
    ids,
    stored: { title: 'First', reminder: { channel: 'sms', wording: { opening: 'Hello' } } },
    body: { title: 'Second', reminder: { channel: 'voice' } },
    mistakes: {},
    reply,
  },
});

/** Another endpoint of the same kind. */
export const moveSession = defineEndpoint({
  ...declared,
  id: 'move-session',
  body: fields({ place: v.exactOptional(text(1, 80)) }),
  example: { ids, stored: { place: 'Berlin' }, body: { place: 'Bonn' }, mistakes: {}, reply },
});
