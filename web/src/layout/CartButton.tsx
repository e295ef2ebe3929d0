import { lazy, Suspense, useState } from "react";

import { cart } from "~/lib/cart.ts";
import { useStore } from "~/lib/store.ts";
import { texts } from "~/texts.ts";
import { IconButton } from "~/ui/Button.tsx";
import { CartIcon } from "~/ui/icons.tsx";

const CartSheet = lazy(() => import("~/trade/CartSheet.tsx"));

export function CartButton() {
  const { length } = useStore(cart);
  const [open, setOpen] = useState(false);
  return (
    <>
      <IconButton label={texts.nav.cart(length)} className="relative" onClick={() => setOpen(true)}>
        <CartIcon />
        {length > 0 && (
          <span
            aria-hidden="true"
            className="figures absolute top-0.5 right-0 grid h-4 min-w-4 place-items-center rounded-full bg-accent px-1 font-semibold text-[11px] text-on-accent"
          >
            {length}
          </span>
        )}
      </IconButton>
      {open && (
        <Suspense>
          <CartSheet onClose={() => setOpen(false)} />
        </Suspense>
      )}
    </>
  );
}
