// What programs of other people make of a published site, as JSON: `node clients.cjs PACKAGES ADDRESS`.
"use strict";
const { createRequire } = require("node:module");
const [packages, address] = process.argv.slice(2);
const load = createRequire(`${packages}/node_modules/`);
const { parseFeed } = load("feedsmith");
const Parser = load("rss-parser");
const nodeIcal = load("node-ical");
const ICAL = load("ical.js");
const { Statuspage } = load("statuspage.io");

const text = async (path) => {
  const answer = await fetch(`${address}/${path}`);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.text();
};
const iso = (date) => new Date(date).toISOString();

const shapes = {
  rss: (one) => [one.guid.value, one.title, one.link, iso(one.pubDate)],
  atom: (one) => [one.id, one.title.value, one.links[0].href, iso(one.published)],
  json: (one) => [one.id, one.title, one.url, iso(one.date_published)],
};

async function feedsmith(path) {
  const { format, feed } = parseFeed(await text(path));
  return { format, entries: (feed.items || feed.entries).map(shapes[format]) };
}

async function rssParser(path) {
  const feed = await new Parser().parseString(await text(path));
  return feed.items.map((one) => [one.guid || one.id, one.title, one.link, one.isoDate]);
}

async function readWithNodeIcal(path) {
  const found = nodeIcal.sync.parseICS(await text(path));
  return Object.values(found)
    .filter((one) => one.type === "VEVENT")
    .map((one) => [one.uid, one.summary, iso(one.start), iso(one.end), one.status, Number(one.sequence)]);
}

async function readWithIcalJs(path) {
  const calendar = new ICAL.Component(ICAL.parse(await text(path)));
  const events = calendar.getAllSubcomponents("vevent").map((one) => {
    const event = new ICAL.Event(one);
    const status = one.getFirstPropertyValue("status");
    const times = [event.startDate, event.endDate].map((time) => iso(time.toJSDate()));
    return [event.uid, event.summary, ...times, status, event.sequence];
  });
  const again = calendar.getFirstPropertyValue("refresh-interval");
  return { events, again: again.toSeconds(), source: calendar.getFirstPropertyValue("source") };
}

async function statuspage() {
  const client = new Statuspage("unused");
  client.setApiUrl(address);
  const { api } = client;
  return {
    summary: await api.getSummary(),
    status: await api.getStatus(),
    components: await api.getComponents(),
    incidents: await api.incidents.getAll(),
    unresolved: await api.incidents.getUnresolved(),
    upcoming: await api.scheduledMaintenances.getUpcoming(),
  };
}

async function main() {
  const feeds = ["feed.xml", "feed.atom", "feed.json", "history.atom", "maintenance.atom", "components/media.atom"];
  const found = { feedsmith: {}, rssParser: {}, statuspage: await statuspage() };
  for (const path of feeds) {
    found.feedsmith[path] = await feedsmith(path);
    if (!path.endsWith(".json")) found.rssParser[path] = await rssParser(path);
  }
  found.nodeIcal = await readWithNodeIcal("maintenance.ics");
  found.icalJs = await readWithIcalJs("maintenance.ics");
  process.stdout.write(JSON.stringify(found));
}

main();
