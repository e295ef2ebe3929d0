import { expect, it } from "vitest";

import { draftOf, preferencesChange, profileChange } from "../src/pages/settings/changes.ts";

const ME = {
  username: "ada",
  displayName: "Ada",
  bio: "Lamps.",
  avatarId: "a1",
  avatarUrl: "/media/a1",
  bannerId: null,
  bannerUrl: null,
  socials: { website: "https://ada.example", x: "https://x.com/ada" },
  preferences: { theme: "dark", privacyLevel: "public", emailNotifications: true, currency: "USD" },
} as unknown as Parameters<typeof draftOf>[0];

it("sends nothing of a profile that nobody has changed", () => {
  expect(profileChange(draftOf(ME), ME)).toEqual({});
});

it("sends what was changed, so that what another device has changed meanwhile stays", () => {
  expect(profileChange({ ...draftOf(ME), displayName: " Ada L. " }, ME)).toEqual({ displayName: "Ada L." });
  expect(profileChange({ ...draftOf(ME), bio: "" }, ME)).toEqual({ bio: null });
  expect(profileChange({ ...draftOf(ME), avatar: null }, ME)).toEqual({ avatarId: null });
  expect(profileChange({ ...draftOf(ME), username: "Ada" }, ME)).toEqual({ username: "Ada" });
  expect(profileChange({ ...draftOf(ME), username: "" }, ME)).toEqual({});
});

it("sends all links if one has changed: the API replaces them as a whole", () => {
  expect(profileChange({ ...draftOf(ME), x: "" }, ME)).toEqual({ socials: { website: "https://ada.example" } });
});

it("sends the preferences that were changed, and no others", () => {
  expect(preferencesChange({ ...ME.preferences, theme: "light" }, ME)).toEqual({ preferences: { theme: "light" } });
});
