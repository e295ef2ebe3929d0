// Looks at pages of a running storefront with Lighthouse, as a desktop browser, and prints the scores as JSON.
//
//   node run.mjs '{"chromium": "...", "env": {...}, "url": "http://...", "kept": {...}, "pages": {"home": "/"}, "hidden": []}'
//
// `hidden` names the pages that search engines are told to leave out.

import { launch } from "chrome-launcher";
import lighthouse, { desktopConfig } from "lighthouse";
import puppeteer from "puppeteer-core";

const { chromium, env, url, kept, pages, hidden } = JSON.parse(process.argv[2]);
// What a page is that no search engine is to find: this audit would blame it for what it is meant to be.
const ON_INDEXED_PAGES = ["is-crawlable"];
const CATEGORIES = ["performance", "accessibility", "best-practices", "seo"];

const chrome = await launch({
  chromePath: chromium,
  chromeFlags: ["--headless", "--no-sandbox", "--disable-gpu"],
  envVars: env,
});
try {
  const browser = await puppeteer.connect({ browserURL: `http://127.0.0.1:${chrome.port}` });
  const page = await browser.newPage();
  await page.goto(url);
  // Who is signed in, as the page keeps it.
  await page.evaluate((values) => {
    for (const [name, value] of Object.entries(values)) localStorage.setItem(name, value);
  }, kept);
  const found = {};
  for (const [name, path] of Object.entries(pages)) {
    const flags = { onlyCategories: CATEGORIES, disableStorageReset: true, logLevel: "error" };
    if (hidden.includes(name)) flags.skipAudits = ON_INDEXED_PAGES;
    const { lhr } = await lighthouse(url + path, flags, desktopConfig, page);
    found[name] = {
      scores: Object.fromEntries(CATEGORIES.map((one) => [one, Math.round((lhr.categories[one].score ?? 0) * 100)])),
      shift: lhr.audits["cumulative-layout-shift"].numericValue,
      paint: lhr.audits["largest-contentful-paint"].numericValue,
      failed: Object.values(lhr.audits)
        .filter((audit) => audit.score !== null && audit.score < 0.9 && audit.scoreDisplayMode !== "informative")
        .map((audit) => `${audit.id}: ${audit.displayValue ?? audit.title}`),
    };
  }
  console.log(JSON.stringify(found));
} finally {
  chrome.kill();
}
