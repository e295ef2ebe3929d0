export const TABS = ["profile", "preferences", "wallets", "webhooks", "data"] as const;
export type TabName = (typeof TABS)[number];

/** Of the page's address; anything else shows the profile. */
export function tabOf(search: Record<string, unknown>): { tab?: TabName } {
  return { tab: TABS.find((name) => name === search.tab) };
}
