import * as v from 'valibot';
import { fields, label, list, text } from '../../../lib/domain/fields.ts';
import { recordKind } from '../../../lib/domain/record-kind.ts';
import { orEmptyList, orNull, Timestamp } from '../../../lib/domain/replies.ts';
import { defineEndpoint } from '../../../lib/endpoint.ts';

const minutes = 'must be a whole number from 5 to 480';
const start = 'must be a timestamp (RFC 3339)';
const id = 'must be an id';

const Reminder = fields({
  channel: v.exactOptional(v.picklist(['sms', 'voice'], 'must be sms or voice')),
  wording: v.exactOptional(fields({ opening: v.exactOptional(text(0, 300)), closing: v.exactOptional(label(40)) })),
});

const Patch = fields({
  title: v.exactOptional(label(80)),
  minutes: v.exactOptional(
    v.pipe(v.number(minutes), v.integer(minutes), v.minValue(5, minutes), v.maxValue(480, minutes)),
  ),
  startsAt: v.exactOptional(
    v.pipe(
      text(20, 35),
      v.regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)$/, start),
      v.check((timestamp) => !Number.isNaN(Date.parse(timestamp)), start),
    ),
  ),
  attendees: v.exactOptional(list(v.pipe(v.string(id), v.regex(/^[A-Za-z0-9_-]{1,64}$/, id)), 0, 20)),
  note: v.exactOptional(v.nullable(text(1, 200))),
  state: v.exactOptional(v.picklist(['planned', 'held', 'cancelled'], 'must be planned, held or cancelled')),
  reminder: v.exactOptional(Reminder),
});

const Session = v.object({
  id: v.string(),
  title: v.string(),
  minutes: orNull(v.number()),
  startsAt: orNull(v.string()),
  attendees: orEmptyList(v.string()),
  state: orNull(v.string()),
  reminder: v.object({ channel: orNull(v.string()) }),
  updatedAt: orNull(Timestamp),
});

const sessions = recordKind({
  name: 'session',
  sortKey: 'SESSION#{sessionId}',
  ids: { workspaceId: 'The workspace.', sessionId: 'The session.' },
  record: Session,
  unique: {},
});

/** An endpoint that nothing but its schemas is known of: three levels of nesting, and types that the real ones lack. */
export const invented = defineEndpoint({
  id: 'change-meeting',
  summary: 'Change Meeting',
  description: 'Changes the given fields of a session.',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/sessions/{sessionId}',
  kind: sessions,
  permission: 'sessions.update',
  body: Patch,
  example: {
    ids: { workspaceId: 'w1', sessionId: 's1' },
    stored: { title: 'Visit', reminder: { wording: { opening: 'See you soon.' } } },
    body: { title: 'First visit', startsAt: '2024-03-01T09:30:00+01:00' },
    mistakes: { title: '' },
    reply: {
      session: {
        id: 's1',
        title: 'First visit',
        minutes: null,
        startsAt: null,
        attendees: [],
        state: null,
        reminder: { channel: null },
        updatedAt: '2024-01-15T11:00:00.000Z',
      },
    },
  },
});
