// Nothing: see script.js.
