// What Lambda's own runtime client for Node does around a function (aws-lambda-ric 4.0.2), without the network: it loads
// node:http and what else it needs by `require`, imports the function as a module, parses each event and writes each
// answer as JSON. Plain JavaScript, so that stripping types is not counted.
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const { openSync, readFileSync, readSync, writeFileSync } = require('node:fs');
require('node:http');

const { functionFile, eventFile, tokensFile, tokenLength, firstToken, warm, reportFile } = JSON.parse(process.argv[2]);
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
const cpuLoaded = milliseconds(process.cpuUsage());

const invoke = async (number) => JSON.stringify(await handler(JSON.parse(eventText(number)), context));

const firstAnswer = await invoke(firstToken);
const cpuAnswered = milliseconds(process.cpuUsage());

/** Processor time of so many requests, in milliseconds each, for every slice of them. */
const measured = async (requests, numberOf) => {
  const slice = Math.ceil(requests / 20);
  const slices = [];
  for (let done = 0; done < requests; done += slice) {
    const cpu = process.cpuUsage();
    for (let index = done; index < done + slice; index++) answer = await invoke(numberOf(index));
    slices.push(milliseconds(process.cpuUsage(cpu)) / slice);
    memory.push(process.memoryUsage().rss);
  }
  return slices;
};

const memory = [];
let answer = firstAnswer;
const report = {
  loaded: cpuLoaded,
  answered: cpuAnswered,
  memoryAtFirst: process.resourceUsage().maxRSS,
  modules: process.moduleLoadList,
};
if (warm) {
  // Unmeasured, until the engine has compiled what is hot.
  await measured(warm.settle, (index) => index);
  memory.length = 0;
  report.fresh = await measured(warm.fresh, (index) => warm.settle + index);
  report.repeated = await measured(warm.repeated, (index) => index % warm.tokens);
  report.memory = memory;
  report.memoryAtMost = process.resourceUsage().maxRSS;
}
writeFileSync(reportFile, JSON.stringify({ ...report, answers: [firstAnswer, answer] }));
process.exit();
