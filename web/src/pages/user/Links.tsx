// Where else a user is. What they wrote leads elsewhere, so it is opened without our address.

import type { Schemas } from "~/api/client.ts";
import { texts as settings } from "~/texts/settings.ts";
import { texts } from "~/texts/user.ts";

const ELSEWHERE = {
  website: (value: string) => value,
  x: (value: string) => `https://x.com/${value}`,
  instagram: (value: string) => `https://instagram.com/${value}`,
  telegram: (value: string) => `https://t.me/${value}`,
  github: (value: string) => `https://github.com/${value}`,
  farcaster: (value: string) => `https://farcaster.xyz/${value}`,
  discord: (value: string) => value,
} as const;

export function Links({ name, socials = {} }: { name: string; socials?: Schemas["SocialsBody"] }) {
  const links = (Object.keys(ELSEWHERE) as (keyof typeof ELSEWHERE)[]).flatMap((place) => {
    const value = socials[place];
    if (value === undefined) return [];
    const url = value.startsWith("https://") ? value : ELSEWHERE[place](value.replace(/^@/, ""));
    return [{ place, value, url: url.startsWith("https://") ? url : undefined }];
  });
  if (links.length === 0) return null;
  return (
    <ul aria-label={texts.more(name)} className="mt-4 flex flex-wrap gap-x-5 gap-y-2 text-sm">
      {links.map(({ place, value, url }) => (
        <li key={place}>
          {url === undefined ? (
            <span className="text-muted">
              {settings.profile[place]}: {value}
            </span>
          ) : (
            <a
              href={url}
              rel="noreferrer nofollow ugc"
              target="_blank"
              className="text-accent underline underline-offset-2"
            >
              {settings.profile[place]}
            </a>
          )}
        </li>
      ))}
    </ul>
  );
}
