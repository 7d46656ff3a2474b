import * as v from 'valibot';
import { fields, label, text } from '../../../lib/domain/fields.ts';
import { distinctIds, LanguageTag } from '../../../lib/domain/identifiers.ts';
import { decimal, wholeNumber } from '../../../lib/domain/numbers.ts';
import { oneOf } from '../../../lib/domain/one-of.ts';
import { recordKind } from '../../../lib/domain/record-kind.ts';
import { orEmptyList, orNull, Timestamp } from '../../../lib/domain/replies.ts';
import { DateTime } from '../../../lib/domain/times.ts';

const Address = v.pipe(
  fields({
    street: v.exactOptional(v.pipe(text(0, 200), v.description('The street and number.'))),
    city: v.exactOptional(v.pipe(label(100), v.description('The city.'))),
  }),
  v.title('Address'),
  v.description('Where the building of the room is.'),
);

const Room = v.pipe(
  fields({
    floor: v.exactOptional(v.pipe(wholeNumber(-9, 200), v.description('The floor, 0 for the ground floor.'))),
    address: v.exactOptional(Address),
  }),
  v.title('Room'),
  v.description('Where the visit takes place.'),
);

/** What a caller may change of a visit. */
export const VisitPatch = v.pipe(
  fields({
    title: v.exactOptional(v.pipe(label(80), v.description('What the visit is called.'))),
    room: v.exactOptional(Room),
    seats: v.exactOptional(v.pipe(wholeNumber(1, 500), v.description('How many may come.'))),
    startsAt: v.exactOptional(v.pipe(v.nullable(DateTime), v.description('When it begins; `null` if open.'))),
    attendeeIds: v.exactOptional(v.pipe(distinctIds(0, 20), v.description('Who comes: replaces the whole list.'))),
    state: v.exactOptional(v.pipe(oneOf(['planned', 'held', 'cancelled']), v.description('How far it is.'))),
    fee: v.exactOptional(v.pipe(decimal(10, 2), v.description('What it costs.'))),
    language: v.exactOptional(v.pipe(LanguageTag, v.description('The language that is spoken; replies leave it out.'))),
    reference: v.exactOptional(
      v.pipe(
        v.nullable(label(40)),
        v.description('Its reference, unlike any other of the workspace; `null` for none.'),
      ),
    ),
  }),
  v.title('VisitPatch'),
  v.description('What to change of a visit. What is not sent stays as it is.'),
);

/** A visit in a response. */
const Visit = v.pipe(
  v.object({
    id: v.pipe(v.string(), v.description('The id, as in the path.')),
    title: v.pipe(orNull(v.string()), v.description('What the visit is called; `null` if it has no title.')),
    room: v.pipe(
      v.object({
        floor: v.pipe(orNull(v.number()), v.description('The floor; `null` if not known.')),
        address: v.pipe(
          v.object({
            street: v.pipe(orNull(v.string()), v.description('The street and number; `null` if not known.')),
            city: v.pipe(orNull(v.string()), v.description('The city; `null` if not known.')),
          }),
          v.description('Where the building of the room is.'),
        ),
      }),
      v.description('Where the visit takes place.'),
    ),
    seats: v.pipe(orNull(v.number()), v.description('How many may come; `null` if not known.')),
    startsAt: v.pipe(orNull(v.string()), v.description('When it begins, as sent; `null` if open.')),
    attendeeIds: v.pipe(orEmptyList(v.string()), v.description('Who comes.')),
    state: v.pipe(orNull(v.string()), v.description('How far it is; `null` if not known.')),
    fee: v.pipe(orNull(v.string()), v.description('What it costs; `null` if not known.')),
    reference: v.pipe(orNull(v.string()), v.description('Its reference; `null` if it has none.')),
    updatedAt: v.pipe(orNull(Timestamp), v.description('When the visit last changed, in UTC; `null` if not known.')),
  }),
  v.title('Visit'),
  v.description('A visit as it is stored now.'),
);

/** The visits of a workspace: a kind with what the real ones lack. */
export const visits = recordKind({
  name: 'visit',
  sortKey: 'VISIT#{visitId}',
  ids: { workspaceId: 'The workspace.', visitId: 'The visit.' },
  record: Visit,
  unique: {
    reference: { within: 'workspace', ignoresCase: false, claim: 'VISIT_REFERENCE', problem: 'value-taken' },
  },
});
