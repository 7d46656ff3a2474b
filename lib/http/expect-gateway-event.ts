/**
 * Refuses what is no event of API Gateway's HTTP API, payload format 2.0, before anything is made of it: a request is counted,
 * and a 401 means something, only if there is a request.
 *
 * @throws Error with a sentence that names the kind of event, and nothing that is in it
 */
export const expectGatewayEvent = (event: unknown): void => {
  const { version, requestContext } = membersOf(event);
  const { requestId, http } = membersOf(requestContext);
  if (version === '2.0' && typeof requestId === 'string' && hasMembers(http)) return;
  throw new Error(
    `This function takes API Gateway HTTP API events of payload format 2.0, and this is ${kindOf(membersOf(event))}.`,
  );
};

type Members = { readonly [name: string]: unknown };

const hasMembers = (value: unknown): value is Members => typeof value === 'object' && value !== null;

const membersOf = (value: unknown): Members => (hasMembers(value) ? value : {});

/** https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html */
const kindOf = ({ httpMethod, requestContext, Records: records, ...event }: Members): string => {
  const { elb, connectionId } = membersOf(requestContext);
  if (elb !== undefined) return 'an event of an Application Load Balancer';
  if (connectionId !== undefined) return 'an event of a WebSocket API';
  if (httpMethod !== undefined) return 'an event of payload format 1.0';
  if (Array.isArray(records)) return `a batch of records${sourceOf(membersOf(records[0]))}`;
  if (event['detail-type'] !== undefined) return 'an event of EventBridge';
  return 'something else';
};

const sourceOf = ({ eventSource, EventSource: source = eventSource }: Members): string =>
  typeof source === 'string' && /^aws:\w+$/.test(source) ? ` of ${source}` : '';
