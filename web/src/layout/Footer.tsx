import { Link } from "@tanstack/react-router";

import { texts } from "~/texts.ts";

export function Footer() {
  return (
    <footer className="mt-24 border-line border-t">
      <div className="shell flex flex-col gap-6 py-10 text-muted text-sm md:flex-row md:items-center md:justify-between">
        <p className="max-w-xl">{texts.nav.footer}</p>
        <nav aria-label={texts.site.name} className="flex flex-wrap gap-x-6 gap-y-2">
          <Link to="/create" className="hover:text-ink">
            {texts.nav.create}
          </Link>
          <Link to="/launch" className="hover:text-ink">
            {texts.nav.launch}
          </Link>
          <a href="/docs" className="hover:text-ink">
            {texts.nav.reference}
          </a>
        </nav>
      </div>
    </footer>
  );
}
