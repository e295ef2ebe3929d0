import { expect, it } from "vitest";

import { readAllowlist } from "./allowlist.ts";

const ONE = "0xf39Fd6e51aad88F6F4ce6aB8827279cffFb92266";
const OTHER = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";

it("reads the first column of a table, without its heading, blank lines and remarks", () => {
  const table = `\uFEFFAddress,Amount\r\n"${ONE}",2\r\n\r\n# friends\r\n${OTHER};1\r\n`;
  expect(readAllowlist(table)).toEqual({ addresses: [ONE, OTHER], wrong: [] });
});

it("names each line that is wrong, by its number and its fault", () => {
  const typo = ONE.replace("f39F", "f39f");
  const zero = `0x${"0".repeat(40)}`;
  const { addresses, wrong } = readAllowlist([ONE, "0x12", typo, zero, ONE.toLowerCase(), OTHER].join("\n"));
  expect(addresses).toEqual([ONE, OTHER]);
  expect(wrong).toEqual([
    { line: 2, text: "0x12", fault: "form" },
    { line: 3, text: typo, fault: "checksum" },
    { line: 4, text: zero, fault: "zero" },
    { line: 5, text: ONE.toLowerCase(), fault: "twice", first: 1 },
  ]);
});

it("takes a heading for one in the first place only", () => {
  expect(readAllowlist(`${ONE}\naddress`).wrong).toEqual([{ line: 2, text: "address", fault: "form" }]);
});

it("reads a list once, however often it is asked for", () => {
  const text = [ONE, OTHER].join("\n");
  const list = readAllowlist(text);
  expect(readAllowlist(`${text}`)).toBe(list);
  expect(readAllowlist(ONE).addresses).toEqual([ONE]);
});
