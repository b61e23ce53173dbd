/** Erasing people: orders, the ledger of them, and receipts. */
@NullMarked
package dev.eider.runtime.erasure;

import org.jspecify.annotations.NullMarked;
