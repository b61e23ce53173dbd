/** What visitors and readers of statistics do, over plain sockets and HTTP. */
@NullMarked
package dev.eider.e2e.client;

import org.jspecify.annotations.NullMarked;
