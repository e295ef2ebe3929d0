import { ponder } from "ponder:registry";
import { balance, token, transfer } from "ponder:schema";
import { zeroAddress } from "viem";

// Only calls that ponder's cache takes: rows are kept in memory and written by COPY, as its documentation advises.
ponder.on("Collection:Transfer", async ({ event, context }) => {
  const collection = event.log.address;
  const { from, to, tokenId } = event.args;
  await context.db
    .insert(token)
    .values({ collection, tokenId, owner: to })
    .onConflictDoUpdate({ owner: to });
  await context.db.insert(transfer).values({
    id: event.id,
    collection,
    tokenId,
    from,
    to,
    block: event.block.number,
    timestamp: event.block.timestamp,
  });
  if (from !== zeroAddress)
    await context.db
      .insert(balance)
      .values({ collection, owner: from, count: -1 })
      .onConflictDoUpdate((row) => ({ count: row.count - 1 }));
  if (to !== zeroAddress)
    await context.db
      .insert(balance)
      .values({ collection, owner: to, count: 1 })
      .onConflictDoUpdate((row) => ({ count: row.count + 1 }));
});
