import { defineEndpoint } from '../../../lib/endpoint.ts';
import { VisitPatch, visits } from './visit.ts';

/** Update Visit: changes the given fields of a visit. */
export const endpoint = defineEndpoint({
  id: 'update-visit',
  summary: 'Update Visit',
  description: 'Changes the given fields of a visit and leaves all others as they are.',
  method: 'PATCH',
  path: '/v1/workspace/{workspaceId}/visits/{visitId}',
  kind: visits,
  permission: 'visits.update',
  body: VisitPatch,
  example: {
    ids: { workspaceId: '507f191e810c19729de860ea', visitId: '507f1f77bcf86cd799439077' },
    stored: { title: 'Visit', room: { address: { city: 'Harbour' } }, seats: 4 },
    body: {
      title: 'First visit',
      room: { floor: 2, address: { street: 'Quay 7', city: 'Harbour' } },
      seats: 12,
      startsAt: '2024-03-01T09:30:00+01:00',
      attendeeIds: ['507f1f77bcf86cd799439011'],
      state: 'planned',
      fee: '12.50',
      language: 'en-GB',
      reference: 'V-2024-001',
    },
    mistakes: { title: '', room: { address: { city: 7 } }, seats: 0, colour: 'red' },
    reply: {
      visit: {
        id: '507f1f77bcf86cd799439077',
        title: 'First visit',
        room: { floor: 2, address: { street: 'Quay 7', city: 'Harbour' } },
        seats: 12,
        startsAt: '2024-03-01T09:30:00+01:00',
        attendeeIds: ['507f1f77bcf86cd799439011'],
        state: 'planned',
        fee: '12.50',
        reference: 'V-2024-001',
        updatedAt: '2024-01-15T11:00:00.000Z',
      },
    },
  },
});
