import { texts } from "~/texts.ts";

export default function Home() {
  return <h1>{texts.site.promise}</h1>;
}
