// Icons of one stroke. They are decoration: what they stand beside has a name.

import type { ReactNode } from "react";

function icon(children: ReactNode) {
  // biome-ignore lint/correctness/noComponentHookFactories: it runs once for each icon, when the module is loaded
  return function Icon({ className = "size-5" }: { className?: string }) {
    return (
      <svg
        viewBox="0 0 24 24"
        className={className}
        fill="none"
        stroke="currentColor"
        strokeWidth="1.75"
        strokeLinecap="round"
        strokeLinejoin="round"
        aria-hidden="true"
      >
        {children}
      </svg>
    );
  };
}

export const SearchIcon = icon(
  <>
    <circle cx="11" cy="11" r="7" />
    <path d="m20 20-4-4" />
  </>,
);
export const SunIcon = icon(
  <>
    <circle cx="12" cy="12" r="4" />
    <path d="M12 2v2m0 16v2M4.9 4.9l1.4 1.4m11.4 11.4 1.4 1.4M2 12h2m16 0h2M4.9 19.1l1.4-1.4M17.7 6.3l1.4-1.4" />
  </>,
);
export const MoonIcon = icon(<path d="M20 14.5A8.5 8.5 0 0 1 9.5 4a8.5 8.5 0 1 0 10.5 10.5Z" />);
export const CartIcon = icon(
  <>
    <path d="M3 4h2l2.4 11.2a1 1 0 0 0 1 .8h8.7a1 1 0 0 0 1-.8L20 8H6" />
    <circle cx="9.5" cy="20" r="1" />
    <circle cx="16.5" cy="20" r="1" />
  </>,
);
export const WalletIcon = icon(
  <>
    <path d="M4 7.5A2.5 2.5 0 0 1 6.5 5H17v3" />
    <path d="M4 7.5V17a2 2 0 0 0 2 2h13a1 1 0 0 0 1-1V9a1 1 0 0 0-1-1H4.5" />
    <path d="M16 13.5h.01" />
  </>,
);
export const CloseIcon = icon(<path d="m6 6 12 12M18 6 6 18" />);
export const CheckIcon = icon(<path d="m5 12.5 4.5 4.5L19 7.5" />);
export const PlusIcon = icon(<path d="M12 5v14M5 12h14" />);
export const ChevronIcon = icon(<path d="m6 9 6 6 6-6" />);
export const ArrowIcon = icon(<path d="M5 12h14m-6-6 6 6-6 6" />);
export const FilterIcon = icon(<path d="M4 6h16M7 12h10m-7 6h4" />);
export const CopyIcon = icon(
  <>
    <rect x="9" y="9" width="11" height="11" rx="2" />
    <path d="M5 15V6a2 2 0 0 1 2-2h8" />
  </>,
);
export const ExternalIcon = icon(
  <path d="M9 5H6a1 1 0 0 0-1 1v12a1 1 0 0 0 1 1h12a1 1 0 0 0 1-1v-3M14 4h6v6m0-6-9 9" />,
);
export const AlertIcon = icon(
  <>
    <path d="M12 4 2.5 20h19L12 4Z" />
    <path d="M12 10v4m0 3h.01" />
  </>,
);
export const ImageIcon = icon(
  <>
    <rect x="4" y="4" width="16" height="16" rx="2" />
    <path d="m4 16 4.5-4.5 4 4L15 13l5 5" />
    <path d="M15 8.5h.01" />
  </>,
);
export const VerifiedIcon = icon(
  <>
    <path d="M12 3l2.3 2 3-.3.9 2.9 2.5 1.7-1 2.9 1 2.9-2.5 1.7-.9 2.9-3-.3-2.3 2-2.3-2-3 .3-.9-2.9-2.5-1.7 1-2.9-1-2.9 2.5-1.7.9-2.9 3 .3L12 3Z" />
    <path d="m9 12 2 2 4-4" />
  </>,
);
