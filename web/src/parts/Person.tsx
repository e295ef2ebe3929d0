import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";

import type { Hex } from "~/api/client.ts";
import { nameQuery } from "~/api/names.ts";
import { useSession } from "~/api/session.ts";
import { AddressLabel, ZERO } from "~/ui/values.tsx";

interface Props {
  address: Hex | null | undefined;
  /** Where the address was seen. */
  chainId: string;
  copy?: boolean;
  /** Within a line of words, where it is as wide as what it says. In a table its width is set. */
  inline?: boolean;
}

/** Whose an address is: "You", the username behind `@` with a link to the profile, or the address. */
export function Person({ address, chainId, copy, inline = false }: Props) {
  const session = useSession();
  const own = session?.address;
  const asked = address && address !== ZERO && address.toLowerCase() !== own?.toLowerCase() ? address : undefined;
  const { data: name } = useQuery({
    ...nameQuery(chainId, asked ?? ZERO, session?.userId),
    enabled: asked !== undefined,
  });
  return (
    <AddressLabel address={address} own={own} copy={copy} reserved={!inline}>
      {name && (
        <Link
          to="/users/$username"
          params={{ username: name }}
          title={name}
          // The outline is inside, because a name that is too long is cut off at its edge, and an outline with it.
          className="font-medium hover:text-accent focus-visible:-outline-offset-2"
        >
          @{name}
        </Link>
      )}
    </AddressLabel>
  );
}
