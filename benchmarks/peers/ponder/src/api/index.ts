import { Hono } from "hono";

// Ponder does not start without an API. Nobody asks this one.
export default new Hono();
