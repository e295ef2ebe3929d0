import { texts } from "~/texts.ts";
import { Dialog } from "~/ui/Dialog.tsx";

export default function CartSheet({ onClose }: { onClose: () => void }) {
  return (
    <Dialog title={texts.nav.cart(0)} onClose={onClose} sheet>
      {null}
    </Dialog>
  );
}
