/**
 * What is known of the world: machines, browsers and devices, sources and channels, spam, addresses
 * and the countries they are in. Functions of text and addresses; they know nothing of sites,
 * visitors or events, so each can be read and tested alone. The text files beside the classes are
 * made by {@code runtime/lists} or kept by hand.
 */
@NullMarked
package dev.eider.runtime.collect.known;

import org.jspecify.annotations.NullMarked;
