package dev.eider.operator.site;

import dev.eider.operator.status.Reason;

/** Why something that a spec names is of no use. */
record ReferenceTrouble(Reason reason, String sentence) {}
