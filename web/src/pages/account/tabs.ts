export const TABS = ["items", "offers", "activity", "approvals", "security"] as const;
export type TabName = (typeof TABS)[number];

/** Of the page's address; anything else shows the items. */
export function tabOf(search: Record<string, unknown>): { tab?: TabName } {
  return { tab: TABS.find((name) => name === search.tab) };
}
