import { onchainTable, primaryKey } from "ponder";

export const token = onchainTable(
  "token",
  (t) => ({ collection: t.hex().notNull(), tokenId: t.bigint().notNull(), owner: t.hex().notNull() }),
  (table) => ({ pk: primaryKey({ columns: [table.collection, table.tokenId] }) }),
);

export const balance = onchainTable(
  "balance",
  (t) => ({ collection: t.hex().notNull(), owner: t.hex().notNull(), count: t.integer().notNull() }),
  (table) => ({ pk: primaryKey({ columns: [table.collection, table.owner] }) }),
);

export const transfer = onchainTable("transfer", (t) => ({
  id: t.text().primaryKey(),
  collection: t.hex().notNull(),
  tokenId: t.bigint().notNull(),
  from: t.hex().notNull(),
  to: t.hex().notNull(),
  block: t.bigint().notNull(),
  timestamp: t.bigint().notNull(),
}));
