import { texts } from "~/texts.ts";

export default function Page() {
  return <h1>{texts.site.promise}</h1>;
}
