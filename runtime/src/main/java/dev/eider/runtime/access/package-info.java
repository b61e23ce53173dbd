/** Who may: the admin token and the keys of each site. Only hashes stay in memory. */
@NullMarked
package dev.eider.runtime.access;

import org.jspecify.annotations.NullMarked;
