/** What was done to people's data, and by whom: kept to be shown, never to be acted on. */
@NullMarked
package dev.eider.runtime.audit;

import org.jspecify.annotations.NullMarked;
