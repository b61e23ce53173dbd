/** The trackers in a real browser, against a real runtime. */
@NullMarked
package dev.eider.runtime.browser;

import org.jspecify.annotations.NullMarked;
