// What a form of the settings sends: the members that differ from what is known, and no others. The rest may have been
// changed meanwhile from another device.

import type { Schemas } from "~/api/client.ts";
import type { Picture } from "~/forms/useUpload.ts";

type Me = Schemas["MeBody"];
type Change = Schemas["MeChange"];
type Preferences = Me["preferences"];

export const LINKS = ["website", "x", "discord", "instagram", "telegram", "github", "farcaster"] as const;
type LinkName = (typeof LINKS)[number];

export type Draft = Record<LinkName | "username" | "displayName" | "bio", string> & {
  avatar: Picture | null;
  banner: Picture | null;
};

export function draftOf(me: Me): Draft {
  const links = Object.fromEntries(LINKS.map((name) => [name, me.socials[name] ?? ""])) as Record<LinkName, string>;
  return {
    ...links,
    username: me.username ?? "",
    displayName: me.displayName ?? "",
    bio: me.bio ?? "",
    avatar: pictureOf(me.avatarId, me.avatarUrl),
    banner: pictureOf(me.bannerId, me.bannerUrl),
  };
}

function pictureOf(mediaId: string | null, url: string | null): Picture | null {
  return mediaId === null || url === null ? null : { mediaId, url };
}

/** Of the profile. A username cannot be cleared; an empty field says nothing of it. */
export function profileChange(draft: Draft, me: Me): Change {
  const { username, ...members } = membersOf(draft);
  const known = membersOf(draftOf(me));
  const change = differing(members, known) as Change;
  return username === "" || username === known.username ? change : { ...change, username };
}

/** What the API takes. It replaces the links as a whole. */
function membersOf(draft: Draft) {
  const links = LINKS.map((name) => [name, draft[name].trim()] as const);
  return {
    username: draft.username,
    displayName: draft.displayName.trim() || null,
    bio: draft.bio.trim() || null,
    avatarId: draft.avatar?.mediaId ?? null,
    bannerId: draft.banner?.mediaId ?? null,
    socials: Object.fromEntries(links.filter(([, link]) => link !== "")),
  };
}

export function preferencesChange(chosen: Preferences, me: Me): Change {
  return { preferences: differing(chosen, me.preferences) as Change["preferences"] & object };
}

/** The members of `wanted` that are other values than those of `known`. */
function differing<T extends object>(wanted: T, known: T): Partial<T> {
  const other = Object.entries(wanted).filter(
    ([name, value]) => JSON.stringify(value) !== JSON.stringify(known[name as keyof T]),
  );
  return Object.fromEntries(other) as Partial<T>;
}
