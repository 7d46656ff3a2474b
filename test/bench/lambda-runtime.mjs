// What Lambda's own runtime client for Node does around a function (aws-lambda-ric 4.0.2), without the network: it loads
// node:http and what else it needs by `require`, imports the function as a module, parses each event and writes each
// answer as JSON. Plain JavaScript, so that stripping types is not counted.
//
// Writes what its first request cost into a file. Started with a channel to its parent, it then answers more requests, as
// many as each message says, and replies with what they cost.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { openSync, readFileSync, readSync, writeFileSync } = require('node:fs');
require('node:http');

const { functionFile, eventFile, tokensFile, tokenLength, firstToken, reportFile } = JSON.parse(process.argv[2]);
const event = readFileSync(eventFile, 'utf8');
const tokens = openSync(tokensFile, 'r');
const token = Buffer.alloc(tokenLength);

/** The event with the token of that number, made anew. */
const eventText = (number) => {
  readSync(tokens, token, 0, tokenLength, number * tokenLength);
  return event.replace('TOKEN', token.toString('latin1'));
};

const context = {
  awsRequestId: '6bc28136-xmpl-4365-b021-0ce6b2e64ab0',
  functionName: 'bench',
  memoryLimitInMB: '1024',
};
context.callbackWaitsForEmptyEventLoop = false;
context.getRemainingTimeInMillis = () => 10_000;

const milliseconds = ({ user, system }) => (user + system) / 1000;

const { handler } = await import(functionFile);
const loaded = milliseconds(process.cpuUsage());

const invoke = async (number) => JSON.stringify(await handler(JSON.parse(eventText(number)), context));

const answer = await invoke(firstToken);
const answered = milliseconds(process.cpuUsage());
const memory = process.resourceUsage().maxRSS;
writeFileSync(reportFile, JSON.stringify({ loaded, answered, memory, modules: process.moduleLoadList, answer }));

if (!process.send) process.exit();
process.on('message', async ({ requests, from, tokens: count }) => {
  const before = process.cpuUsage();
  let last = answer;
  for (let index = 0; index < requests; index++) last = await invoke(from + (index % count));
  const cpu = milliseconds(process.cpuUsage(before)) / requests;
  const { maxRSS } = process.resourceUsage();
  process.send({ cpu, memory: process.memoryUsage().rss, memoryAtMost: maxRSS, answer: last });
});
process.on('disconnect', () => process.exit());
process.send('ready');
