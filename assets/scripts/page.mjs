// Starts the components that a page uses. Casework components are fetched only by pages that have one,
// so that a family's phone does not pay for them.
import { initAll } from "./govuk-frontend.min.js";

initAll();

if (document.querySelector('[data-module^="moj-"]')) {
  const casework = await import("./moj-frontend.min.js");
  casework.initAll();
}
